"""Registers breaches, tells whom they concern at once, and writes down who decided what and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import msgspec
from psycopg.types.json import Jsonb

from api.accounts.principal import NotAllowedError, Principal
from api.accounts.roles import Permission
from api.breaches import decisions
from api.breaches.decisions import OF_PROCESSOR, Own, Risk, Step, report_due
from api.breaches.schemas import (
    Breach,
    BreachDetail,
    Breaches,
    BreachEvent,
    BreachMunicipality,
    BreachStep,
    NewBreach,
)
from api.kpi import cases as telling
from api.problems import InvalidInputError, NotFoundError, ProblemError
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load
from diagnostics.tickets.calendar import ZONE

QUERIES = load("api.breaches")
_OWN: Final = set(Own.__struct_fields__)
_EVENTS: Final[Mapping[Step, str]] = {
    Step.ASSESS: "assessed",
    Step.ADD: "added",
    Step.CLOSE: "closed",
    Step.DECIDE_REPORT: "report_decided",
    Step.REPORTED: "reported",
    Step.DECIDE_TELL: "tell_decided",
    Step.CLIENTS_TOLD: "clients_told",
    Step.CLOSE_OWN: "municipality_closed",
}
_DECIDES: Final[Mapping[Step, tuple[str, str]]] = {
    Step.DECIDE_REPORT: ("report", "no_report"),
    Step.DECIDE_TELL: ("tell", "no_tell"),
}


class BreachNotNowError(ProblemError):
    """Somebody else changed it meanwhile, or it cannot be done as it stands."""

    status = HTTPStatus.CONFLICT


async def listed(connection: Connection) -> Breaches:
    """Return all breaches that are for who asks."""
    found = await rows(connection, QUERIES["breaches"])
    return Breaches(
        items=[
            Breach.model_validate(
                each
                | {
                    "report_due_at": report_due(each["discovered_at"]),
                    "settled": bool(each["settled"]),
                }
            )
            for each in found
        ]
    )


async def register(
    connection: Connection, asked: NewBreach, *, who: Principal, now: datetime
) -> int:
    """Register a breach and tell its municipalities at once; return its number.

    Raises:
        InvalidInputError: a municipality is not known, or a moment lies ahead.
    """
    discovered = asked.discovered_at or now
    if discovered > now or (asked.began_at is not None and asked.began_at > discovered):
        raise InvalidInputError("body", "/discoveredAt", "after now, or before it began")
    values = asked.model_dump(by_alias=False, mode="python") | {
        "kind": asked.kind.value,
        "discovered_at": discovered,
        "now": now,
        "actor": who.login,
    }
    added = await row(connection, QUERIES["register"], values)
    if added is None:
        raise LookupError("a row that was inserted is not there")
    number: int = added["breach_id"]
    codes = sorted(set(asked.municipalities))
    concerned = await rows(
        connection, QUERIES["concerns"], {"number": number, "codes": codes, "now": now}
    )
    if len(concerned) != len(codes):
        raise InvalidInputError("body", "/municipalities", "one is not known here")
    await _write(connection, number, "registered", {}, actor=who.login, now=now)
    text = (
        f"Datalek {number}: {asked.title}. Ontdekt {_said(discovered)}; een melding bij de"
        f" Autoriteit Persoonsgegevens moet uiterlijk {_said(report_due(discovered))} gedaan zijn."
    )
    for person in await rows(connection, QUERIES["to_tell"], {"codes": codes}):
        await _tell(connection, f"breach:{number}", person, number, text, now=now)
    return number


async def detail(connection: Connection, number: int) -> BreachDetail:
    """Return a breach.

    Raises:
        NotFoundError: there is none that is for who asks.
    """
    found = await _breach(connection, number)
    risk = Risk(found["risk"])
    own = await rows(connection, QUERIES["own"], {"number": number})
    events = await rows(connection, QUERIES["events"], {"number": number})
    return BreachDetail.model_validate(
        found
        | {
            "report_due_at": report_due(found["discovered_at"]),
            "municipalities": [
                BreachMunicipality.model_validate(
                    each | {"possible": sorted(decisions.possible(_own(each), risk))}
                )
                for each in own
            ],
            "events": [BreachEvent.model_validate(each) for each in events],
        }
    )


async def step(
    connection: Connection, number: int, asked: BreachStep, *, who: Principal, now: datetime
) -> None:
    """Carry out one step: the processor's, or the one of who asks for their municipality.

    Raises:
        NotFoundError: there is none that is for them.
        NotAllowedError: that is for others.
        InvalidInputError: it says too little, or lies ahead.
        BreachNotNowError: somebody else changed it, or it cannot be done as it stands.
    """
    found = await _breach(connection, number)
    locked = await row(connection, QUERIES["lock"], {"number": number, "version": asked.version})
    if locked is None:
        raise BreachNotNowError("Somebody else changed it. Read it again, then decide.")
    happened_at = asked.happened_at or now
    if happened_at > now:
        raise InvalidInputError("body", "/happenedAt", "must not be in the future")
    values: dict[str, Any] = {
        "number": number,
        "text": asked.text,
        "now": now,
        "actor": who.login,
        "code": who.municipality_code,
        "happened_at": happened_at,
        "risk": None if asked.risk is None else asked.risk.value,
        "people": asked.people,
        "decision": None,
    }
    said: dict[str, Any] = {"text": asked.text}
    if asked.do in OF_PROCESSOR:
        said |= _of_processor(found, asked, who)
    else:
        values["decision"] = await _of_municipality(connection, found, asked, who)
        said |= {"decision": values["decision"]} if values["decision"] else {}
        said |= {"happened_at": happened_at.isoformat()} if asked.happened_at else {}
    async with connection.cursor() as cursor:
        await cursor.execute(QUERIES[asked.do.value], values)
        if cursor.rowcount != 1:
            raise BreachNotNowError("Not all municipalities have closed it.")
    code = None if asked.do in OF_PROCESSOR else who.municipality_code
    await _write(connection, number, _EVENTS[asked.do], said, actor=who.login, now=now, code=code)


def _of_processor(found: Row, asked: BreachStep, who: Principal) -> dict[str, Any]:
    """Check a step of the processor, and return what is written of it."""
    if not who.may(Permission.REGISTER_BREACHES):
        raise NotAllowedError("That is for the processor to say.")
    if found["closed_at"] is not None:
        raise BreachNotNowError("It is closed.")
    if asked.do is not Step.ASSESS:
        return {}
    if asked.risk in (None, Risk.UNKNOWN):
        raise InvalidInputError("body", "/risk", "is needed for this step")
    return {"risk": asked.risk, "people": asked.people}


async def _of_municipality(
    connection: Connection, found: Row, asked: BreachStep, who: Principal
) -> str | None:
    """Check a step of a municipality, and return what it decides."""
    if not who.may(Permission.DECIDE_BREACHES) or who.municipality_code is None:
        raise NotAllowedError("That is for the municipality to decide.")
    own = await rows(connection, QUERIES["own"], {"number": found["number"]})
    if not own or asked.do not in decisions.possible(_own(own[0]), Risk(found["risk"])):
        raise BreachNotNowError("As it stands now, this cannot be done.")
    if asked.do not in _DECIDES:
        return None
    if asked.yes is None:
        raise InvalidInputError("body", "/yes", "is needed for this step")
    return _DECIDES[asked.do][0 if asked.yes else 1]


async def remind(connection: Connection, now: datetime) -> None:
    """Tell who decides of what is due or overdue, each thing once."""
    for each in await rows(connection, QUERIES["to_remind"]):
        risk = Risk(each["risk"])
        word = decisions.reminder(_own(each), risk, each["discovered_at"], now)
        if word is None:
            continue
        number, code = each["number"], each["municipality_code"]
        due = report_due(each["discovered_at"])
        if word.startswith("report"):
            late = " De termijn is voorbij." if now >= due else ""
            text = (
                f"Datalek {number} ({each['title']}): nog niet gemeld bij de Autoriteit"
                " Persoonsgegevens, en niet besloten dat dat niet hoeft."
                f" Uiterlijk {_said(due)}.{late}"
            )
        else:
            text = (
                f"Datalek {number} ({each['title']}): het risico is hoog, en cliënten zijn nog niet"
                " ingelicht."
            )
        for person in await rows(connection, QUERIES["to_tell"], {"codes": [code]}):
            await _tell(connection, f"breach:{number}:{code}:{word}", person, number, text, now=now)


async def _breach(connection: Connection, number: int) -> Row:
    found = await row(connection, QUERIES["breach"], {"number": number})
    if found is None:
        raise NotFoundError(f"There is no breach {number}.")
    return found


def _own(found: Row) -> Own:
    return msgspec.convert({n: v for n, v in found.items() if n in _OWN}, Own)


async def _tell(
    connection: Connection, key: str, person: Row, number: int, text: str, *, now: datetime
) -> None:
    base = "/privacy" if person["municipality_code"] is None else "/portal"
    payload = {"kind": "breach", "text": text, "path": f"{base}/breaches/{number}"}
    await connection.execute(
        telling.QUERIES["tell"],
        {
            "dedup_key": f"{key}:{person['login']}",
            "login": person["login"],
            "payload": Jsonb(payload),
            "now": now,
        },
    )


async def _write(
    connection: Connection,
    number: int,
    kind: str,
    said: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
    code: str | None = None,
) -> None:
    values = {"number": number, "kind": kind, "detail": Jsonb(dict(said)), "code": code}
    await connection.execute(QUERIES["write"], values | {"actor": actor, "now": now})


async def municipalities(connection: Connection) -> Sequence[Row]:
    """Return the municipalities that a breach can concern."""
    return await rows(connection, QUERIES["municipalities"])


def _said(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%d-%m-%Y %H:%M")
