"""What the desk asks of an aid: from the row over the broker to the modem, and the answer back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from diagnostics.commands import service
from diagnostics.commands.model import CommandKind, Order
from diagnostics.cycle import cycle
from diagnostics.notifications.dispatcher import Dispatcher
from diagnostics.notifications.lift import LiftSender
from gateway.protocol.codec import decode
from gateway.protocol.messages import Identify
from gateway.protocol.topics import Kind, topic_of
from ingest.broker import address
from tests.integration.diagnostics.conftest import Connection
from tests.support.broker import Broker
from tests.support.lift_log import Lift, listen, rows, store

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
COMMAND = "d" * 32


def identify(**changes: Any) -> Order:
    asked: dict[str, Any] = {
        "command_id": COMMAND,
        "device_name": "sl-000001",
        "kind": CommandKind.IDENTIFY,
        "parameters": {"duration_ms": 2_000},
        "actor": "anja",
        "at": T0,
    }
    return Order(**asked | changes)


async def send_due(conn: Connection, url: str, broker_url: str, now: datetime) -> None:
    sender = LiftSender(address(broker_url))
    try:
        await Dispatcher(url, sender, now=lambda: now, random=lambda: 1.0).send_due(conn)
    finally:
        await sender.close()


async def test_an_order_reaches_the_modem_and_its_answer_is_written_down(
    conn: Connection, url: str, tmp_path: Path
) -> None:
    await service.order(conn, identify())
    with Broker(tmp_path) as broker:
        async with aiomqtt.Client("127.0.0.1", broker.port) as modem:
            await modem.subscribe(topic_of("sl-000001", Kind.COMMAND), qos=1)
            await send_due(conn, url, broker.url, T0)
            message = await anext(aiter(modem.messages))
    assert isinstance(message.payload, bytes)
    command = decode(Kind.COMMAND, message.payload)
    expires_ms = round((T0 + timedelta(minutes=1)).timestamp() * 1000)
    assert command == Identify(command_id=COMMAND, expires_ms=expires_ms, duration_ms=2_000)

    for second in (2, 3):  # the modem repeats what it is not sure was heard
        at = T0 + timedelta(seconds=second)
        await store(conn, [Lift().reply(at, COMMAND)], at)
        await listen(conn, at)
        await cycle(conn, range(64), now=at)
    assert await rows(conn, "SELECT outcome, replied_at, actor FROM device_command") == [
        ("done", T0 + timedelta(seconds=2), "anja")
    ]
    assert await rows(conn, "SELECT count(*) FROM ticket") == [(0,)]


async def test_an_order_that_is_too_late_is_not_sent(
    conn: Connection, url: str, tmp_path: Path
) -> None:
    await service.order(conn, identify())
    with Broker(tmp_path) as broker:
        await send_due(conn, url, broker.url, T0 + timedelta(minutes=1))
    assert await rows(
        conn, "SELECT delivered_at, superseded_at IS NOT NULL, given_up_at FROM notification"
    ) == [(None, True, None)]


async def test_an_order_to_nobody_leaves_nothing_behind(conn: Connection) -> None:
    with pytest.raises(LookupError, match="sl-999999"):
        await service.order(conn, identify(device_name="sl-999999"))
    with pytest.raises(ValueError, match="duration_ms"):
        await service.order(conn, identify(parameters={"duration_ms": 1}))
    assert await rows(conn, "SELECT count(*) FROM device_command") == [(0,)]
    assert await rows(conn, "SELECT count(*) FROM notification") == [(0,)]
