"""Passes on what is for a person to their ways, and events to whoever wants to hear of them.

Rows become rows: load → plan → apply, one request a transaction. Nothing is sent here.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from diagnostics import queries
from diagnostics.escalation.hours import Hours
from diagnostics.notifications.alarm_codes import code_of
from diagnostics.notifications.channel import ALARM_CENTRE, PERSON, WEBHOOK
from diagnostics.notifications.fanout import End, Plan, Request, Sent, Way, plan
from diagnostics.notifications.message import EMERGENCY_PRIORITY, asked
from diagnostics.notifications.repair_news import news_of
from diagnostics.notifications.running import keep_running

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)

_SQL = queries.load("diagnostics.notifications", "distribution.sql")
POLL_INTERVAL_S: Final = 1.0
# What cannot be passed on, for a reason that nobody has thought of, must not hold up the rest.
PUT_ASIDE: Final = timedelta(minutes=1)
# What only has to arrive; everything else about a ticket asks somebody to take care of it.
INFORMS: Final = frozenset({"suggest_fire_brigade", "warned", "breached", "test"})


class Distributor:
    """Passes requests on, until stopped. Any number may run side by side.

    Args:
        database_url: where they are rows.
        now: the platform's clock.
        wake: set by others when there may be something to pass on.
    """

    def __init__(
        self,
        database_url: str,
        *,
        now: Callable[[], datetime],
        wake: asyncio.Event | None = None,
    ) -> None:
        self._database_url = database_url
        self._now = now
        self._wake = wake or asyncio.Event()

    async def run(self) -> None:
        """Run until cancelled. A database that goes away is waited for."""
        await keep_running(self._database_url, "distribution", self._serve)

    async def _serve(self, conn: Connection) -> None:
        while True:
            self._wake.clear()
            await self.pass_on_due(conn)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_INTERVAL_S):
                    await self._wake.wait()

    async def pass_on_due(self, conn: Connection) -> int:
        """Pass on all that is due now; return how many requests that were."""
        count = 0
        while await self._pass_on_next(conn):
            count += 1
        return count

    async def _pass_on_next(self, conn: Connection) -> bool:
        now = self._now()
        async with conn.transaction():
            request = await queries.row(conn, _SQL["next_request"], {"now": now})
            if request is None:
                return False
            number = {"notification_id": request["notification_id"], "now": now}
            try:
                async with conn.transaction():  # a savepoint
                    if request["channel"] == PERSON:
                        await self._to_person(conn, request, number)
                    else:
                        await self._event(conn, request, number)
            except psycopg.OperationalError:
                raise
            except Exception:  # as ``PUT_ASIDE`` says
                logger.exception("message %d cannot be passed on", request["notification_id"])
                await conn.execute(_SQL["look_again"], number | {"again_at": now + PUT_ASIDE})
        return True

    async def _to_person(
        self, conn: Connection, message: dict[str, Any], number: dict[str, Any]
    ) -> None:
        person = await queries.row(conn, _SQL["person"], number)
        if person is None:
            error = f"there is no account {message['recipient']!r} in use"
            await _end(conn, number, End.UNREACHABLE, error)
            return
        ways = [msgspec.convert(row, Way) for row in await queries.rows(conn, _SQL["ways"], person)]
        sent = [
            msgspec.convert(row, Sent) for row in await queries.rows(conn, _SQL["sent"], number)
        ]
        planned = plan(_request(message, person), ways, sent, now=number["now"])
        await _apply(conn, planned, number)
        if planned.end is not None:
            await conn.execute(_SQL["drop_unsent"], number)
            await _end(conn, number, planned.end, _why(planned.end, ways))

    async def _event(
        self, conn: Connection, message: dict[str, Any], number: dict[str, Any]
    ) -> None:
        event = message["payload"]
        found = await queries.rows(conn, _SQL["subscriptions"], number | {"type": event["type"]})
        for subscription in found:
            await _send(conn, number, WEBHOOK, subscription["subscription_id"], event)
        code = code_of(event)
        centres = await queries.rows(conn, _SQL["centres"], number | {"code": code}) if code else []
        for centre in centres:
            alarm = {
                "code": code,
                "sequence": centre["sequence"],
                "zone": centre["device_id"],
                "text": f"{centre['device']} {centre['postcode4']}",
                "occurred_at": event["time"],
            }
            await _send(conn, number, ALARM_CENTRE, centre["centre_id"], alarm)
        news = news_of(event)
        told = False
        if news is not None:
            message = {"kind": "news", "title": news.title, "path": news.path}
            asked_for = {"kind": news.kind, "key": news.key, "message": Jsonb(message)}
            told = bool(await queries.rows(conn, _SQL["tell_municipality"], number | asked_for))
        wanted = bool(found or centres or told)
        await _end(conn, number, End.DELIVERED if wanted else End.NEEDLESS, None)
        if wanted:
            await conn.execute(_SQL["announce"])


def _request(message: dict[str, Any], person: dict[str, Any]) -> Request:
    """Return what is asked of a person. What is about no ticket brings its own priority."""
    payload, about_ticket = message["payload"], person["ticket_id"] is not None
    begins, ends = person["begins"], person["ends"]
    return Request(
        priority=person["priority"] if about_ticket else _own_priority(payload),
        seeks_answer=about_ticket and asked(payload) not in INFORMS,
        answered=person["answered"] or False,
        quiet=None if begins is None else Hours(begin=begins, end=ends),
    )


def _own_priority(payload: dict[str, Any]) -> int | None:
    """Return the priority of what is about no ticket. An ill platform misses emergencies."""
    if payload.get("kind") == "platform" and payload.get("state") != "over":
        return EMERGENCY_PRIORITY
    return payload.get("priority")


def _why(end: End, ways: list[Way]) -> str | None:
    if end is not End.UNREACHABLE:
        return None
    return "every way failed" if ways else "there is no way to reach this person"


async def _apply(conn: Connection, planned: Plan, number: dict[str, Any]) -> None:
    for way in planned.take:
        await _send(conn, number, way.kind, way.way_id, None)
    if planned.take:
        await conn.execute(_SQL["announce"])
    if planned.end is None:
        await conn.execute(_SQL["look_again"], number | {"again_at": planned.again_at})


async def _end(conn: Connection, number: dict[str, Any], end: End, error: str | None) -> None:
    if error is not None:
        logger.error("message %d is given up: %s", number["notification_id"], error)
    await conn.execute(_SQL["ended"], number | {"end": end.value, "error": error})


async def _send(
    conn: Connection,
    number: dict[str, Any],
    channel: str,
    target: int | None,
    payload: dict[str, Any] | None,
) -> None:
    """Write a message for one receiver; a person keeps the name, others are known by number."""
    parameters = {
        "channel": channel,
        "target": target,
        "recipient": None if payload is None else str(target),
        "payload": None if payload is None else Jsonb(payload),
    }
    await conn.execute(_SQL["send"], number | parameters)
