"""Verdicts against the truth, counted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from msgspec import Struct

from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.registry import EMERGENCY
from evaluation.emergencies import Verdict
from evaluation.living import Lived
from evaluation.measured import Count, Lead, Measured, Part, count, delay, quantile

# What is announced shortly after an episode ended was still found in it.
GRACE: Final = timedelta(days=14)
IN_TIME_DAYS: Final = 14.0
EXAMPLES: Final = 12
DAY_S: Final = 86_400.0
PLATFORM: Final = ""  # among the names of rules


class Alarm(NamedTuple):
    """What was said of an aid, when, and why."""

    what: str
    at: datetime
    reasons: tuple[str, ...] = ()


class Truth(Struct, frozen=True, kw_only=True):
    """An episode as it is scored: times as moments."""

    began: datetime
    until: datetime
    finding: str
    behaviour: str
    forbidden: tuple[str, ...]
    allowed: tuple[str, ...]
    fails: datetime | None


class Life(Struct, frozen=True, kw_only=True):
    """One aid's time: the truth of it, and when what was said of it first, by whom.

    Attributes:
        said: by rule: what it said; the platform is ``PLATFORM``.
    """

    device: str
    kind: str
    profile: str
    line: str
    days: float
    truth: tuple[Truth, ...]
    said: Mapping[str, Sequence[Alarm]]


class Judgement(NamedTuple):
    """Whether an alarm was right (None: neither asked for nor wrong), and what explains it."""

    right: bool | None
    accuses: bool
    behaviour: str


def judged(life: Life, alarm: Alarm) -> Judgement:
    """Judge one alarm by the truth."""
    around = [one for one in life.truth if one.began <= alarm.at <= one.until + GRACE]
    so = next((one for one in around if one.finding == alarm.what), None)
    if so is not None:
        return Judgement(right=True, accuses=False, behaviour=so.behaviour)
    also = next((one for one in around if alarm.what in one.allowed), None)
    if also is not None:
        return Judgement(right=None, accuses=False, behaviour=also.behaviour)
    looks = next((one for one in around if alarm.what in one.forbidden), None)
    first = looks or next(iter(around), None)
    behaviour = "" if first is None else first.behaviour
    return Judgement(right=False, accuses=looks is not None, behaviour=behaviour)


class _Tally:
    """Counts, in whole or of a part."""

    def __init__(self) -> None:
        self.episodes = self.found = self.alarms = self.false = self.accused = 0
        self.days = 0.0

    def count(self) -> Count:
        return count(
            episodes=self.episodes,
            found=self.found,
            alarms=self.alarms,
            false=self.false,
            accused=self.accused,
            aid_days=self.days,
        )

    def part(self) -> Part:
        return Part(self.episodes, self.found, self.false, self.accused)


class _Sheet:
    """What is counted of one rule for one word."""

    def __init__(self) -> None:
        self.whole = _Tally()
        self.parts: dict[str, dict[str, _Tally]] = {"profile": {}, "line": {}, "kind": {}}
        self.delays_s: list[float] = []
        self.leads_days: list[float] = []
        self.failures = 0
        self.missed: list[str] = []
        self.wrong: list[str] = []

    def tallies(self, life: Life) -> list[_Tally]:
        return [
            self.whole,
            *(
                parts.setdefault(getattr(life, name), _Tally())
                for name, parts in self.parts.items()
            ),
        ]


def fleet(
    lives: Iterable[Life], rules: Mapping[str, Sequence[tuple[str, str, bool]]]
) -> list[Measured]:
    """Score all words.

    Args:
        lives: of the fleet; read once.
        rules: by word: (name in ``Life.said``, what it does, whether it is a baseline).
    """
    sheets = {(word, name): _Sheet() for word, known in rules.items() for name, _, _ in known}
    for life in lives:
        for (word, name), sheet in sheets.items():
            said = [one for one in life.said.get(name, ()) if one.what == word]
            _score(sheet, life, word, said)
    return [
        _measured(word, name, rule, sheets[word, name], baseline=baseline)
        for word, known in rules.items()
        for name, rule, baseline in known
    ]


def _score(sheet: _Sheet, life: Life, word: str, said: Sequence[Alarm]) -> None:
    tallies = sheet.tallies(life)
    for tally in tallies:
        tally.days += life.days
    for truth in life.truth:
        if truth.finding == word:
            _score_episode(sheet, tallies, life, truth, said)
    for alarm in said:
        right, accuses, behaviour = judged(life, alarm)
        if right is None:
            continue
        for tally in tallies:
            tally.alarms += 1
            tally.false += not right
            tally.accused += accuses
        if not right:
            sheet.wrong.append(f"{life.device}: {behaviour or 'ordinary life'}")


def _score_episode(
    sheet: _Sheet, tallies: Sequence[_Tally], life: Life, truth: Truth, said: Sequence[Alarm]
) -> None:
    within = (one.at for one in said if truth.began <= one.at <= truth.until + GRACE)
    first = min(within, default=None)
    for tally in tallies:
        tally.episodes += 1
        tally.found += first is not None
    if first is None:
        sheet.missed.append(f"{life.device}: {truth.behaviour}")
    else:
        sheet.delays_s.append((first - truth.began).total_seconds())
    # What would fail after the end was not watched to its failure.
    if truth.fails is not None and truth.fails <= truth.until:
        sheet.failures += 1
        if first is not None:
            sheet.leads_days.append((truth.fails - first).total_seconds() / DAY_S)


def _measured(word: str, name: str, rule: str, sheet: _Sheet, *, baseline: bool) -> Measured:
    false, years = sheet.whole.false, sheet.whole.days / 365.25
    lead = None
    if sheet.failures:
        in_time = sum(each >= IN_TIME_DAYS for each in sheet.leads_days)
        lead = Lead(
            days=IN_TIME_DAYS,
            failures=sheet.failures,
            in_time=in_time,
            share=in_time / sheet.failures,
            p50_days=quantile(sorted(sheet.leads_days), 0.5) if sheet.leads_days else None,
            aid_years_per_false=years / false if false else None,
        )
    parts = {
        part: {} if baseline else {each: tally.part() for each, tally in sorted(tallies.items())}
        for part, tallies in sheet.parts.items()
    }
    return Measured(
        what=word,
        by=CATALOGUE[word].detector if not baseline else name,
        baseline=baseline,
        rule=rule,
        count=sheet.whole.count(),
        delay=delay(sheet.delays_s),
        lead=lead,
        by_profile=parts["profile"],
        by_line=parts["line"],
        by_kind=parts["kind"],
        missed=tuple(sheet.missed[:EXAMPLES]),
        wrong=tuple(sheet.wrong[:EXAMPLES]),
    )


def emergencies(
    verdicts: Sequence[Verdict], lived: Sequence[Lived], rules: Mapping[str, tuple[str, bool]]
) -> list[Measured]:
    """Score emergencies: drawn episodes for recall, ordinary life for false alarms.

    Args:
        verdicts: of valid draws.
        lived: ordinary days.
        rules: by name: what it does, and whether it is a baseline; "" is the platform itself.
    """
    return [
        _emergency(name, text, verdicts, lived, baseline=baseline)
        for name, (text, baseline) in rules.items()
    ]


def _emergency(
    name: str,
    text: str,
    verdicts: Sequence[Verdict],
    lived: Sequence[Lived],
    *,
    baseline: bool,
) -> Measured:
    def found_ms(verdict: Verdict) -> int | None:
        return verdict.baselines_ms[name] if baseline else verdict.found_ms

    def tally(some: Sequence[Verdict], days: float, false: int) -> Count:
        real = [each for each in some if each.emergency]
        likes = [each for each in some if not each.emergency]
        hits = sum(found_ms(each) is not None for each in real)
        accused = sum(found_ms(each) is not None for each in likes)
        return count(
            episodes=len(real),
            found=hits,
            alarms=hits + accused + false,
            false=false,
            accused=accused,
            aid_days=days,
        )

    def part(key: Callable[[Verdict], str]) -> dict[str, Part]:
        parts: dict[str, Part] = {}
        for one in sorted({key(each) for each in verdicts} if not baseline else ()):
            whole = tally([each for each in verdicts if key(each) == one], 0.0, 0)
            parts[one] = Part(whole.episodes, whole.found, whole.false, whole.accused)
        return parts

    names = {name} if baseline else {each.name for each in EMERGENCY}
    false = sum(n for each in lived for who, n in each.alarms.items() if who in names)
    days = sum(each.days for each in lived)
    real = [each for each in verdicts if each.emergency]
    return Measured(
        what="emergency",
        by=name or "platform",
        baseline=baseline,
        rule=text,
        count=tally(verdicts, days, false),
        delay=delay(
            [(ms - each.since_ms) / 1000 for each in real if (ms := found_ms(each)) is not None]
        ),
        by_profile=part(lambda each: each.profile),
        by_line=part(lambda each: each.line),
        by_kind=part(lambda each: each.kind),
        by_clock=part(lambda each: each.clock),
        missed=tuple(
            f"{each.scenario} {each.line} {each.seed}" for each in real if found_ms(each) is None
        )[:EXAMPLES],
        wrong=tuple(
            f"{each.scenario} {each.line} {each.seed}"
            for each in verdicts
            if not each.emergency and found_ms(each) is not None
        )[:EXAMPLES],
    )
