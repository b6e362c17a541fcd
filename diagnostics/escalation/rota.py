"""Who is on call: layers, rotations, overrides, and the gaps between them. Pure."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from diagnostics.escalation.hours import EVERY_DAY, Hours, local_day, moment
from diagnostics.escalation.problem import PlanError, Problem

_DAY: Final = timedelta(days=1)
HANDOVER: Final = time(8)


class Layer(StrEnum):
    """Who is called one after the other."""

    DESK = "desk"
    MECHANIC = "mechanic"
    BACKUP = "backup"
    MANAGER = "manager"


class Turn(StrEnum):
    """How long one person's turn lasts."""

    DAY = "day"
    WEEK = "week"

    @property
    def days(self) -> int:
        """Its length in days on the calendar: a night of 23 or 25 hours is one like any other."""
        return 7 if self is Turn.WEEK else 1


class Rotation(Struct, frozen=True, kw_only=True):
    """People who take turns on a layer. All rotations of a layer count together.

    Attributes:
        people: in order; the first has the turn that begins on ``first_day``.
        handover: when turns change, on the wall.
        last_day: at its handover the last turn ends; None: it goes on.
        hours: within which they are on call; None: all the time.
    """

    layer: Layer
    people: tuple[str, ...]
    turn: Turn
    first_day: date
    handover: time = HANDOVER
    last_day: date | None = None
    hours: Hours | None = None

    def on_call(self, at: datetime) -> str | None:
        """Return whose turn it is."""
        if self.hours and not self.hours.covering(at):
            return None
        day = local_day(at)
        if at < moment(day, self.handover):
            day -= _DAY
        if day < self.first_day or (self.last_day and day >= self.last_day) or not self.people:
            return None
        turns = (day - self.first_day).days // self.turn.days
        return self.people[turns % len(self.people)]

    def changes(self, day: date) -> Iterator[datetime]:
        """Yield the moments of a day at which somebody's turn may begin or end."""
        yield moment(day, self.handover)
        if self.hours:
            yield from self.hours.on(day) or ()


class Override(Struct, frozen=True, kw_only=True):
    """Somebody takes over for a while. Those made later go on top of those made before.

    Attributes:
        instead_of: whose place is taken, whenever that person is on call; None: everybody's on
            the layer, and it is filled where nobody was.
        person: who takes over; None: nobody does.
        begin: aware.
        end: aware, the first moment after.
    """

    layer: Layer
    begin: datetime
    end: datetime
    person: str | None
    instead_of: str | None = None

    def applied(self, people: tuple[str, ...], at: datetime) -> tuple[str, ...]:
        """Return who is on call instead of ``people``."""
        if not self.begin <= at < self.end:
            return people
        new = (self.person,) if self.person else ()
        if self.instead_of is None:
            return new
        if self.instead_of not in people:
            return people
        place = people.index(self.instead_of)
        return _once((*people[:place], *new, *people[place + 1 :]))


class Rota(Struct, frozen=True, kw_only=True):
    """The whole schedule. ``overrides`` in the order in which they were made."""

    rotations: tuple[Rotation, ...]
    overrides: tuple[Override, ...] = ()


class Shift(Struct, frozen=True, kw_only=True):
    """The same people on a layer for a while, in UTC. Nobody: a gap."""

    layer: Layer
    begin: datetime
    end: datetime
    people: tuple[str, ...]


def who_is_on_call(rota: Rota, layer: Layer, at: datetime) -> tuple[str, ...]:
    """Return the people on a layer at a moment, each once, in the order of the rotations."""
    at = at.astimezone(UTC)  # moments of one local zone would be compared by the wall
    turns = (each.on_call(at) for each in rota.rotations if each.layer is layer)
    people = _once(tuple(person for person in turns if person))
    for override in rota.overrides:
        if override.layer is layer:
            people = override.applied(people, at)
    return people


def shifts(rota: Rota, layer: Layer, begin: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return who is on call from ``begin`` until ``end``, without holes; gaps have no people.

    Raises:
        ValueError: the interval has no length, or a bound has no zone.
    """
    if not _in_order(begin, end):
        raise ValueError(f"an interval needs two moments with a zone, in order: {begin}, {end}")
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    changes = sorted({begin, *(at for at in _changes(rota, layer, begin, end) if begin < at < end)})
    found: list[Shift] = []
    for at, until in zip(changes, [*changes[1:], end], strict=True):
        people = who_is_on_call(rota, layer, at)
        if found and found[-1].people == people:
            at = found.pop().begin  # noqa: PLW2901 (the same people go on)
        found.append(Shift(layer=layer, begin=at, end=until, people=people))
    return tuple(found)


def gaps(rota: Rota, begin: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return when which layer has nobody, in order of time, so that it can be mended beforehand.

    Raises:
        ValueError: the interval has no length, or a bound has no zone.
    """
    found = (each for layer in Layer for each in shifts(rota, layer, begin, end))
    return tuple(sorted((each for each in found if not each.people), key=lambda each: each.begin))


def check(rota: Rota, people: Collection[str]) -> None:
    """Check that a rota means what it says.

    Args:
        rota: the schedule.
        people: everybody who can be called.

    Raises:
        PlanError: with everything that is wrong, and where.
    """
    named: list[tuple[str, Rotation | Override]] = [
        *((f"rotations[{at}]", rotation) for at, rotation in enumerate(rota.rotations)),
        *((f"overrides[{at}]", override) for at, override in enumerate(rota.overrides)),
    ]
    problems = [problem for where, each in named for problem in _problems(where, each, people)]
    if problems:
        raise PlanError(problems)


def _problems(where: str, each: Rotation | Override, people: Collection[str]) -> Iterator[Problem]:
    if isinstance(each, Override):
        if each.begin.tzinfo is None or each.end.tzinfo is None:
            yield Problem(where, "begin and end need a time zone")
        elif not _in_order(each.begin, each.end):
            yield Problem(f"{where}.end", f"{each.end} is not after begin, {each.begin}")
        if each.person is not None and each.person == each.instead_of:
            yield Problem(f"{where}.person", f"{each.person!r} cannot take over from themselves")
        named = {"person": each.person, "instead_of": each.instead_of}
    else:
        if not each.people:
            yield Problem(f"{where}.people", "a rotation needs somebody")
        if each.last_day and each.last_day <= each.first_day:
            yield Problem(
                f"{where}.last_day", f"{each.last_day} is not after first_day, {each.first_day}"
            )
        if each.hours and not (each.hours.weekdays and each.hours.weekdays <= EVERY_DAY):
            yield Problem(
                f"{where}.hours.weekdays", f"{sorted(each.hours.weekdays)}: 0 (Monday) to 6"
            )
        named = {f"people[{place}]": person for place, person in enumerate(each.people)}
    for field, person in named.items():
        if person is not None and person not in people:
            yield Problem(f"{where}.{field}", f"nobody is known as {person!r}")


def _changes(rota: Rota, layer: Layer, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield every moment at which people may change; some of them change nothing."""
    first, last = local_day(begin) - _DAY, local_day(end)
    for rotation in rota.rotations:
        if rotation.layer is layer:
            for number in range((last - first).days + 1):
                yield from rotation.changes(first + number * _DAY)
    for override in rota.overrides:
        if override.layer is layer:
            yield from (override.begin.astimezone(UTC), override.end.astimezone(UTC))


def _in_order(begin: datetime, end: datetime) -> bool:
    aware = begin.tzinfo is not None and end.tzinfo is not None
    return aware and begin.astimezone(UTC) < end.astimezone(UTC)


def _once(people: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(people))
