"""Answers what a phone kept while it had no line: each item by itself, in the phone's order."""

import logging
from datetime import datetime, timedelta
from typing import Any

import psycopg
from pydantic import ValidationError

from api.accounts.principal import Principal
from api.queries import Connection
from api.visits import work
from api.visits.acts import ACT
from api.visits.errors import RefusedError, Why, why
from api.visits.schemas import Answer, Batch, SyncState
from diagnostics.tickets.errors import TicketError

logger = logging.getLogger(__name__)


async def answer_all(
    connection: Connection, who: Principal, batch: Batch, *, now: datetime
) -> list[Answer]:
    """Do all that was told, and say of each what became of it.

    What is refused holds nothing up. What the database cannot do just now does: the rest waits
    with it, since the order is part of what was told.
    """
    answers: list[Answer] = []
    for item in batch.items:
        if answers and answers[-1].state is SyncState.LATER:
            answers.append(Answer(request_id=_request_id(item), state=SyncState.LATER))
        else:
            answers.append(await answer(connection, who, item, sent_at=batch.sent_at, now=now))
    return answers


async def answer(  # noqa: PLR0911 - one line for each kind
    connection: Connection, who: Principal, item: Any, *, sent_at: datetime | None, now: datetime
) -> Answer:
    """Do one thing that was told, or leave no trace of it; say what became of it."""
    request_id = _request_id(item)

    def refused(because: Why, detail: str) -> Answer:
        return Answer(request_id=request_id, state=SyncState.REFUSED, why=because, detail=detail)

    if isinstance(item, dict):
        return refused(Why.INVALID, _fault(item))
    try:
        async with connection.transaction():
            when = await work.carry_out(connection, who, item, now=now, sent_at=sent_at)
    except RefusedError as error:
        return refused(error.why, str(error))
    except TicketError as error:
        return refused(why(error), str(error))
    except (ValueError, LookupError, OverflowError, psycopg.DataError) as error:
        return refused(Why.INVALID, str(error))
    except psycopg.OperationalError as error:
        # Somebody else works on that ticket, or the database goes down: all is as before.
        logger.warning("a visit's item waits: %s", error)
        return Answer(request_id=request_id, state=SyncState.LATER)
    except Exception:
        # A mistake of ours must not hold up for ever what a mechanic tells after it. It stays on
        # the phone, with the word that it is our fault, and can be sent again.
        logger.exception("a visit's item failed")
        return refused(Why.OURS, "Something went wrong here; it has been logged.")
    return Answer(
        request_id=request_id,
        state=SyncState.DONE,
        happened_at=when.at,
        ahead_s=round(when.ahead / timedelta(seconds=1), 3),
    )


def _request_id(item: Any) -> str | None:
    if not isinstance(item, dict):
        return str(item.request_id)
    given = item.get("requestId")
    return given if isinstance(given, str) else None


def _fault(item: dict[str, Any]) -> str:
    try:
        ACT.validate_python(item)
    except ValidationError as error:
        first = error.errors()[0]
        return f"/{'/'.join(map(str, first['loc']))}: {first['msg']}"
    return "it cannot be read"
