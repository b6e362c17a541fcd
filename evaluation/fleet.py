"""Fleets over years: every aid through the detectors that need no readings, and the plain rules."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

from msgspec import Struct

from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import Aid
from diagnostics.detectors.registry import ANALYSIS
from diagnostics.facts import Fact
from evaluation.composition import numbers
from evaluation.naive import RULES, Heard, Silence, alarms
from evaluation.platform import Platform
from evaluation.score import PLATFORM, Alarm, Life, Truth
from simulator.truth import Episode
from simulator.years import Fleet, Register, Split, YearsAid

START: Final = date(2025, 1, 1)
HOUR: Final = timedelta(hours=1)
# Of these it is asked how long before a failure they come: more are needed, since not all fail in
# the time that is watched.
MORE: Final = {"battery_worn": 32, "drive_worn": 32}

LOOK_ALIKES: Final = 1.2  # of each aid, on average
LIST: Final = 40  # so many aids to choose from for each that is taken


class Plan(Struct, frozen=True):
    """Which fleet: how many aids at most, for how many days, of which behaviours.

    Attributes:
        a_word: how many aids with each word to be found, and with nothing at all ``ordinary``.
    """

    size: int
    days: int
    seed: int
    behaviours: str
    a_word: int = 18
    ordinary: int = 200

    @property
    def fleet(self) -> Fleet:
        """The list that they are taken from."""
        return Fleet(
            size=LIST * self.size,
            days=self.days,
            seed=self.seed,
            start=START,
            split=Split(self.behaviours),
            look_alikes=LOOK_ALIKES,
        )

    def numbers(self) -> Iterator[int]:
        """Return which aids of the fleet are judged."""
        more = {word: max(aids, self.a_word) for word, aids in MORE.items()}
        return numbers(
            self.fleet, usual=self.a_word, more=more, ordinary=self.ordinary, most=self.size
        )


def rules() -> dict[str, list[tuple[str, str, bool]]]:
    """Return by word who judges it: name, what it does, whether it is a baseline."""
    found = {each.name for each in ANALYSIS}
    return {
        word: [
            (PLATFORM, f"docs/detectors/{entry.detector}.md", False),
            *((rule.name, rule.text, True) for rule in RULES[word]),
        ]
        for word, entry in CATALOGUE.items()
        if entry.detector in found
    }


def judge(number: int, plan: Plan) -> Life:
    """Let aid ``number`` of the fleet live, and judge it."""
    aid = plan.fleet.aid(number)
    return verdict(aid, days=plan.days)


def verdict(aid: YearsAid, *, days: float) -> Life:
    """Judge one aid by everybody."""
    start = datetime.combine(START, datetime.min.time(), UTC)
    end = start + timedelta(days=days)
    first, *later = aid.register
    platform = Platform(
        of(first),
        since=start - timedelta(days=1),
        emergency=(),
        changes=[(_moment(each.since_ms), of(each)) for each in later],
        heard_at=partial(_heard_at, aid),
    )
    for said in aid.said():
        platform.hear(said, keep=True)
    platform.advance_to(end)
    ours: dict[str, Alarm] = {}
    for found in platform.found:
        if found.certain:
            reasons = tuple(reason.code for reason in found.finding.reasons)
            ours.setdefault(found.finding.key, Alarm(found.finding.what, found.at, reasons))
    return Life(
        device=aid.device,
        kind=first.kind.value,
        profile=first.profile,
        line=str(aid.aid.line),
        days=days,
        truth=tuple(truth_of(episode, end) for episode in aid.truth),
        said={PLATFORM: [*ours.values()], **_plain(platform, aid, end)},
    )


def _plain(platform: Platform, aid: YearsAid, end: datetime) -> dict[str, list[Alarm]]:
    """Return what the plain rules say; a rule may serve several words."""
    heard = Heard(platform.facts, tuple(_silences(aid, platform.facts, end)))
    registered = of(aid.register[-1])
    said: dict[str, list[Alarm]] = {}
    for word, plain in RULES.items():
        for rule in plain:
            found = said.setdefault(rule.name, [])
            found.extend(Alarm(word, at) for at in alarms(rule, heard, registered))
    return said


def _silences(aid: YearsAid, facts: Sequence[Fact], end: datetime) -> Iterator[Silence]:
    """Look every hour when the aid was last heard of."""
    if not facts:
        return
    at, began = facts[0].received_at, None
    while at < end:
        last = _heard_at(aid, at) or facts[0].received_at
        if at - last >= HOUR:
            began = last
        elif began is not None:
            yield Silence(began, last)
            began = None
        at += HOUR
    if began is not None:
        yield Silence(began, end)


def _heard_at(aid: YearsAid, now: datetime) -> datetime | None:
    heard_ms = aid.last_heard_ms(round(now.timestamp() * 1000))
    return None if heard_ms is None else _moment(heard_ms)


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def of(register: Register) -> Aid:
    """Return what detectors may know of an aid."""
    return Aid(
        device_id=1,
        kind=register.kind.value,
        rail_length_mm=register.rail_length_mm,
        built_on=register.built_on,
        serviced_on=register.serviced_on,
        lent_on=register.lent_on,
        max_load_kg=register.max_load_kg,
        max_speed_mm_s=register.max_speed_mm_s,
        max_incline_deg=register.max_incline_deg,
        empty_ma=register.empty_ma,
        tested_ma=register.tested_ma,
        tested_kg=register.tested_kg,
    )


def truth_of(episode: Episode, end: datetime) -> Truth:
    """Return an episode with its times as moments; one that goes on ends with the run."""
    return Truth(
        began=datetime.fromisoformat(episode.began),
        until=end if episode.until is None else datetime.fromisoformat(episode.until),
        finding=episode.finding,
        behaviour=episode.behaviour,
        forbidden=episode.forbidden,
        allowed=episode.allowed,
        fails=None if episode.fails is None else datetime.fromisoformat(episode.fails),
    )
