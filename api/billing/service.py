"""Declares months, writes the messages, and settles the answers."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from api.billing import message323, message325
from api.billing.message323 import Line
from api.billing.message325 import BadAnswerError, Settled
from api.billing.months import Assignment, due_by, span
from api.billing.settings import Contract
from api.kpi.periods import Length, Period, period_from
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load
from diagnostics.tickets.calendar import dutch_day

QUERIES = load("api.billing")


class Proposed(NamedTuple):
    """A line that can be declared. ``replaces``: the rejected line that it stands for."""

    assignment: Assignment
    begins_on: date
    ends_on: date
    replaces: int | None = None


async def contract_of(connection: Connection, municipality: str) -> Contract:
    """Return how to declare to a municipality.

    Raises:
        NotFoundError: nothing is agreed.
    """
    found = await row(connection, QUERIES["contract"], {"municipality": municipality})
    if found is None:
        raise NotFoundError(f"There is no billing contract with {municipality}.")
    return msgspec.convert(found["settings"], Contract)


async def proposed(connection: Connection, municipality: str, month: Period) -> list[Proposed]:
    """Return what can be declared of ``month``, and was not yet."""
    asked = {"municipality": municipality, "begin": month.begin, "end": month.end}
    found = []
    for each in await rows(connection, QUERIES["assignments"], asked):
        assignment = msgspec.convert(each, Assignment)
        days = span(assignment, month)
        if days is not None:
            found.append(Proposed(assignment, *days))
    return found


async def declare(
    connection: Connection,
    municipality: str,
    month: Period,
    *,
    again: Collection[int],
    now: datetime,
    actor: str,
) -> int:
    """Declare a month, and rejected lines again; return the declaration's number in the database.

    Args:
        connection: in the caller's transaction.
        municipality: CBS code.
        month: that is over.
        again: rejected lines of this municipality, by their number, that are declared once more.
        now: the present.
        actor: who declares.

    Raises:
        InvalidInputError: the month is not over, there is nothing to declare, or a line was not
            rejected.
    """
    if dutch_day(now) < month.end:
        raise InvalidInputError("body", "month", f"{month.name} is not over yet.")
    await contract_of(connection, municipality)
    lines = await proposed(connection, municipality, month)
    waiting = {
        each["line_id"]: each
        for each in await rows(connection, QUERIES["rejected"])
        if each["municipality_code"] == municipality
    }
    for line_id in again:
        if line_id not in waiting:
            raise InvalidInputError("body", "again", f"line {line_id} is not a rejected one here")
    if not lines and not again:
        raise InvalidInputError("body", "month", f"nothing is to be declared of {month.name}")
    name = await row(connection, QUERIES["next_number"])
    amount = sum(line.assignment.tariff_cents for line in lines) + sum(
        waiting[line_id]["amount_cents"] for line_id in again
    )
    made = await row(
        connection,
        QUERIES["declare"],
        {
            "municipality": municipality,
            "number": name and name["number"],
            "month": month.begin,
            "due_on": due_by(month),
            "submitted": amount,
            "now": now,
            "actor": actor,
        },
    )
    if made is None or name is None:
        raise LookupError("a row that was inserted is not there")
    values: list[tuple[int, date, date, int, int | None]] = [
        (
            line.assignment.assignment_id,
            line.begins_on,
            line.ends_on,
            line.assignment.tariff_cents,
            None,
        )
        for line in lines
    ]
    for line_id in again:
        old = waiting[line_id]
        values.append(
            (old["assignment_id"], old["begins_on"], old["ends_on"], old["amount_cents"], line_id)
        )
    for at, (assignment, begins_on, ends_on, cents, replaces) in enumerate(values, start=1):
        await connection.execute(
            QUERIES["add_line"],
            {
                "declaration": made["declaration_id"],
                "assignment": assignment,
                "municipality": municipality,
                "reference": f"{name['number']}{at:05d}",
                "begins_on": begins_on,
                "ends_on": ends_on,
                "amount": cents,
                "replaces": replaces,
            },
        )
        if replaces is not None:
            await settle_line(connection, replaces, f"opnieuw ingediend in {name['number']}")
    number: int = made["declaration_id"]
    return number


async def message(
    connection: Connection, declaration: int, *, account_id: int, now: datetime
) -> tuple[str, bytes]:
    """Return the name and the content of a declaration's message. Nothing of it is kept.

    Raises:
        NotFoundError: there is no such declaration.
        InvalidInputError: a client has no citizen service number on record.
    """
    found = await row(connection, QUERIES["declaration"], {"declaration": declaration})
    if found is None:
        raise NotFoundError(f"There is no declaration {declaration}.")
    contract = await contract_of(connection, found["municipality_code"])
    bsns = await rows(
        connection,
        QUERIES["bsns"],
        {"account": account_id, "declaration": declaration, "now": now},
    )
    lines = await lines_of(connection, declaration)
    try:
        content = message323.message(
            contract,
            found["municipality_code"],
            number=found["number"],
            month=period_from(found["month"], Length.MONTH),
            made_on=dutch_day(found["made_at"]),
            lines=[Line(**{name: each[name] for name in Line.__struct_fields__}) for each in lines],
            bsns={each["client_id"]: each["bsn"] for each in bsns},
        )
    except LookupError as error:
        raise InvalidInputError("query", "declaration", str(error)) from None
    return f"WMO323-{found['number']}.xml", content


async def lines_of(connection: Connection, declaration: int) -> Sequence[Row]:
    """Return the lines of a declaration."""
    return await rows(connection, QUERIES["lines"], {"declaration": declaration})


async def answer(
    connection: Connection, municipality: str, content: bytes, now: datetime
) -> tuple[int, Settled]:
    """Settle a declaration by the municipality's answer; return which, and what became of it.

    Raises:
        InvalidInputError: it is no answer to a declaration of ours, contradicts itself, or came
            before.
    """
    contract = await contract_of(connection, municipality)
    try:
        read = message325.read(content, contract)
    except BadAnswerError as error:
        raise InvalidInputError("body", "/", str(error)) from None
    number = read.number or read.identification
    found = await row(connection, QUERIES["by_number"], {"number": number})
    if found is None or found["municipality_code"] != municipality:
        raise InvalidInputError("body", "/", f"declaration {number!r} is not one of ours there")
    if found["answered_at"] is not None:
        raise InvalidInputError("body", "/", f"declaration {number} was answered already")
    lines = await lines_of(connection, found["declaration_id"])
    try:
        settled = message325.settle(
            {each["reference"]: each["amount_cents"] for each in lines}, read, contract
        )
    except BadAnswerError as error:
        raise InvalidInputError("body", "/", str(error)) from None
    for reference in settled.granted:
        await _judge(connection, found["declaration_id"], reference, "granted", ())
    for reference, codes in settled.rejected.items():
        await _judge(connection, found["declaration_id"], reference, "rejected", codes)
    await connection.execute(
        QUERIES["answered"],
        {
            "declaration": found["declaration_id"],
            "now": now,
            "granted": read.granted_cents or 0,
            "codes": list(read.codes),
            "sha256": hashlib.sha256(content).digest(),
        },
    )
    declaration: int = found["declaration_id"]
    return declaration, settled


async def settle_line(connection: Connection, line: int, how: str) -> None:
    """Say what was done about a rejected line.

    Raises:
        NotFoundError: there is no such line that waits.
    """
    if await row(connection, QUERIES["settle_line"], {"line": line, "how": how}) is None:
        raise NotFoundError(f"There is no rejected line {line}.")


async def _judge(
    connection: Connection, declaration: int, reference: str, state: str, codes: Sequence[str]
) -> None:
    await connection.execute(
        QUERIES["judge_line"],
        {
            "declaration": declaration,
            "reference": reference,
            "state": state,
            "codes": list(codes),
        },
    )
