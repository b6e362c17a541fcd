"""Commissions: reads them, and has them registered and moved on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg.errors import ForeignKeyViolation, UniqueViolation

from api.accounts.principal import Principal
from api.accounts.roles import Permission
from api.deliveries.schemas import (
    CommissionDetail,
    CommissionItem,
    CommissionPage,
    FailingType,
    FailingTypes,
    MixFigures,
    MixYear,
    NewCommission,
    NewRejection,
    Rejection,
    Rejections,
    Step,
)
from api.pagination import encode
from api.problems import InvalidInputError, NotFoundError
from api.queries import Connection, Row, row, rows
from diagnostics.deliveries import lifetime, repository, service
from diagnostics.deliveries.life import commission_of
from diagnostics.deliveries.model import EventKind
from diagnostics.deliveries.service import By, New
from diagnostics.queries import load
from diagnostics.tickets.terms import Terms, terms_on

QUERIES = load("api.deliveries")
# Of how few aids a share says nothing.
_AIDS_AT_LEAST = 3
_A_YEAR = timedelta(days=365)


async def page(
    connection: Connection, *, before: int | None, limit: int, now: datetime, **filters: Any
) -> CommissionPage:
    """Return commissions, newest first."""
    asked = filters | {"before": before, "limit": limit + 1, "now": now}
    found = await rows(connection, QUERIES["page"], asked)
    items = [CommissionItem.model_validate(each) for each in found[:limit]]
    more = len(found) > limit
    return CommissionPage(items=items, next_cursor=encode(items[-1].number) if more else None)


async def detail(connection: Connection, number: int, *, now: datetime) -> CommissionDetail:
    """Return a commission with its log.

    Raises:
        NotFoundError: there is none.
    """
    asked = {"number": number}
    found = await row(connection, QUERIES["one"], asked)
    if found is None:
        raise NotFoundError(f"There is no commission {number}.")
    dossier = await repository.read(connection, number)
    stands = commission_of(dossier, now)
    return CommissionDetail.model_validate(
        found
        | {
            "clocks": [msgspec.structs.asdict(each) for each in stands.clocks],
            "delays": [
                {
                    "reason": each.reason,
                    "evidence": list(each.evidence),
                    "begin": each.span.begin,
                    "end": each.span.end,
                    "open": each.open,
                    "verdict": each.verdict,
                }
                for each in stands.delays
            ],
            "events": [msgspec.structs.asdict(each) for each in dossier.events],
            "files": await rows(connection, QUERIES["files"], asked),
            "letters": [
                each["letter_id"] for each in await rows(connection, QUERIES["letters"], asked)
            ],
        }
    )


async def register(
    connection: Connection, asked: NewCommission, *, actor: str, now: datetime
) -> int:
    """Register a commission and return its number.

    Raises:
        InvalidInputError: the municipality's reference is known already.
    """
    fields = asked.model_dump(by_alias=False, exclude={"request_id"})
    new = New(**fields | {"received_at": asked.received_at or now})
    request_id = None if asked.request_id is None else str(asked.request_id)
    try:
        async with connection.transaction():
            return await service.register(
                connection, new, By(actor=actor, now=now, request_id=request_id)
            )
    except UniqueViolation as error:
        raise InvalidInputError("body", "/reference", "is known already") from error


async def step(
    connection: Connection, number: int, asked: Step, *, actor: str, now: datetime
) -> None:
    """Write something into a commission's log.

    Raises:
        InvalidInputError: a delay has no reason of the contract.
    """
    try:
        said = asked.detail()
    except ValueError as error:
        raise InvalidInputError("body", "/reason", str(error)) from error
    await service.carry_out(
        connection,
        number,
        EventKind(asked.kind.value),
        said,
        By(
            actor=actor,
            now=now,
            happened_at=asked.happened_at,
            request_id=None if asked.request_id is None else str(asked.request_id),
        ),
        expected_version=asked.version,
    )


async def file(connection: Connection, number: int, file_number: int) -> tuple[bytes, str, str]:
    """Return a file: its content, name and media type.

    Raises:
        NotFoundError: there is none.
    """
    found = await row(connection, QUERIES["file"], {"number": number, "file": file_number})
    if found is None:
        raise NotFoundError(f"Commission {number} has no file {file_number}.")
    return bytes(found["content"]), found["name"], found["media_type"]


async def beside(
    connection: Connection, who: Principal, device: str, client: str | None
) -> Sequence[Row] | None:
    """Return orders and complaints of an aid and its client; None: not for whoever asks."""
    if not (who.may(Permission.READ_COMMISSIONS) and who.may(Permission.READ_COMPLAINTS)):
        return None
    return await rows(connection, QUERIES["beside"], {"device": device, "client": client})


async def mix(connection: Connection, municipality: str | None) -> MixFigures:
    """Return how many aids were new and how many used before."""
    found = await rows(connection, QUERIES["mix"], {"municipality": municipality})
    return MixFigures(
        items=[
            MixYear.model_validate(
                each
                | {
                    "share_reissued": each["reissued"] / (each["new"] + each["reissued"])
                    if each["new"] + each["reissued"]
                    else None
                }
            )
            for each in found
        ]
    )


async def failing_types(connection: Connection, *, now: datetime) -> FailingTypes:
    """Return which types keep failing, by the last year."""
    asked = {"since": now - _A_YEAR, "aids_at_least": _AIDS_AT_LEAST}
    found = await rows(connection, QUERIES["failing_types"], asked)
    return FailingTypes(
        items=[
            FailingType.model_validate(each | {"repairs_per_aid": each["repairs"] / each["aids"]})
            for each in found
        ]
    )


async def reject(
    connection: Connection, asked: NewRejection, *, actor: str, now: datetime
) -> Rejections:
    """Write down that an aid is not used any further; return all rejections.

    Raises:
        InvalidInputError: there is no such aid, or it was rejected before.
    """
    aid = await row(connection, QUERIES["aid"], {"device": asked.device})
    if aid is None:
        raise InvalidInputError("body", "/device", "is not known here")
    contracts = msgspec.convert(aid["contracts"] or (), tuple[Terms, ...])
    terms = terms_on(contracts, aid["municipality_code"], asked.rejected_on)
    left = lifetime.months_left(terms, aid["kind"], asked.first_used_on, asked.rejected_on)
    wanted = asked.model_dump(by_alias=False) | aid
    wanted |= {"lifetime_left_months": left, "now": now, "actor": actor}
    try:
        async with connection.transaction():
            added = await row(connection, QUERIES["add_rejection"], wanted)
    except ForeignKeyViolation as error:
        raise InvalidInputError("body", "/commission", "is not known here") from error
    if added is None:
        raise InvalidInputError("body", "/device", "was rejected before")
    return await rejections(connection, early=False)


async def rejections(connection: Connection, *, early: bool) -> Rejections:
    """Return the rejections."""
    found = await rows(connection, QUERIES["rejections"], {"early": early})
    return Rejections(items=[Rejection.model_validate(each) for each in found])
