"""Reads the cases of an indicator: its query, by name, with its parameters."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, time
from typing import Any, Final

import msgspec

from api.kpi.model import Case, Definition
from api.kpi.periods import Period
from api.queries import Connection, Row, rows
from diagnostics.queries import load
from diagnostics.tickets.attainment import Outcome, clock_of, outcome
from diagnostics.tickets.calendar import ZONE
from diagnostics.tickets.clocks import Target
from diagnostics.tickets.dossier import Dossier
from diagnostics.tickets.life import clocks_at
from diagnostics.tickets.model import Event, Head
from diagnostics.tickets.terms import Terms

QUERIES = load("api.kpi")


class Asked:
    """A window of time and the moment at which it is looked at. ``end``: not included."""

    def __init__(self, begin: datetime, end: datetime, now: datetime) -> None:
        self.now = now
        self.window = {"begin": begin, "end": end}


Reader = Callable[[Connection, Mapping[str, Any], Asked], Awaitable[list[Case]]]


async def cases(
    connection: Connection, definition: Definition, first: Period, last: Period, now: datetime
) -> list[Case]:
    """Return what was decided from ``first`` to ``last``, and what is not decided yet.

    Raises:
        LookupError: there is no query of that name.
    """
    asked = Asked(first.begins_at, last.ends_at, now)
    return await READERS[definition.query](connection, definition.parameters, asked)


async def definitions(connection: Connection) -> list[Definition]:
    """Return the indicators of all times."""
    found = await rows(connection, QUERIES["definitions"])
    return [msgspec.convert(each, Definition) for each in found]


async def tickets_in_time(
    connection: Connection, parameters: Mapping[str, Any], asked: Asked
) -> list[Case]:
    """Tickets of ``priorities`` by ``target``: on_site or repaired."""
    target = Target(parameters["target"])
    found = await rows(
        connection,
        QUERIES["tickets_in_time"],
        {"priorities": parameters["priorities"], **asked.window},
    )
    doubtful = await _by_log(
        connection, [each["ticket_id"] for each in found if each["doubtful"]], target, asked.now
    )
    return [
        _ticket(each, *doubtful[each["ticket_id"]])
        if each["ticket_id"] in doubtful
        else _by_columns(each, target, asked.now)
        for each in found
    ]


def _by_columns(row: Row, target: Target, now: datetime) -> Case:
    on_site = target is Target.ON_SITE
    over_at = min(filter(None, (row["repaired_at"], row["closed_at"])), default=None)
    done_at = row["on_site_at"] if on_site else row["repaired_at"]
    if done_at and over_at and over_at < done_at:
        done_at = None
    return _ticket(
        row,
        *judged(row["on_site_due_at" if on_site else "repaired_due_at"], done_at, over_at, now),
        due_at=row["on_site_due_at" if on_site else "repaired_due_at"],
        done_at=done_at,
    )


def judged(
    due_at: datetime | None,
    done_at: datetime | None,
    over_at: datetime | None,
    now: datetime,
    due_without_delay_at: datetime | None = None,
) -> tuple[Outcome, datetime | None]:
    """Return what became of a term, and when that was certain. Pure.

    It is the same reckoning as the clocks': reached at the due moment itself is in time.
    """
    if due_at is None:
        return Outcome.NOT_PROMISED, done_at or over_at
    if (done_at or over_at or now) > due_at:
        return Outcome.MISSED, due_at
    if done_at is not None:
        excused = due_without_delay_at is not None and due_without_delay_at < done_at
        return Outcome.EXCUSED if excused else Outcome.KEPT, done_at
    return (Outcome.LAPSED, over_at) if over_at else (Outcome.OPEN, None)


def _ticket(
    row: Row,
    what: Outcome,
    decided_at: datetime | None,
    due_at: datetime | None = None,
    done_at: datetime | None = None,
) -> Case:
    return Case(
        kind="ticket",
        number=str(row["ticket_id"]),
        municipality_code=row["municipality_code"],
        aid_kind=row["aid_kind"],
        begun_at=row["reported_at"],
        outcome=what,
        decided_at=decided_at,
        due_at=due_at or row["repaired_due_at"],
        done_at=done_at,
        label=row["label"],
    )


async def dossiers(connection: Connection, tickets: list[int]) -> dict[int, Dossier]:
    """Return all that is written about some tickets, by number."""
    if not tickets:
        return {}
    asked = {"tickets": tickets}
    events: dict[int, list[Event]] = {}
    for each in await rows(connection, QUERIES["logs"], asked):
        events.setdefault(each.pop("ticket_id"), []).append(msgspec.convert(each, Event))
    terms = tuple(
        msgspec.convert(each["terms"], Terms) for each in await rows(connection, QUERIES["terms"])
    )
    return {
        each["ticket_id"]: Dossier(
            head=msgspec.convert(each, Head),
            events=tuple(events.get(each["ticket_id"], ())),
            contracts=terms,
        )
        for each in await rows(connection, QUERIES["heads"], asked)
    }


async def _by_log(
    connection: Connection, tickets: list[int], target: Target, now: datetime
) -> dict[int, tuple[Outcome, datetime | None]]:
    found: dict[int, tuple[Outcome, datetime | None]] = {}
    for number, dossier in (await dossiers(connection, tickets)).items():
        clocks = clocks_at(dossier, now)
        if clocks is None:
            continue
        what, clock = outcome(clocks, target), clock_of(clocks, target)
        breaches = [each.breached_at for each in clocks.breaches if each.target is target]
        if what is Outcome.MISSED:
            found[number] = what, min(breaches)
        else:
            found[number] = what, None if what is Outcome.OPEN else clock.done_at or now
    return found


async def commissions_in_time(
    connection: Connection, parameters: Mapping[str, Any], asked: Asked
) -> list[Case]:
    """Orders of ``kinds`` by their term."""
    return [
        _commission(each, *judged(*_moments(each), asked.now, each["due_without_delay_at"]))
        for each in await _commissions(connection, parameters["kinds"], asked)
    ]


async def share_reissued(connection: Connection, _: Mapping[str, Any], asked: Asked) -> list[Case]:
    """Deliveries: (partly) re-issued ones against all of which the source is known."""
    found = []
    for each in await _commissions(connection, ["delivery", "reissue", "exchange"], asked):
        if each["done_at"] is None:
            what = Outcome.LAPSED if each["ended_at"] else Outcome.OPEN
        elif each["aid_source"] is None:
            what = Outcome.NOT_PROMISED
        else:
            what = Outcome.MISSED if each["aid_source"] == "new" else Outcome.KEPT
        found.append(_commission(each, what, each["done_at"] or each["ended_at"]))
    return found


async def _commissions(connection: Connection, kinds: Iterable[str], asked: Asked) -> Iterable[Row]:
    return await rows(
        connection, QUERIES["commissions_in_time"], {"kinds": list(kinds), **asked.window}
    )


def _moments(row: Row) -> tuple[datetime | None, datetime | None, datetime | None]:
    return row["due_at"], row["done_at"], row["ended_at"]


def _commission(row: Row, what: Outcome, decided_at: datetime | None) -> Case:
    return Case(
        kind="commission",
        number=str(row["commission_id"]),
        municipality_code=row["municipality_code"],
        aid_kind=row["aid_kind"],
        begun_at=row["received_at"],
        outcome=what,
        decided_at=decided_at,
        due_at=row["due_at"],
        done_at=row["done_at"],
        label=row["label"],
    )


async def complaints_in_time(
    connection: Connection, parameters: Mapping[str, Any], asked: Asked
) -> list[Case]:
    """Complaints by ``step``: taken_up or handled."""
    taking_up = parameters["step"] == "taken_up"
    found = []
    for each in await rows(connection, QUERIES["complaints_in_time"], asked.window):
        due_at = each["take_up_due_at" if taking_up else "handle_due_at"]
        done_at = each["handled_at"]
        if taking_up:
            done_at = min(filter(None, (each["taken_up_at"], done_at)), default=None)
        what, decided_at = judged(due_at, done_at, each["handled_at"], asked.now)
        found.append(
            Case(
                kind="complaint",
                number=str(each["complaint_id"]),
                municipality_code=each["municipality_code"],
                aid_kind="",
                begun_at=each["received_at"],
                outcome=what,
                decided_at=decided_at,
                due_at=due_at,
                done_at=done_at,
                label=each["label"],
            )
        )
    return found


async def share_satisfied(
    connection: Connection, parameters: Mapping[str, Any], asked: Asked
) -> list[Case]:
    """Answers with a mark of at least ``least``."""
    return [
        Case(
            kind="answer",
            number=each["answer_id"],
            municipality_code=each["municipality_code"],
            aid_kind=each["aid_kind"],
            begun_at=(at := datetime.combine(each["answered_on"], time(12), tzinfo=ZONE)),
            outcome=Outcome.KEPT if each["overall"] >= parameters["least"] else Outcome.MISSED,
            decided_at=at,
            label=str(each["overall"]),
        )
        for each in await rows(connection, QUERIES["answers"], asked.window)
    ]


READERS: Final[Mapping[str, Reader]] = {
    "tickets_in_time": tickets_in_time,
    "commissions_in_time": commissions_in_time,
    "complaints_in_time": complaints_in_time,
    "share_reissued": share_reissued,
    "share_satisfied": share_satisfied,
}
