"""The account of a simulated day: what was lost, missed or false, and how memory went."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from benchmarks.day import Ticket, balance, judge, latest, memory
from simulator.truth import Episode, ended, rfc3339
from tests.support.ledger import Sent

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
ONE = timedelta(minutes=1)


def episode(device: str, *, at: float, emergency: bool = True, finding: str = "") -> Episode:
    """Return what began ``at`` minutes past noon and took five."""
    began_ms = round((NOON + at * ONE).timestamp() * 1000)
    one = Episode(
        device=device,
        began=rfc3339(began_ms),
        until=None,
        what="sos_pressed" if emergency else "chosen_pause",
        emergency=emergency,
        finding=finding,
    )
    return ended(one, until_wall_ms=began_ms + 300_000)


def ticket(device: str, *, at: float, lasts: float | None = 4) -> Ticket:
    opened_at = NOON + at * ONE
    return Ticket(device, opened_at, None if lasts is None else opened_at + lasts * ONE)


def test_each_emergency_wants_a_ticket_of_its_own_time() -> None:
    happened = [
        episode("found", at=1),
        episode("missed", at=1),
        episode("much too late", at=1),
        episode("twice", at=1),
        episode("open already", at=3),
        episode("again", at=1),
        episode("again", at=30),
        episode("pause", at=1, emergency=False),
        episode("after the day", at=100),
        episode("after the day, with one", at=100),
    ]
    opened = [
        ticket("found", at=1.5),
        ticket("much too late", at=9),
        ticket("twice", at=1.1),
        ticket("twice", at=2),
        ticket("open already", at=1, lasts=None),
        ticket("again", at=1.5),
        ticket("again", at=31),
        ticket("pause", at=2),
        ticket("nothing happened", at=2),
        ticket("after the day, with one", at=101),
    ]
    found = judge(happened, opened, until=NOON + 60 * ONE)
    assert (found.expected, found.lookalikes, found.opened) == (7, 1, 10)
    assert found.missed == ["missed sos_pressed", "much too late sos_pressed"]
    assert found.doubled == ["twice sos_pressed"]
    assert {each.rpartition(" ")[0] for each in found.false} == {
        *("much too late", "open already", "pause", "nothing happened")
    }
    assert found.took_s == pytest.approx([30, 6, 30, 60])


def test_of_an_episode_the_later_line_counts() -> None:
    over = episode("a", at=1)
    lasts = msgspec.structs.replace(over, until=None)
    besides = msgspec.structs.replace(lasts, emergency=False, finding="fault")
    lines = [msgspec.json.encode(each).decode() for each in (lasts, besides, over)]
    assert latest(lines) == [over, besides]


def test_books_are_balanced_by_what_was_sent_until_one_looked() -> None:
    first, second, later = (Sent("a", "box", seq, "usage") for seq in (1, 2, 3))
    books = balance([first, second], Counter({first: 2, later: 1}))
    assert (books.sent, books.stored) == (2, 1)
    assert books.lost == [second]
    assert books.doubled == [first]


def test_memory_is_flat_or_grows() -> None:
    minutes = [(60.0 * minute, 100.0 + minute) for minute in range(61)]
    grows = memory(minutes)
    assert (grows.at_tenth, grows.at_half, grows.at_end) == (106, 130, 160)
    assert grows.slope == pytest.approx(60)
    # What it takes to begin with is no growth.
    flat = memory([(0.0, 20.0), *[(second, 80.0) for second, _ in minutes[6:]]])
    assert flat.slope == pytest.approx(0)
    assert memory([(0.0, 5.0)]).slope == 0
