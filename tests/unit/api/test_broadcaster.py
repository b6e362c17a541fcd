"""What a reader of the stream is told when something may have been missed."""

import asyncio
from collections.abc import AsyncIterator

from api.live.broadcaster import Broadcaster, Event
from api.live.schemas import Change, EventName
from api.queries import Connection


async def never() -> Connection:
    raise AssertionError("nobody connects here")


async def take(stream: AsyncIterator[Event], count: int) -> list[Event]:
    return [await anext(stream) for _ in range(count)]


async def test_a_reader_that_lags_is_told_to_read_everything_again() -> None:
    broadcaster = Broadcaster(never)
    stream = broadcaster.stream(None)
    await take(stream, 2)  # refresh, interrupted
    for number in range(500):
        broadcaster.publish(EventName.TICKET, Change(ticket=number))

    first, *_ = await take(stream, 1)
    assert first.name is EventName.REFRESH
    rest = await take(stream, 99)
    assert rest[-1].change.ticket == 499
    await stream.aclose()  # type: ignore[attr-defined]


async def test_what_is_forgotten_cannot_be_resumed() -> None:
    broadcaster = Broadcaster(never)
    stream = broadcaster.stream(None)
    await take(stream, 2)
    broadcaster.publish(EventName.TICKET, Change(ticket=0))
    [event] = await take(stream, 1)
    for number in range(1, 1_500):
        broadcaster.publish(EventName.TICKET, Change(ticket=number))

    again = broadcaster.stream(event.id)
    [first] = await take(again, 1)
    assert first.name is EventName.REFRESH
    await again.aclose()  # type: ignore[attr-defined]
    await stream.aclose()  # type: ignore[attr-defined]


async def test_silence_is_broken() -> None:
    stream = Broadcaster(never).stream(None, alive_s=0.01)
    await take(stream, 2)
    [event] = await take(stream, 1)
    assert (event.name, event.id) == (EventName.ALIVE, "")
    await stream.aclose()  # type: ignore[attr-defined]


async def test_closing_ends_all_streams() -> None:
    broadcaster = Broadcaster(never)

    async def read() -> list[Event]:
        return [event async for event in broadcaster.stream(None)]

    readers = [asyncio.create_task(read()) for _ in range(3)]
    await asyncio.sleep(0)
    broadcaster.close()
    for events in await asyncio.wait_for(asyncio.gather(*readers), 5):
        assert [event.name for event in events] == [EventName.REFRESH, EventName.INTERRUPTED]
    assert [event async for event in broadcaster.stream(None)] == []
