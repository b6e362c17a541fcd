"""The receive path: with a real broker, and with something that is none."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ingest.broker import Address, address
from ingest.mqtt.connection import BrokerError, Connection
from ingest.mqtt.packets import Publish
from tests.support.broker import Broker
from tests.support.worker import Lift

TOPIC = "liftwacht/v1/05/sl-000001/status"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path) as running:
        yield running


def connection(broker: Broker) -> Connection:
    return Connection(address(broker.url), client_id="test", topics=[TOPIC])


async def receive(connection: Connection, count: int) -> list[Publish]:
    received: list[Publish] = []
    async with asyncio.timeout(10):
        while len(received) < count:
            received += await connection.receive()
    return received


def send(broker: Broker, *payloads: bytes) -> None:
    with Lift(broker, device="any") as lift:
        for payload in payloads:
            lift.send_raw(TOPIC, payload).wait_for_publish(5)


async def test_what_is_not_acknowledged_comes_again(broker: Broker) -> None:
    async with connection(broker) as first:
        await first.subscribed()
        await asyncio.to_thread(send, broker, b"1", b"2", b"3", b"4")
        one, two, _, four = await receive(first, 4)
        # The fourth waits for the third, as the standard has it.
        first.acknowledge([four.packet_id, two.packet_id])
        first.acknowledge([one.packet_id])
    async with connection(broker) as second:
        assert [message.payload for message in await receive(second, 2)] == [b"3", b"4"]


async def test_what_came_meanwhile_waits_for_the_next_connection(broker: Broker) -> None:
    async with connection(broker) as first:
        await first.subscribed()
    await asyncio.to_thread(send, broker, b"meanwhile")
    async with connection(broker) as second:
        assert [message.payload for message in await receive(second, 1)] == [b"meanwhile"]


async def test_what_it_publishes_arrives(broker: Broker) -> None:
    async with connection(broker) as both:
        await both.subscribed()
        both.publish(TOPIC, b"to myself")
        await both.flush()
        assert [message.payload for message in await receive(both, 1)] == [b"to myself"]


async def test_a_broker_that_ends_is_noticed(broker: Broker) -> None:
    async with connection(broker) as lost:
        await lost.subscribed()
        waiting = asyncio.create_task(lost.receive())
        await asyncio.to_thread(broker.stop)
        with pytest.raises(BrokerError):
            await asyncio.wait_for(waiting, 5)
        lost.acknowledge([1])  # to nobody, without an error


@asynccontextmanager
async def something_that_says(answer: bytes) -> AsyncIterator[Address]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000)
        writer.write(answer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield Address("127.0.0.1", server.sockets[0].getsockname()[1], None)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"\x20\x02\0\x05", "refuses us, with code 5"),
        (b"HTTP/1.1 400 Bad Request\r\n" + 90 * b" ", "the broker sent"),
        (b"\x20\x02\0\0\x90\x03\0\x01\x80", "refuses the subscription"),
        (b"\x20\x02\0\0\x30\xff\xff\xff\xff", "four bytes"),
    ],
)
async def test_what_is_no_broker_of_ours_is_named(answer: bytes, why: str) -> None:
    async with something_that_says(answer) as nowhere:

        async def converse() -> None:
            async with Connection(nowhere, client_id="test", topics=[TOPIC]) as hopeless:
                await hopeless.receive()

        with pytest.raises(BrokerError, match=why):
            await asyncio.wait_for(converse(), 5)
