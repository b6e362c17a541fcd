"""A fleet over years: which aids there are, and what is the matter with each of them."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gateway.protocol.vocabulary import AidKind
from gateway.watch.settings import SamplingSettings
from simulator.said import Said
from simulator.truth import Episode, rfc3339
from simulator.years.aids import POSTCODES, Aid, draw_aid
from simulator.years.behaviours import BEHAVIOURS, Behaviour, Spell, Split
from simulator.years.calendar import DAY_MS, Calendar
from simulator.years.life import Life
from simulator.years.living import live, sized
from simulator.years.profiles import PROFILES
from simulator.years.register import Register
from simulator.years.telling import connection_losses, tell

READING_EVERY_MS = SamplingSettings().parked_interval_ms
NOTED_OUTAGE_MS = 3 * 3_600_000
START = date(2025, 1, 1)
KINDS: Mapping[AidKind, float] = {
    AidKind.STAIRLIFT: 0.55,
    AidKind.SCOOTER: 0.2,
    AidKind.WHEELCHAIR: 0.13,
    AidKind.HOIST: 0.12,
}
STREET_CUTS_A_YEAR = 0.4  # in one street: assumed


@dataclass(frozen=True, kw_only=True)
class At:
    """A behaviour at a moment: of days since the run began; ``until`` None: by itself."""

    behaviour: str
    first: int
    until: int | None = None


@dataclass(kw_only=True)
class YearsAid:
    """One aid of a fleet: its register, the truth, and what it said. Made when asked for."""

    aid: Aid
    spells: list[Spell]
    calendar: Calendar
    dark: Sequence[tuple[int, int]]
    rng: np.random.Generator = field(repr=False)

    @property
    def device(self) -> str:
        """Its name."""
        return self.aid.device

    @cached_property
    def life(self) -> Life:
        """What happened, as it really was."""
        return live(self.aid, self.calendar, self.spells, rng=self.rng, dark=self.dark)

    @cached_property
    def record(self) -> Register:
        """What the register says at the beginning."""
        return self.life.register[0]

    @property
    def register(self) -> tuple[Register, ...]:
        """What the register says from when on, oldest first."""
        return tuple(self.life.register)

    def record_at(self, at_ms: int) -> Register:
        """Return what the register said at a moment of true time."""
        found = [one for one in self.life.register if one.since_ms <= at_ms]
        return found[-1] if found else self.life.register[0]

    @cached_property
    def truth(self) -> tuple[Episode, ...]:
        """What was the matter, in order of its beginning."""
        life = self.life
        episodes = [_episode(life, spell) for spell in self.spells if not spell.skipped]
        real = {word for one in episodes if one.finding for word in (one.finding, *one.allowed)}
        episodes += [self._dark_episode(*times, real) for times in self.dark]
        episodes += self._outage_episodes()
        return tuple(sorted(episodes, key=lambda one: (one.began, one.behaviour)))

    @cached_property
    def _said(self) -> tuple[Said, ...]:
        return tuple(tell(self.life))

    def said(self) -> tuple[Said, ...]:
        """Return all its messages, in order of reception."""
        return self._said

    def last_heard_ms(self, at_ms: int) -> int | None:
        """Return when the platform had last heard of it at ``at_ms``; None: never.

        Counts the readings that a parked modem sends every quarter of an hour, which ``said``
        leaves out: an aid that has nothing else to say is not mute.
        """
        places = self._said_ms
        number = int(np.searchsorted(places, at_ms, side="right"))
        said_ms = int(places[number - 1]) if number else None
        first_ms = int(self.calendar.midnight_ms[0])
        reading_ms = at_ms - (at_ms - first_ms) % READING_EVERY_MS
        starts_ms, ends_ms = self._silences
        before = bisect_right(starts_ms, reading_ms) - 1
        while before >= 0 and reading_ms < ends_ms[before]:
            last_ms = starts_ms[before] - 1
            reading_ms = last_ms - (last_ms - first_ms) % READING_EVERY_MS
            before -= 1
        if reading_ms < first_ms:
            return said_ms
        return reading_ms if said_ms is None else max(reading_ms, said_ms)

    @cached_property
    def _said_ms(self) -> NDArray[np.int64]:
        return np.array([one.received_ms for one in self.said()], dtype=np.int64)

    @cached_property
    def _silences(self) -> tuple[list[int], list[int]]:
        """When not even readings came, apart and in order: cut off, or mute. Begins and ends."""
        life = self.life
        lost = [(one.from_ms, one.until_ms) for one in connection_losses(life)]
        midnights = self.calendar.midnight_ms
        mute = np.flatnonzero(~life.days.speaks).tolist()
        lost += [(int(midnights[day]), int(midnights[day + 1])) for day in mute]
        starts_ms: list[int] = []
        ends_ms: list[int] = []
        for from_ms, until_ms in sorted(lost):
            if ends_ms and from_ms <= ends_ms[-1]:
                ends_ms[-1] = max(ends_ms[-1], until_ms)
            else:
                starts_ms.append(from_ms)
                ends_ms.append(until_ms)
        return starts_ms, ends_ms

    def _outage_episodes(self) -> list[Episode]:
        """Whether an outage of some hours is worth a notice is a matter of taste."""
        usual = sorted(self.life.usual_outages, key=lambda one: one.from_ms)
        return [
            Episode(
                device=self.device,
                began=rfc3339(one.from_ms),
                until=None if one.until_ms >= self.calendar.end_ms else rfc3339(one.until_ms),
                what="line/outage_of_hours",
                emergency=False,
                allowed=("offline", "mute", "test_calls_missed"),
                behaviour="line/outage_of_hours",
                profile=self.aid.profile.name,
                line=str(self.aid.line),
            )
            for one in usual
            if one.until_ms - one.from_ms >= NOTED_OUTAGE_MS
        ]

    def _dark_episode(self, from_ms: int, until_ms: int, real: set[str]) -> Episode:
        looks_like = ("charger_failed", "not_charged", "neglected", "off_charge_point")
        return Episode(
            device=self.device,
            began=rfc3339(from_ms),
            until=rfc3339(until_ms),
            what="fine/power_cut_in_street",
            emergency=False,
            forbidden=tuple(word for word in looks_like if word not in real),
            allowed=("offline",),
            behaviour="fine/power_cut_in_street",
            profile=self.aid.profile.name,
            line=str(self.aid.line),
        )


def _episode(life: Life, spell: Spell) -> Episode:
    kind = spell.behaviour
    began_ms = spell.began_ms or life.moment(spell.first, 0)
    until_ms = spell.until_ms
    if until_ms is None and spell.until <= life.calendar.days:
        until_ms = life.moment(spell.until, 0)
    return Episode(
        device=life.aid.device,
        began=rfc3339(began_ms),
        until=None if until_ms is None or until_ms >= life.calendar.end_ms else rfc3339(until_ms),
        what=kind.name,
        emergency=False,
        finding=kind.finding,
        forbidden=kind.forbidden,
        allowed=kind.allowed,
        behaviour=kind.name,
        profile=life.aid.profile.name,
        line=str(life.aid.line),
        fails=None if spell.fails is None else rfc3339(life.moment(spell.fails, 12)),
    )


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """A fleet: iterate over its aids, each made as it is reached, the same for the same seed.

    Attributes:
        size: how many aids.
        days: how long.
        seed: of everything.
        start: first day.
        kinds: share of each kind of aid.
        split: only behaviours of this part; None: all.
        troubled: share of aids with something to be found.
        look_alikes: mean number of things besides that only look like it.
        rates: of behaviours by name, each drawn by itself instead of ``troubled`` and
            ``look_alikes``.
        moments: by number of the aid, behaviours at moments, in place of any drawn.
        profile: all aids have this controller (and are of its kind).
    """

    size: int
    days: int = 365
    seed: int = 1
    start: date = START
    kinds: Mapping[AidKind, float] = field(default_factory=lambda: dict(KINDS))
    split: Split | None = None
    troubled: float = 0.5
    look_alikes: float = 0.7
    rates: Mapping[str, float] | None = None
    moments: Mapping[int, Sequence[At]] = field(default_factory=dict)
    profile: str | None = None

    @cached_property
    def calendar(self) -> Calendar:
        """The days of the run."""
        return Calendar(self.start, self.days, seed=self.seed)

    @cached_property
    def dark(self) -> Mapping[int, tuple[tuple[int, int], ...]]:
        """When each street was without mains, by postcode."""
        rng = np.random.default_rng((self.seed, 2))
        first_ms, span_ms = int(self.calendar.midnight_ms[0]), self.days * DAY_MS
        found = {}
        for postcode4 in POSTCODES:
            count = int(rng.poisson(STREET_CUTS_A_YEAR * self.days / 365))
            starts = np.sort(rng.uniform(0.02, 0.98, count)) * span_ms + first_ms
            hours = rng.uniform(0.4, 9.0, count)
            found[postcode4] = tuple(
                (int(start), int(start + length * 3_600_000))
                for start, length in zip(starts.tolist(), hours.tolist(), strict=True)
            )
        return found

    def __len__(self) -> int:
        """Return how many aids there are."""
        return self.size

    def __iter__(self) -> Iterator[YearsAid]:
        """Yield the aids by number; each is forgotten unless the caller keeps it."""
        for number in range(1, self.size + 1):
            yield self.aid(number)

    def aid(self, number: int) -> YearsAid:
        """Return aid ``number``, from 1; its neighbours need not be made for it.

        Raises:
            IndexError: there is none of that number.
        """
        if not 1 <= number <= self.size:
            raise IndexError(f"the fleet's aids are 1 to {self.size}, not {number}")
        rng = np.random.default_rng((self.seed, 3, number))
        profile = None if self.profile is None else PROFILES[self.profile]
        kind = self._kind(rng) if profile is None else profile.kind
        aid, life_rng = draw_aid(number, kind, seed=self.seed, profile=profile)
        chosen = (
            [_placed(self, BEHAVIOURS[one.behaviour], one, number) for one in self.moments[number]]
            if number in self.moments
            else self._drawn(aid, rng)
        )
        return YearsAid(
            aid=sized(aid),
            spells=chosen,
            calendar=self.calendar,
            dark=self.dark.get(aid.postcode4, ()),
            rng=life_rng,
        )

    def _kind(self, rng: np.random.Generator) -> AidKind:
        names = sorted(self.kinds)
        shares = np.array([self.kinds[name] for name in names])
        return AidKind(names[int(rng.choice(len(names), p=shares / shares.sum()))])

    def _drawn(self, aid: Aid, rng: np.random.Generator) -> list[Spell]:
        known = [
            one
            for one in BEHAVIOURS.values()
            if aid.kind in one.kinds
            and (self.split is None or one.split is self.split)
            and one.visible(aid.profile)
        ]
        known.sort(key=lambda one: one.name)
        chosen: list[Behaviour] = []
        if self.rates is not None:
            chosen = [one for one in known if rng.random() < self.rates.get(one.name, 0.0)]
        else:
            findings = sorted({one.finding for one in known if one.finding})
            if findings and rng.random() < self.troubled:
                finding = findings[int(rng.integers(len(findings)))]
                variants = [one for one in known if one.finding == finding]
                chosen.append(variants[int(rng.integers(len(variants)))])
            fine = [one for one in known if not one.finding]
            for _ in range(min(int(rng.poisson(self.look_alikes)), len(fine))):
                one = fine.pop(int(rng.integers(len(fine))))
                # What is really so must not be forbidden by another.
                real = {word for other in chosen for word in (other.finding, *other.allowed)}
                if real.isdisjoint(one.forbidden):
                    chosen.append(one)
        return [self._spell(one, aid.number, rng) for one in chosen]

    def _spell(self, one: Behaviour, number: int, rng: np.random.Generator) -> Spell:
        if one.lasts is None:
            first = int(self.days * rng.uniform(0.2, 0.45))
            until = self.days + 1
        else:
            length = int(rng.integers(one.lasts[0], one.lasts[1] + 1))
            latest = max(self.days - length - 1, int(self.days * 0.2) + 1)
            first = int(rng.integers(int(self.days * 0.2), latest + 1))
            until = first + length
        return Spell(behaviour=one, first=first, until=until, rng=_rng(self, one, number))


def _placed(fleet: Fleet, one: Behaviour, at: At, number: int) -> Spell:
    until = at.until
    if until is None:
        until = fleet.days + 1 if one.lasts is None else at.first + one.lasts[1]
    return Spell(behaviour=one, first=at.first, until=until, rng=_rng(fleet, one, number))


def _rng(fleet: Fleet, one: Behaviour, number: int) -> np.random.Generator:
    return np.random.default_rng((fleet.seed, 4, number, *one.name.encode()))


def draw(size: int, **settings: object) -> Fleet:
    """Return a fleet; settings as of ``Fleet``."""
    return Fleet(size=size, **settings)  # type: ignore[arg-type]
