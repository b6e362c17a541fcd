"""What cannot be one modem, and what can."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.identity.codes import hash_of, new_code
from ingest.identity.oddities import Connection, Oddity, TakeOvers, of_connections

BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def judged(*found: tuple[int, int, int]) -> list[Oddity]:
    connections = [
        Connection(outbox_no, session, head_seq, BEGAN + timedelta(minutes=number))
        for number, (outbox_no, session, head_seq) in enumerate(found)
    ]
    return [event.kind for event in of_connections("sl-000001", connections)]


@pytest.mark.parametrize(
    ("connections", "expected"),
    [
        ([], []),
        ([(1, 1, 0), (1, 2, 8), (1, 9, 8)], []),
        # A disk that breaks: in memory, and after the next start on the old one again.
        ([(1, 1, 5), (2, 2, 1), (1, 3, 5)], []),
        # New memory after each of three starts.
        ([(1, 1, 5), (2, 2, 1), (3, 3, 1), (4, 4, 1)], []),
        # A copy of the disk goes on from where it was taken.
        ([(1, 7, 90), (1, 6, 70)], [Oddity.COUNTS_BACK]),
        ([(1, 7, 90), (1, 8, 70)], [Oddity.COUNTS_BACK]),
        # Two modems under one name.
        ([(1, 1, 5), (2, 1, 5), (1, 2, 6), (2, 2, 6), (1, 3, 7), (2, 3, 7)], [Oddity.TWO_MODEMS]),
    ],
)
def test_connections(connections: list[tuple[int, int, int]], expected: list[Oddity]) -> None:
    assert judged(*connections) == expected


def test_one_event_a_day_and_kind() -> None:
    connections = [Connection(1, 9 - n, 90 - n, BEGAN + timedelta(minutes=n)) for n in range(5)]
    keys = {event.key for event in of_connections("sl-000001", connections)}
    assert keys == {"counts_back:sl-000001:20260302"}


def test_take_overs_count_within_minutes_and_by_device() -> None:
    seen = TakeOvers()
    minute = timedelta(minutes=1)
    assert [seen.seen("a", BEGAN + n * 4 * minute) for n in range(6)] == [None] * 6
    assert [seen.seen("b", BEGAN + n * minute) is not None for n in range(4)] == [
        *(False, False, False),
        True,
    ]


def test_a_code_is_typed_as_people_type() -> None:
    code = new_code(lambda bits: 2**bits - 1 - 0b11111_00001)
    assert code == "ZZZZ-ZZZZ-ZZZZ-ZZ0Y"
    assert hash_of(code) == hash_of("zzzz zzzz zzzz zzoy") != hash_of("ZZZZ-ZZZZ-ZZZZ-ZZ1Y")
