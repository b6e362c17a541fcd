"""Events to other systems: signed, to whom they concern, again until taken, and told apart."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from diagnostics.notifications.webhook import WebhookSender
from diagnostics.sealing import Keyring, new_key
from diagnostics.tickets import service
from ingest.storage.pool import connect_async
from tests.integration.notifications.conftest import SOURCE, Post, lent_elsewhere, open_emergency
from tests.support.database import register_device
from tests.support.people import subscribe
from tests.support.platform import eventually
from tests.support.receivers import CUT, CUT_AFTER, HANG, WebReceiver

SECRET = "whsec_" + "QUJD" * 11
STATES = (
    "SELECT attempts, delivered_at IS NOT NULL, given_up_at IS NOT NULL FROM notification"
    " WHERE channel = 'webhook' AND target_id = %s ORDER BY notification_id"
)


async def test_events_after_the_profile_signed(post: Post, device_id: int) -> None:
    post.now = datetime.now(UTC)  # the receiver looks at the time
    with WebReceiver() as receiver:
        keys = Keyring([new_key()])
        await subscribe(post.conn, receiver.url, secret=keys.seal(SECRET))
        await open_emergency(post.conn, device_id, post.now)
        post.use(WebhookSender(source=SOURCE, keys=keys))
        await post.conn.execute("SET ROLE liftwacht_diagnostics")
        await post.work()
        await post.conn.execute("RESET ROLE")
        ((headers, body),) = receiver.taken
    event = Webhook(SECRET).verify(body.decode(), headers)
    assert headers["content-type"] == "application/cloudevents+json; charset=UTF-8"
    assert headers["webhook-id"] == event["id"]
    assert (event["specversion"], event["source"]) == ("1.0", SOURCE)
    assert event["type"] == "nl.liftwacht.ticket.opened"
    assert datetime.fromisoformat(event["time"]) == post.now
    assert event["data"]["device"] == "sl-000001"


async def test_everybody_hears_what_was_asked_for(post: Post, database: str) -> None:
    here = register_device(database, "sl-000001")
    there = register_device(database, "sl-000002", municipality_code="GM0637", postcode4=2711)
    with (
        WebReceiver() as everything,
        WebReceiver() as releases,
        WebReceiver() as there_only,
        WebReceiver() as here_only,
    ):
        await subscribe(post.conn, everything.url, name="a")
        released = ["nl.liftwacht.ticket.released"]
        await subscribe(post.conn, releases.url, name="b", event_types=released)
        await subscribe(post.conn, there_only.url, name="c", municipality_code="GM0637")
        await subscribe(post.conn, here_only.url, name="e", municipality_code="GM0405")
        await subscribe(post.conn, "http://127.0.0.1:9/", name="d", enabled=False)
        post.use(WebhookSender(source=SOURCE))
        for device in (here, there):
            ticket = await open_emergency(post.conn, device)
        # What happened here stays a matter of here, also when the aid is lent there meanwhile.
        await lent_elsewhere(post.conn, here)
        await service.confirm_release(
            post.conn, ticket, "desk", "client_by_phone", "", post.now, 1, aid_works=False
        )
        await post.work()
        devices = [
            sorted(event["data"]["device"] for event in receiver.bodies)
            for receiver in (everything, releases, there_only, here_only)
        ]
    of_there = ["sl-000002"] * 2
    assert devices == [["sl-000001", *of_there], ["sl-000002"], of_there, ["sl-000001"]]


@pytest.mark.parametrize(
    ("trouble", "taken"), [(500, 1), (503, 1), (404, 1), (302, 1), (CUT, 1), (CUT_AFTER, 2)]
)
async def test_trouble_loses_nothing_and_a_double_is_recognised(
    post: Post, device_id: int, trouble: int | str, taken: int
) -> None:
    with WebReceiver([trouble]) as receiver:
        subscription = await subscribe(post.conn, receiver.url)
        await open_emergency(post.conn, device_id)
        post.use(WebhookSender(source=SOURCE))
        await post.work()
        assert await post.rows(STATES, subscription) == [(1, False, False)]
        await post.work(7)  # 503 asks for seven seconds
        assert await post.rows(STATES, subscription) == [(2, True, False)]
        assert len(receiver.taken) == taken
        assert len({headers["webhook-id"] for headers, _ in receiver.taken}) == 1


async def test_a_receiver_that_is_no_more_is_left_alone(post: Post, device_id: int) -> None:
    with WebReceiver(status=410) as receiver:
        subscription = await subscribe(post.conn, receiver.url)
        ticket = await open_emergency(post.conn, device_id)
        post.use(WebhookSender(source=SOURCE))
        await post.work()
        await service.acknowledge(post.conn, ticket, "desk", post.now, 1)
        await post.work()
        assert receiver.seen == 1
    assert await post.rows(STATES, subscription) == [(1, False, True)]
    assert await post.rows("SELECT enabled FROM webhook_subscription") == [(False,)]


async def test_a_slow_receiver_holds_up_nobody(post: Post, database: str) -> None:
    devices = [register_device(database, f"sl-00000{number}") for number in range(1, 4)]
    with WebReceiver([HANG]) as slow, WebReceiver() as quick:
        await subscribe(post.conn, slow.url, name="slow")
        await subscribe(post.conn, quick.url, name="quick")
        for device in devices:
            await open_emergency(post.conn, device)
        post.use(sender := WebhookSender(source=SOURCE))
        dispatcher = post.dispatcher(sender)
        await post._distributor.pass_on_due(post.conn)
        working = asyncio.create_task(dispatcher.run())
        try:
            everybody = len(devices)
            await asyncio.to_thread(eventually, lambda: len(quick.taken) == everybody)
            assert (slow.seen, slow.taken) == (1, [])  # one at a time, in order
            slow.go_on.set()
            await asyncio.to_thread(eventually, lambda: len(slow.taken) == everybody)
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        order = [event["data"]["device"] for event in slow.bodies]
        assert order == sorted(order)
    assert await post.rows("SELECT outcome, count(*) FROM delivery GROUP BY 1") == [
        ("delivered", 2 * len(devices))
    ]


async def test_emergencies_go_before_the_rest_and_slots_are_kept_for_them(
    post: Post, device_id: int
) -> None:
    ticket = await open_emergency(post.conn, device_id)
    await post.conn.execute("UPDATE notification SET next_attempt_at = NULL, superseded_at = now()")
    for number in range(40):  # of other tickets, to as many other receivers
        await _message(post, f"other-{number}", None)
    for number in range(3):
        await _message(post, f"urgent-{number}", ticket)
    dispatcher = post.dispatcher(WebhookSender(source=SOURCE))
    ordinary = await dispatcher._claim(post.conn, 12, urgent=False)
    assert [one.urgent for one in ordinary] == [False] * 9 + [True] * 3
    await _message(post, "urgent-late", ticket)
    (late,) = await dispatcher._claim(post.conn, 4, urgent=True)
    assert late.recipient == "urgent-late"


async def test_a_process_that_dies_between_sending_and_writing_it_down(
    post: Post, device_id: int, database: str
) -> None:
    with WebReceiver() as receiver:
        await subscribe(post.conn, receiver.url)
        await open_emergency(post.conn, device_id)
        await post._distributor.pass_on_due(post.conn)
        # Its connection to the database is cut while the message is on its way, and it ends.
        sender = WebhookSender(source=SOURCE)
        async with await connect_async(database, application="dying") as dying:
            dispatcher = post.dispatcher(sender)
            (claimed,) = await dispatcher._claim(dying, 1, urgent=True)
            await sender.send(claimed, post.now)
        post.use(sender)
        await post.work(24)
        assert len(receiver.taken) == 1  # its lease still holds
        await post.work(1)
        assert len(receiver.taken) == 2
        ids = {json.loads(body)["id"] for _, body in receiver.taken}
        assert len(ids) == 1


async def test_a_message_that_cannot_be_read_stops_no_other(post: Post, device_id: int) -> None:
    with WebReceiver() as receiver:
        await subscribe(post.conn, receiver.url)
        await post.conn.execute(
            "INSERT INTO notification (dedup_key, channel, recipient, target_id, payload,"
            " created_at, next_attempt_at)"
            " VALUES ('bad', 'webhook', 'x', 1, '[]', %(now)s, %(now)s),"
            " ('odd', 'webhook', 'y', 1, '{}', %(now)s, %(now)s)",
            {"now": post.now},
        )
        await open_emergency(post.conn, device_id)
        post.use(WebhookSender(source=SOURCE))
        await post.work()
        assert len(receiver.taken) == 1
    outcomes = "SELECT dedup_key, outcome FROM delivery JOIN notification USING (notification_id) ORDER BY 1"  # noqa: E501
    assert await post.rows(outcomes) == [
        ("bad", "refused"),
        ("odd", "failed"),
        ("webhook:3:1", "delivered"),
    ]


async def test_without_subscriptions_nothing_piles_up(post: Post, device_id: int) -> None:
    await open_emergency(post.conn, device_id)
    await post.work(timedelta(days=9))
    left = "SELECT count(*) FROM notification WHERE next_attempt_at IS NOT NULL OR given_up_at IS NOT NULL"  # noqa: E501
    assert await post.rows(left) == [(0,)]


async def _message(post: Post, recipient: str, ticket: int | None) -> None:
    await post.conn.execute(
        "INSERT INTO notification (dedup_key, ticket_id, channel, recipient, target_id, payload,"
        " created_at, next_attempt_at)"
        " VALUES (%(name)s, %(ticket)s, 'webhook', %(name)s, 1, '{}', %(now)s, %(now)s)",
        {"name": recipient, "ticket": ticket, "now": post.now},
    )
