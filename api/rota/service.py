"""Reads the rota, and checks what is asked of it before anything is stored."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import msgspec
from psycopg.types.json import Jsonb

from api.problems import InputError, NotFoundError, Problem, ProblemError, problem
from api.queries import Connection, row, rows
from api.rota.schemas import (
    NewOverride,
    NewRotation,
    OnCall,
    Override,
    Person,
    Rotation,
    Schedule,
    Shift,
    Swap,
)
from diagnostics.escalation import repository, rota
from diagnostics.escalation.hours import Hours, local_day
from diagnostics.escalation.problem import PlanError
from diagnostics.escalation.rota import Layer, Rota
from diagnostics.queries import load

QUERIES = load("api.rota")
AHEAD: Final = timedelta(days=14)
_MOST: Final = 200


class Fault(NamedTuple):
    """Something that is wrong with what was asked.

    Attributes:
        where: a JSON pointer.
        code: for people's own language, as in ``words.ROTA_FAULTS``.
        detail: in English, in full.
    """

    where: str
    code: str
    detail: str


class RefusedError(ProblemError):
    """Such a rota cannot be relied on.

    Attributes:
        faults: all that is wrong.
    """

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{each.where}: {each.detail}" for each in faults))
        self.faults = faults

    def problem(self) -> Problem:
        """Return what the caller is told, with each field at fault."""
        errors = [
            InputError(in_="body", location=each.where, detail=each.detail) for each in self.faults
        ]
        return problem(self.status, "The rota cannot be changed like this.", errors=errors)


async def schedule(
    connection: Connection, *, now: datetime, begin: datetime, end: datetime
) -> Schedule:
    """Return who is on call now, and the plan from ``begin`` until ``end``."""
    plan = await repository.rota(connection, min(begin, now) - timedelta(days=1))
    shifts = [each for layer in Layer for each in rota.shifts(plan, layer, begin, end)]
    on_call = {layer: rota.who_is_on_call(plan, layer, now) for layer in Layer}
    names = await _names(
        connection,
        {login for each in shifts for login in each.people}
        | {login for people in on_call.values() for login in people},
    )

    def told(each: rota.Shift) -> Shift:
        people = [names[login] for login in each.people]
        return Shift(layer=each.layer, begin=each.begin, end=each.end, people=people)

    return Schedule(
        begin=begin,
        end=end,
        on_call=[
            OnCall(layer=layer, people=[names[login] for login in people])
            for layer, people in on_call.items()
        ],
        shifts=[told(each) for each in shifts],
        gaps=[told(each) for each in rota.gaps(plan, begin, end)],
    )


async def people(connection: Connection) -> list[Person]:
    """Return everybody who can be on call."""
    return [Person(**found) for found in await rows(connection, QUERIES["people"])]


async def rotations(connection: Connection, *, now: datetime) -> list[Rotation]:
    """Return the rotations that have not ended."""
    found = await rows(connection, QUERIES["rotations"], {"today": local_day(now)})
    names = await _names(connection, {login for each in found for login in each["people"]})
    return [
        Rotation.model_validate(each | {"people": [names[login] for login in each["people"]]})
        for each in found
    ]


async def overrides(connection: Connection, *, now: datetime) -> list[Override]:
    """Return the overrides that have not ended, newest first."""
    found = await rows(connection, QUERIES["overrides"], {"now": now, "limit": _MOST})
    logins = {each[name] for each in found for name in ("person", "instead_of") if each[name]}
    names: dict[Any, Person] = {**await _names(connection, logins)}
    return [
        Override.model_validate(
            each
            | {"person": names.get(each["person"]), "instead_of": names.get(each["instead_of"])}
        )
        for each in found
    ]


async def add_rotation(
    connection: Connection, asked: NewRotation, *, actor: str, now: datetime
) -> int:
    """Store a rotation and return its number.

    Raises:
        RefusedError: it cannot be relied on.
    """
    hours = None
    if asked.hours:
        begin, end, weekdays = asked.hours.begin, asked.hours.end, asked.hours.weekdays
        hours = Hours(begin=begin, end=end, weekdays=frozenset(weekdays))
    rotation = rota.Rotation(
        layer=asked.layer,
        people=tuple(asked.people),
        turn=asked.turn,
        first_day=asked.first_day,
        handover=asked.handover,
        last_day=asked.last_day,
        hours=hours,
    )
    known = {person.login for person in await people(connection)}
    _refuse(_faults(Rota(rotations=(rotation,)), known))
    stored = await row(
        connection,
        QUERIES["add_rotation"],
        {
            **msgspec.structs.asdict(rotation),
            "hours": None
            if hours is None
            else Jsonb(msgspec.to_builtins(hours) | {"weekdays": sorted(hours.weekdays)}),
            "made_by": actor,
            "now": now,
        },
    )
    assert stored is not None  # noqa: S101 - an insert returns its row
    number: int = stored["rotation_id"]
    for place, login in enumerate(asked.people):
        person = {"rotation_id": number, "place": place, "login": login}
        await connection.execute(QUERIES["add_person"], person)
    return number


async def end_rotation(
    connection: Connection, number: int, last_day: Any, *, now: datetime
) -> None:
    """Have a rotation end at the handover of ``last_day``; what was is not changed.

    Raises:
        NotFoundError: there is no such rotation.
        RefusedError: it would end before it begins, in the past, or later than it does.
    """
    found = await row(connection, QUERIES["rotation"], {"rotation_id": number})
    if found is None:
        raise NotFoundError(f"There is no rotation {number}.")
    today = local_day(now)
    if last_day < today:
        _refuse([Fault("/lastDay", "past", f"{last_day} is in the past; today is {today}")])
    where = {"rotation_id": number, "last_day": last_day}
    if await row(connection, QUERIES["end_rotation"], where) is None:
        first, last = found["first_day"], found["last_day"]
        detail = f"{last_day} is not between its first day, {first}, and its last, {last or 'open'}"
        _refuse([Fault("/lastDay", "order", detail)])


async def add_override(
    connection: Connection, asked: NewOverride, *, actor: str, now: datetime, pointer: str = ""
) -> int:
    """Store who takes over, and return the number.

    Raises:
        RefusedError: it means nothing, or not what it says.
    """
    override = rota.Override(
        layer=asked.layer,
        begin=asked.begin,
        end=asked.end,
        person=asked.person,
        instead_of=asked.instead_of,
    )
    known = {person.login for person in await people(connection)}
    if asked.instead_of:
        known |= set(await _names(connection, {asked.instead_of}))  # who left may be replaced
    _refuse(_faults(Rota(rotations=(), overrides=(override,)), known, pointer))
    if asked.end <= now:
        _refuse([Fault(f"{pointer}/end", "past", f"{asked.end} is in the past")])
    if asked.instead_of is not None:
        plan = await repository.rota(connection, asked.begin - timedelta(days=1))
        planned = rota.shifts(plan, asked.layer, asked.begin, asked.end)
        if not any(asked.instead_of in shift.people for shift in planned):
            detail = f"{asked.instead_of!r} is not on call then, on layer {asked.layer}"
            _refuse([Fault(f"{pointer}/insteadOf", "not_on_call", detail)])
    stored = await row(
        connection,
        QUERIES["add_override"],
        {**msgspec.structs.asdict(override), "reason": asked.reason, "made_by": actor, "now": now},
    )
    assert stored is not None  # noqa: S101 - an insert returns its row
    number: int = stored["override_id"]
    return number


async def swap(connection: Connection, asked: Swap, *, actor: str, now: datetime) -> list[int]:
    """Have two people take each other's place, and return the numbers of both overrides.

    Raises:
        RefusedError: one of them is not on call in the stretch that is theirs.
    """
    first, second = asked.first, asked.second
    if first.begin < second.end and second.begin < first.end:
        detail = "both stretches share some time: then one of them would be on call twice"
        _refuse([Fault("/second", "overlap", detail)])
    numbers = []
    for pointer, theirs, other in (("/first", first, second), ("/second", second, first)):
        override = NewOverride(
            layer=asked.layer,
            begin=theirs.begin,
            end=theirs.end,
            person=other.person,
            instead_of=theirs.person,
            reason=asked.reason,
        )
        numbers.append(
            await add_override(connection, override, actor=actor, now=now, pointer=pointer)
        )
    return numbers


def _faults(plan: Rota, known: Collection[str], pointer: str = "") -> Iterator[Fault]:
    """Yield what the core says of one rotation or override, by the names of the interface."""
    try:
        rota.check(plan, known)
    except PlanError as error:
        for each in error.problems:
            field = each.where.partition(".")[2]
            code = _CODES.get(field.partition("[")[0], "other")
            if "from themselves" in each.what:
                code = "themselves"
            yield Fault(f"{pointer}/{_pointer(field)}".rstrip("/"), code, each.what)


_CODES: Final = {
    "people": "unknown",
    "person": "unknown",
    "instead_of": "unknown",
    "end": "order",
    "last_day": "order",
    "hours.weekdays": "weekdays",
}


def _pointer(field: str) -> str:
    words = field.replace("[", "/").replace("]", "").replace(".", "/").split("_")
    return words[0] + "".join(word.capitalize() for word in words[1:])


def _refuse(faults: Iterable[Fault]) -> None:
    found = list(faults)
    if found:
        raise RefusedError(found)


async def _names(connection: Connection, logins: Collection[str]) -> dict[str, Person]:
    found = await rows(connection, QUERIES["names"], {"logins": sorted(logins)})
    return {each["login"]: Person(**each) for each in found}
