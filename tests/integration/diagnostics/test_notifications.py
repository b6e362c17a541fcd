"""Messages leave: to real receivers, and over a real broker."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiomqtt
import pytest

from diagnostics.notifications.deliveries import deliveries_of
from diagnostics.notifications.dispatcher import Dispatcher
from diagnostics.notifications.distribution import Distributor
from diagnostics.notifications.lift import LiftSender
from diagnostics.notifications.mail import MailSender, mail_server
from diagnostics.notifications.webhook import WebhookSender
from diagnostics.tickets import service
from gateway.protocol.codec import decode
from gateway.protocol.messages import CallStatus
from gateway.protocol.topics import Kind, topic_of
from ingest.broker import address
from tests.integration.diagnostics.conftest import Connection
from tests.support.broker import Broker
from tests.support.lift_log import rows
from tests.support.people import add_person, ask, subscribe
from tests.support.receivers import MailServer, WebReceiver

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CALL = "c" * 32


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


async def test_people_and_webhooks_are_reached_on_either_engine(
    conn: Connection, url: str, device_id: int, clock: Time
) -> None:
    ticket = await open_ticket(conn, device_id)
    await add_person(conn, email="anna@home.example")
    await ask(conn, "anna", ticket, at=T0)
    distributor = Distributor(url, now=clock)
    with WebReceiver([503]) as receiver, MailServer() as mails:
        await subscribe(conn, receiver.url)
        senders = (
            WebhookSender(source="urn:nld:liftwacht"),
            MailSender(mail_server(mails.url), sender="post@lift.example", public_url=""),
        )
        dispatchers = [Dispatcher(url, one, now=clock, random=lambda: 1.0) for one in senders]
        assert await distributor.pass_on_due(conn) == 2
        assert [await one.send_due(conn) for one in dispatchers] == [1, 1]
        clock.now += timedelta(seconds=7)
        assert [await one.send_due(conn) for one in dispatchers] == [1, 0]
        assert await distributor.pass_on_due(conn) == 1
        for sender in senders:
            await sender.close()
        assert receiver.bodies[0]["subject"] == str(ticket)
        assert [one["To"] for one in mails.mails] == ["anna@home.example"]
    sent = {one.channel: one for one in await deliveries_of(conn, ticket) if one.attempts}
    outcomes = {name: [one.outcome for one in sent[name].attempts] for name in sent}
    assert outcomes == {"webhook": ["failed", "delivered"], "email": ["delivered"]}


async def test_a_webhook_that_never_answers_is_given_up_after_a_day(
    conn: Connection, url: str, device_id: int, clock: Time
) -> None:
    await open_ticket(conn, device_id)
    await subscribe(conn, "http://127.0.0.1:9/")
    await Distributor(url, now=clock).pass_on_due(conn)
    sender = WebhookSender(source="urn:nld:liftwacht")
    dispatcher = Dispatcher(url, sender, now=clock, random=lambda: 1.0)
    await dispatcher.send_due(conn)
    clock.now += timedelta(days=1)
    await dispatcher.send_due(conn)
    await sender.close()
    ((given_up,),) = await rows(
        conn, "SELECT given_up_at FROM notification WHERE channel = 'webhook' AND target_id = 1"
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
                    conn, ticket, "desk", "client_by_phone", "", clock.now, version, aid_works=True
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
    assert len(await dead._claim(conn, 9, urgent=True)) == 1
    other = Dispatcher(url, sender, now=clock, random=lambda: 1.0)
    assert await other.send_due(conn) == 0
    clock.now += timedelta(seconds=15)
    assert await other.send_due(conn) == 1
    await sender.close()
    assert await rows(
        conn, "SELECT count(*) FROM notification WHERE channel = 'lift' AND delivered_at > %s", [T0]
    ) == [(1,)]
