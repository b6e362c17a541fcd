"""Registers requests and carries them out. The database has the last word on who may."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from psycopg import errors
from psycopg.types.json import Jsonb

from api.accounts.principal import NotAllowedError, Principal
from api.kpi import cases as telling
from api.problems import InvalidInputError, NotFoundError, ProblemError
from api.queries import Connection, Row, row, rows
from api.subjects import decisions
from api.subjects.decisions import Decision, Request, Step
from api.subjects.schemas import (
    NewSubjectRequest,
    SubjectEvent,
    SubjectRequest,
    SubjectRequestDetail,
    SubjectRequests,
    SubjectStep,
)
from diagnostics.queries import load
from diagnostics.tickets.calendar import dutch_day

QUERIES = load("api.subjects")
_FIELDS: Final = set(Request.__struct_fields__)
_NEED_TEXT: Final = frozenset(
    {Step.IDENTIFY, Step.EXTEND, Step.DECIDE, Step.RECTIFY, Step.ANSWER, Step.NOTE}
)
_EVENTS: Final[Mapping[Step, str]] = {
    Step.IDENTIFY: "identified",
    Step.EXTEND: "extended",
    Step.DECIDE: "decided",
    Step.ERASE: "erased",
    Step.RECTIFY: "rectified",
    Step.RESTRICT: "restricted",
    Step.LIFT: "lifted",
    Step.ANSWER: "answered",
    Step.NOTE: "noted",
}
_BY_HAND: Final = _NEED_TEXT  # what only people can do, they tell of


class RequestChangedError(ProblemError):
    """Somebody else changed it meanwhile, or it cannot be done as it stands."""

    status = HTTPStatus.CONFLICT


async def listed(connection: Connection, *, every: bool) -> SubjectRequests:
    """Return requests; ``every``: also those that were answered."""
    found = await rows(connection, QUERIES["requests"], {"all": every})
    return SubjectRequests(items=[SubjectRequest.model_validate(each) for each in found])


async def register(
    connection: Connection, asked: NewSubjectRequest, *, who: Principal, now: datetime
) -> int:
    """Register a request and return its number.

    Raises:
        NotFoundError: there is no such client.
        InvalidInputError: it came in the future.
    """
    client = await row(connection, QUERIES["client"], {"number": asked.client_number})
    if client is None:
        raise NotFoundError(f"There is no client {asked.client_number}.")
    received = asked.received_at or now
    if received > now:
        raise InvalidInputError("body", "/receivedAt", "must not be in the future")
    added = await row(
        connection,
        QUERIES["register"],
        client
        | {
            "kind": asked.kind.value,
            "via": asked.via.value,
            "text": asked.text,
            "received_at": received,
            "now": now,
            "due_at": decisions.due_of(received),
        },
    )
    if added is None:
        raise LookupError("a row that was inserted is not there")
    number: int = added["request_id"]
    await _write(connection, number, "received", {"via": asked.via.value}, who=who, now=now)
    return number


async def detail(connection: Connection, number: int, *, now: datetime) -> SubjectRequestDetail:
    """Return a request with its log.

    Raises:
        NotFoundError: there is no such request.
    """
    found = await _row(connection, number)
    request = _request(found)
    events = await rows(connection, QUERIES["events"], {"number": number})
    possible = sorted(decisions.possible(request, now))
    return SubjectRequestDetail.model_validate(
        found
        | {
            "possible": possible,
            "gathers": decisions.gathers(request),
            "events": [SubjectEvent.model_validate(each) for each in events],
        }
    )


async def restricted(
    connection: Connection, *, client: str | None = None, ticket: int | None = None
) -> bool:
    """Return whether the data of that client, or of the client of that ticket, may not be used."""
    found = await row(connection, QUERIES["restricted"], {"client": client, "ticket": ticket})
    return found is not None and bool(found["restricted"])


async def step(
    connection: Connection, number: int, asked: SubjectStep, *, who: Principal, now: datetime
) -> None:
    """Carry out one step of a request.

    Raises:
        NotFoundError: there is no such request.
        InvalidInputError: it says too little.
        RequestChangedError: somebody else changed it, or that cannot be done as it stands.
        NotAllowedError: the database says that it is not theirs to carry out.
    """
    locked = await row(connection, QUERIES["lock"], {"number": number})
    if locked is None:
        raise NotFoundError(f"There is no request {number}.")
    if locked["version"] != asked.version:
        raise RequestChangedError("Somebody else changed it. Read it again, then decide.")
    found = await _row(connection, number)
    request = _request(found)
    if asked.do not in decisions.possible(request, now):
        raise RequestChangedError("As the request stands now, this cannot be done.")
    if asked.do in _NEED_TEXT and not asked.text.strip():
        raise InvalidInputError("body", "/text", "is needed for this step")
    said: dict[str, Any] = {"text": asked.text} if asked.text else {}
    if asked.do in _BY_HAND:
        request = _by_hand(request, asked, now)
        said |= {"decision": request.decision} if asked.do is Step.DECIDE else {}
    elif asked.do is Step.ERASE:
        said["report"] = await _erase(connection, number, who, now)
        request = replace(request, done_at=now)
    else:
        restrict = asked.do is Step.RESTRICT
        await connection.execute(QUERIES[asked.do.value], found | {"now": now})
        request = replace(request, done_at=now if restrict else request.done_at)
    await _write(connection, number, _EVENTS[asked.do], said, who=who, now=now)
    await _store(connection, number, request, now)


def _by_hand(request: Request, asked: SubjectStep, now: datetime) -> Request:
    """Return a request after a step that people take, and that is only written down."""
    match asked.do:
        case Step.IDENTIFY:
            return replace(request, identified_at=now)
        case Step.EXTEND:
            due = decisions.due_of(request.received_at, extended=True)
            return replace(request, extended=True, due_at=due)
        case Step.DECIDE:
            return _decided(request, asked.decision)
        case Step.RECTIFY:
            return replace(request, done_at=now)
        case Step.ANSWER:
            return replace(request, answered_at=now)
    return request


async def gathered(
    connection: Connection, number: int, *, who: Principal, now: datetime
) -> dict[str, list[Any]]:
    """Return everything about the client of a request; that it was gathered is in its log.

    Raises:
        NotFoundError: there is no such request.
        RequestChangedError: it is not granted, or is over.
        NotAllowedError: the database says that it is not theirs.
    """
    request = _request(await _row(connection, number))
    if not decisions.gathers(request):
        raise RequestChangedError("As the request stands now, nothing can be gathered for it.")
    asked = {"who": who.account_id, "number": number, "now": now}
    try:
        found = await rows(connection, QUERIES["data"], asked)
    except errors.InsufficientPrivilege as error:
        raise NotAllowedError("Your account may not carry out this request.") from error
    said = {"sections": {each["section"]: len(each["content"]) for each in found}}
    await _write(connection, number, "gathered", said, who=who, now=now)
    if request.done_at is None:
        await _store(connection, number, replace(request, done_at=now), now)
    return {each["section"]: each["content"] for each in found}


async def readings(
    connection: Connection, number: int, *, who: Principal, most: int
) -> Sequence[Row]:
    """Return the readings that belong to it: one more than ``most``, if there are more."""
    asked = {"who": who.account_id, "number": number, "most": most + 1}
    return await rows(connection, QUERIES["readings"], asked)


async def files(connection: Connection, number: int, *, who: Principal) -> Sequence[Row]:
    """Return the files that belong to it."""
    return await rows(connection, QUERIES["files"], {"who": who.account_id, "number": number})


async def remind(connection: Connection, now: datetime) -> None:
    """Tell who handles them of requests that are due within a week, once a day."""
    for each in await rows(connection, QUERIES["due"], {"now": now}):
        late = each["due_at"] <= now
        last = dutch_day(each["due_at"] - timedelta(seconds=1))
        text = (
            f"Verzoek {each['number']} over persoonsgegevens moet uiterlijk {last:%d-%m-%Y}"
            f" beantwoord zijn{': die termijn is voorbij' if late else ''}."
        )
        key = f"subject_request:{each['number']}:{dutch_day(now)}:{each['login']}"
        payload = {"kind": "subject_request", "text": text, "path": f"/requests/{each['number']}"}
        await connection.execute(
            telling.QUERIES["tell"],
            {"dedup_key": key, "login": each["login"], "payload": Jsonb(payload), "now": now},
        )


def as_json(found: Mapping[str, Any]) -> bytes:
    """Return what was gathered as a file that programs read."""
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _decided(request: Request, decision: Decision | None) -> Request:
    if decision is None:
        raise InvalidInputError("body", "/decision", "is needed for this step")
    if not decisions.may_decide(request, decision):
        raise RequestChangedError("First make sure who asks.")
    return replace(request, decision=decision)


async def _erase(
    connection: Connection, number: int, who: Principal, now: datetime
) -> list[dict[str, Any]]:
    asked = {"who": who.account_id, "number": number, "now": now}
    try:
        found = await row(connection, QUERIES["erase"], asked)
    except errors.InsufficientPrivilege as error:
        raise NotAllowedError("Your account may not carry out this request.") from error
    said: list[dict[str, Any]] = [] if found is None else found["said"]
    return said


async def _row(connection: Connection, number: int) -> Row:
    found = await row(connection, QUERIES["request"], {"number": number})
    if found is None:
        raise NotFoundError(f"There is no request {number}.")
    return found


def _request(found: Row) -> Request:
    return msgspec.convert({n: v for n, v in found.items() if n in _FIELDS}, Request)


async def _store(connection: Connection, number: int, request: Request, now: datetime) -> None:
    values = msgspec.structs.asdict(request) | {"number": number, "now": now}
    await connection.execute(QUERIES["update"], values)


async def _write(
    connection: Connection,
    number: int,
    kind: str,
    said: dict[str, Any],
    *,
    who: Principal,
    now: datetime,
) -> None:
    await connection.execute(
        QUERIES["write"],
        {"number": number, "now": now, "actor": who.login, "kind": kind, "detail": Jsonb(said)},
    )
