"""A worker that gives shards up while lifts go on talking: what it took is stored, no more."""

import asyncio
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from ingest.broker import ALL_SHARDS, address
from ingest.decode import Arrived
from ingest.ear import Ear
from ingest.line import Line, Mqtt
from tests.support import telemetry as say
from tests.support.broker import Broker
from tests.support.worker import Lift, until


class Storing:
    """Acknowledges each message a while after it came, as the database lets a worker do."""

    def __init__(self) -> None:
        self.count = 0

    def take(self, messages: Iterable[Arrived]) -> None:
        """Take messages in."""
        for each in messages:
            self.count += 1
            delivery = each.delivery
            acknowledge = cast("Line", delivery.connection).acknowledge
            asyncio.get_running_loop().call_later(0.1, acknowledge, [delivery.packet_id])

    async def room(self) -> None:
        """There is always room."""


async def test_what_came_and_was_not_taken_in_yet_holds_up_nobody(tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        await given_up(broker)


async def given_up(broker: Broker) -> None:
    taker, over = Storing(), threading.Event()
    ear = Ear(
        Mqtt(address(broker.url)),
        name="ear",
        shards=ALL_SHARDS,
        taker=taker,
        now=lambda: datetime.now(UTC),
        news=lambda: None,
    )

    def talk() -> None:
        with Lift(broker, device=say.DEVICE) as lift:
            seq = 0
            while not over.wait(0.001):
                seq += 1
                lift.send(say.status(seq))
                lift.send(say.fault(seq))

    running = asyncio.create_task(ear.run())
    talking = threading.Thread(target=talk)
    talking.start()
    try:
        await until(lambda: taker.count > 200, "it hears the lift")
        ear.stop(within_s=300)
        async with asyncio.timeout(30):  # not those five minutes
            await running
    finally:
        over.set()
        talking.join()
