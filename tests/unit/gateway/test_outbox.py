"""What the outbox keeps, and what it lets go."""

from pathlib import Path

import pytest

from gateway.outbox import SENDING_ORDER, Outbox
from gateway.protocol.codec import Encoding, decode
from gateway.protocol.messages import Numbered
from gateway.protocol.topics import Kind
from tests.support.lift import identifiers
from tests.support.messages import STORED_KINDS, stored


def outbox(path: Path | str = ":memory:", **bounds: int) -> Outbox:
    return Outbox(path, device="sl-000001", new_id=identifiers().__next__, **bounds)  # type: ignore[arg-type]


def counts(box: Outbox) -> dict[Kind, int]:
    return {kind: len(box.after(kind, 0, 1_000)) for kind in SENDING_ORDER}


def test_numbers_what_it_keeps() -> None:
    box = outbox()
    put = box.put([stored("call"), stored("status")])
    assert [(m.seq, m.device, m.outbox) for m in put] == [
        (1, "sl-000001", box.outbox_id),
        (2, "sl-000001", box.outbox_id),
    ]
    (kept,) = box.after(Kind.CALL, 0, 10)
    message = decode(Kind.CALL, kept.payload)
    assert isinstance(message, Numbered)
    assert message == put[0]
    assert box.holds(Kind.CALL)
    assert not box.holds(Kind.FAULT)


def test_survives_reopening(tmp_path: Path) -> None:
    first = outbox(tmp_path / "o.db")
    first.put([stored(kind) for kind in STORED_KINDS], {"watch": b"noted"})
    first.close()
    second = outbox(tmp_path / "o.db")
    assert second.outbox_id == first.outbox_id
    assert (second.head_seq, second.count, second.size_bytes) == (6, 6, first.size_bytes)
    assert second.recall("watch") == b"noted"
    assert second.recall("other") is None
    second.close()


def test_never_gives_a_number_out_again(tmp_path: Path) -> None:
    first = outbox(tmp_path / "o.db")
    first.put([stored("call")])
    first.forget([1])
    first.close()
    second = outbox(tmp_path / "o.db")
    assert [m.seq for m in second.put([stored("call")])] == [2]
    second.close()


def test_counts_sessions_over_restarts(tmp_path: Path) -> None:
    numbers = []
    for _ in range(3):
        box = outbox(tmp_path / "o.db")
        numbers += [box.next_session(), box.next_session()]
        box.close()
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_forgets_what_it_is_told_and_minds_nothing_else() -> None:
    box = outbox()
    box.put([stored("fault"), stored("fault"), stored("usage")])
    box.forget([2, 99])
    assert [p.seq for p in box.after(Kind.FAULT, 0, 10)] == [1]
    assert box.get(2) is None
    assert (box.count, box.size_bytes) == (
        2,
        sum(len(p.payload) for k in SENDING_ORDER for p in box.after(k, 0, 9)),
    )


def test_what_matters_least_goes_first_and_oldest_first() -> None:
    box = outbox(max_rows=12)
    box.put([stored(kind) for kind in STORED_KINDS] * 2)
    expected = dict.fromkeys(SENDING_ORDER, 2)
    for kind in (Kind.STATUS, Kind.CONDITION, Kind.USAGE, Kind.REPLY, Kind.FAULT):
        for left in (1, 0):
            box.put([stored("call")])
            expected[kind] = left
            expected[Kind.CALL] += 1
            assert counts(box) == expected
    box.put([stored("call")])
    assert [p.seq for p in box.after(Kind.CALL, 0, 30)] == [11, *range(13, 24)]


def test_bytes_are_bounded_too() -> None:
    box = outbox(max_bytes=2_000)
    for _ in range(100):
        box.put([stored("status")])
        box.put([stored("call")])
        assert box.size_bytes <= 2_000
    assert counts(box)[Kind.STATUS] == 0
    assert counts(box)[Kind.CALL] > 3


@pytest.mark.parametrize(
    "damage", [b"this is no database" * 100, b"SQLite format 3\0" + b"x" * 5000]
)
def test_damaged_file_is_put_aside_and_service_goes_on(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "o.db"
    path.write_bytes(damage)
    box = outbox(path)
    assert [m.seq for m in box.put([stored("call")])] == [1]
    assert (tmp_path / "o.db.damaged").read_bytes() == damage
    box.close()


def test_speaks_json_where_asked() -> None:
    box = Outbox(
        ":memory:",
        device="sl-000001",
        encoding=Encoding.JSON,
        new_id=identifiers().__next__,
    )
    box.put([stored("call")])
    assert box.after(Kind.CALL, 0, 1)[0].payload.startswith(b"{")


def test_what_was_confirmed_can_be_taken_back_once(tmp_path: Path) -> None:
    box = outbox(tmp_path / "o.db", keep_confirmed=3)
    put = box.put([stored(kind) for kind in ("call", "fault", "usage", "usage", "status")])
    waiting = {seq: box.get(seq) for seq in range(1, 6)}
    box.confirm([1, 2, 3, 4, 5, 99])
    assert (box.count, box.size_bytes) == (0, 0)
    box.close()
    # Of five, a status is of no use any more, and there is room for the last three.
    again = outbox(tmp_path / "o.db", keep_confirmed=3)
    assert again.take_back("a" * 32)
    assert {seq: box_ for seq in range(1, 6) if (box_ := again.get(seq))} == {
        seq: waiting[seq] for seq in (2, 3, 4)
    }
    assert again.count == 3
    assert again.size_bytes > 0
    assert again.put([stored("call")])[0].seq == put[-1].seq + 1
    again.confirm([2, 3, 4])
    assert not again.take_back("a" * 32)
    assert again.get(2) is None
    assert again.take_back("b" * 32)
    assert counts(again)[Kind.USAGE] == 2
    again.close()
