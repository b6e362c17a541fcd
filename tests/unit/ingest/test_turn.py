"""How lanes share their thread."""

import asyncio

import pytest

from ingest.turn import STEP, Turn

LONG = range(3 * STEP)
SHORT = range(STEP)


async def test_all_is_done_in_order() -> None:
    done: list[int] = []
    await Turn().each(LONG, done.append)
    assert done == list(LONG)


async def test_between_two_steps_others_go_on() -> None:
    done: list[int] = []
    working = asyncio.create_task(Turn().each(LONG, done.append))
    seen = []
    while not working.done():
        await asyncio.sleep(0)
        seen.append(len(done))
    assert seen[:3] == [STEP, 2 * STEP, 3 * STEP]


async def test_who_has_much_waits_for_whoever_has_much() -> None:
    turn, done = Turn(), list[int]()
    async with asyncio.TaskGroup() as group:
        group.create_task(turn.each(LONG, done.append))
        group.create_task(turn.each(LONG, done.append))
    assert done == [*LONG, *LONG]


async def test_who_has_little_waits_for_nobody() -> None:
    turn, done = Turn(), list[str]()
    async with asyncio.TaskGroup() as group:
        group.create_task(turn.each(LONG, lambda _: done.append("long")))
        await asyncio.sleep(0)
        await turn.each(SHORT, lambda _: done.append("short"))
    assert done.index("short") <= STEP


async def test_who_fails_or_goes_away_gives_its_turn_back() -> None:
    turn, done = Turn(), list[int]()
    with pytest.raises(ZeroDivisionError):
        await turn.each(LONG, lambda number: 1 // number)
    leaving = asyncio.create_task(turn.each(LONG, done.append))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait({leaving})
    assert 0 < len(done) < len(LONG)
    await turn.each(LONG, done.append)
    assert done[-len(LONG) :] == list(LONG)
