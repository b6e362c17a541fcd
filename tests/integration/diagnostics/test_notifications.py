"""Messages leave: to a real HTTP receiver, and over a real broker."""

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from diagnostics.notifications.dispatcher import Dispatcher
from diagnostics.notifications.lift import LiftSender
from diagnostics.notifications.webhook import WebhookSender
from diagnostics.tickets import service
from gateway.protocol.codec import decode
from gateway.protocol.messages import CallStatus
from gateway.protocol.topics import Kind, topic_of
from ingest.broker import address
from tests.integration.diagnostics.conftest import Connection
from tests.support.broker import Broker
from tests.support.lift_log import rows

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CALL = "c" * 32


class Receiver:
    """Somebody's HTTP server: refuses the first ``refusals`` deliveries."""

    def __init__(self, refusals: int = 0) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.types: list[str] = []
        receiver, left = self, [refusals]

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                left[0] -= 1
                if left[0] < 0:
                    receiver.bodies.append(json.loads(body))
                    receiver.types.append(self.headers["Content-Type"])
                self.send_response(503 if left[0] >= 0 else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/events"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Time:
    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path) as running:
        yield running


async def open_ticket(conn: Connection, device_id: int) -> int:
    async with conn.transaction():
        opening = await service.open_emergency(
            conn,
            device_id,
            actor="system:stuck",
            detail={"reasons": [{"code": "call_sos"}]},
            evidence_at=T0,
            since=T0,
            now=T0,
        )
        await service.hear_call(conn, device_id, CALL, repetition="1:1", detail={}, now=T0)
    return opening.ticket.ticket_id


async def test_the_webhook_gets_cloudevents(
    conn: Connection, url: str, device_id: int, clock: Time
) -> None:
    receiver, sender = Receiver(refusals=1), None
    try:
        ticket = await open_ticket(conn, device_id)
        sender = WebhookSender(receiver.url)
        dispatcher = Dispatcher(url, sender, now=clock, random=lambda: 1.0)
        assert await dispatcher.send_due(conn) == 1
        assert receiver.bodies == []
        assert await dispatcher.send_due(conn) == 0  # not before its time
        clock.now += timedelta(seconds=2)
        assert await dispatcher.send_due(conn) == 1
    finally:
        receiver.close()
        if sender is not None:
            await sender.close()
    (event,) = receiver.bodies
    assert receiver.types == ["application/cloudevents+json; charset=utf-8"]
    assert event["specversion"] == "1.0"
    assert event["type"] == "nl.liftwacht.ticket.opened"
    assert event["data"]["device"] == "sl-000001"
    ((attempts, delivered, subject),) = await rows(
        conn,
        "SELECT attempts, delivered_at, payload ->> 'subject' FROM notification"
        " WHERE channel = 'webhook'",
    )
    assert (attempts, delivered, subject) == (2, clock.now, str(ticket))


async def test_without_a_receiver_nothing_piles_up(
    conn: Connection, url: str, device_id: int, clock: Time
) -> None:
    await open_ticket(conn, device_id)
    sender = WebhookSender(None)
    await Dispatcher(url, sender, now=clock, random=lambda: 1.0).send_due(conn)
    await sender.close()
    due = "SELECT count(*) FROM notification WHERE channel = 'webhook' AND next_attempt_at < %s"
    assert await rows(conn, due, [T0 + timedelta(days=9)]) == [(0,)]
    given_up = "SELECT count(*) FROM notification WHERE given_up_at IS NOT NULL"
    assert await rows(conn, given_up) == [(0,)]  # no failure: nobody wants to hear


async def test_a_webhook_that_never_answers_is_given_up_after_a_day(
    conn: Connection, url: str, device_id: int, clock: Time
) -> None:
    await open_ticket(conn, device_id)
    sender = WebhookSender("http://127.0.0.1:9/")
    dispatcher = Dispatcher(url, sender, now=clock, random=lambda: 1.0)
    await dispatcher.send_due(conn)
    clock.now += timedelta(days=1)
    await dispatcher.send_due(conn)
    await sender.close()
    ((given_up,),) = await rows(
        conn, "SELECT given_up_at FROM notification WHERE channel = 'webhook'"
    )
    assert given_up == clock.now


async def test_the_lift_hears_each_state(
    conn: Connection, url: str, device_id: int, clock: Time, broker: Broker
) -> None:
    sender = LiftSender(address(broker.url))
    dispatcher = Dispatcher(url, sender, now=clock, random=lambda: 1.0)
    heard: list[str] = []
    async with aiomqtt.Client("127.0.0.1", broker.port) as modem:
        await modem.subscribe(topic_of("sl-000001", Kind.COMMAND), qos=1)
        ticket = await open_ticket(conn, device_id)
        await dispatcher.send_due(conn)
        for how in ("acknowledge", "release"):
            clock.now += timedelta(seconds=1)
            ((version,),) = await rows(conn, "SELECT version FROM ticket")
            if how == "acknowledge":
                await service.acknowledge(conn, ticket, "desk", clock.now, version)
            else:
                await service.confirm_release(
                    conn, ticket, "desk", "client_by_phone", "", clock.now, version
                )
            await dispatcher.send_due(conn)
        async with asyncio.timeout(10):
            async for message in modem.messages:
                assert isinstance(message.payload, bytes)
                command = decode(Kind.COMMAND, message.payload)
                assert isinstance(command, CallStatus)
                assert command.call_id == CALL
                heard.append(command.state)
                if len(heard) == 3:
                    break
    await sender.close()
    assert heard == ["help_coming", "answered", "released"]


async def test_a_broker_that_comes_back_gets_only_the_newest_word(
    conn: Connection, url: str, device_id: int, clock: Time, broker: Broker
) -> None:
    sender = LiftSender(address(broker.url))
    dispatcher = Dispatcher(url, sender, now=clock, random=lambda: 1.0)
    broker.kill()
    ticket = await open_ticket(conn, device_id)
    await dispatcher.send_due(conn)
    await service.acknowledge(conn, ticket, "desk", clock.now, 1)
    await dispatcher.send_due(conn)
    broker.start()
    clock.now += timedelta(days=2)  # never given up while the emergency lasts
    await dispatcher.send_due(conn)
    clock.now += timedelta(seconds=20)
    await dispatcher.send_due(conn)
    await sender.close()
    states = await rows(
        conn,
        "SELECT payload ->> 'state', delivered_at IS NOT NULL, superseded_at IS NOT NULL, "
        " given_up_at FROM notification"
        " WHERE channel = 'lift' ORDER BY notification_id",
    )
    assert states[0] == ("help_coming", False, True, None)
    assert states[1][:2] == ("answered", True)


async def test_what_a_dead_sender_had_claimed_is_sent_by_another(
    conn: Connection, url: str, device_id: int, clock: Time, broker: Broker
) -> None:
    sender = LiftSender(address(broker.url))
    await open_ticket(conn, device_id)
    dead = Dispatcher(url, sender, now=clock, random=lambda: 1.0)
    assert len(await dead._claim(conn)) == 1
    other = Dispatcher(url, sender, now=clock, random=lambda: 1.0)
    assert await other.send_due(conn) == 0
    clock.now += timedelta(seconds=15)
    assert await other.send_due(conn) == 1
    await sender.close()
    assert await rows(
        conn, "SELECT count(*) FROM notification WHERE channel = 'lift' AND delivered_at > %s", [T0]
    ) == [(1,)]
