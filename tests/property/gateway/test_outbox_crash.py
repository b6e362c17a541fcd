"""The outbox under a crash at any step: by interruption, by copying the files, and by kill -9."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gateway.outbox import SENDING_ORDER, Outbox
from gateway.protocol.topics import Kind
from tests.support.lift import identifiers
from tests.support.messages import STORED_KINDS, stored

KINDS = st.lists(st.sampled_from(STORED_KINDS), min_size=1, max_size=4)


def opened(path: Path) -> Outbox:
    return Outbox(path, device="sl-000001", new_id=identifiers().__next__)


def content(box: Outbox) -> dict[int, bytes]:
    return {p.seq: p.payload for kind in SENDING_ORDER for p in box.after(kind, 0, 10_000)}


class OutboxUnderCrash(RuleBasedStateMachine):
    """Whatever was committed is there after a crash; whatever was not left no trace."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.generation = 0
        self.box = opened(self.folder / "0.db")
        self.identity = self.box.outbox_id
        self.expected: dict[int, bytes] = {}
        self.confirmed: dict[int, bytes] = {}
        self.recovery: str | None = None
        self.head = 0
        self.note: bytes | None = None

    @rule(kinds=KINDS, note=st.binary(max_size=8))
    def put(self, kinds: list[str], note: bytes) -> None:
        put = self.box.put([stored(kind) for kind in kinds], {"note": note})
        assert [m.seq for m in put] == list(range(self.head + 1, self.head + 1 + len(kinds)))
        self.head += len(kinds)
        self.note = note
        for message in put:
            kept = self.box.get(message.seq)
            assert kept is not None
            self.expected[message.seq] = kept.payload

    @rule(kinds=KINDS, steps=st.integers(1, 200))
    def put_interrupted(self, kinds: list[str], steps: int) -> None:
        put = [stored(kind) for kind in kinds]
        self._interrupted(steps, lambda: self.box.put(put), len(put))

    @rule(steps=st.integers(1, 100))
    def forget_interrupted(self, steps: int) -> None:
        self._interrupted(steps, lambda: self.box.forget(list(self.expected)), 0)

    @rule(data=st.data())
    def forget(self, data: Any) -> None:
        seqs = data.draw(st.lists(st.integers(1, self.head + 2), max_size=5))
        self.box.forget(seqs)
        for seq in seqs:
            self.expected.pop(seq, None)

    @rule(data=st.data())
    def confirm(self, data: Any) -> None:
        seqs = data.draw(st.lists(st.integers(1, self.head + 2), max_size=5))
        kept = [pending for seq in seqs if (pending := self.box.get(seq))]
        self.box.confirm(seqs)
        for pending in kept:
            self.expected.pop(pending.seq, None)
            if pending.kind is not Kind.STATUS:
                self.confirmed[pending.seq] = pending.payload

    @rule(name=st.sampled_from("abc"))
    def take_back(self, name: str) -> None:
        if name != self.recovery:
            self.recovery = name
            self.expected |= self.confirmed
            self.confirmed.clear()
        else:
            assert not self.box.take_back(name)
            return
        assert self.box.take_back(name) == bool(self.expected)

    @rule()
    def restart(self) -> None:
        self.box.close()
        self.box = opened(self.folder / f"{self.generation}.db")

    @rule()
    def crash(self) -> None:
        """Go on from the files as they lie on disk now, with nothing closed or tidied up."""
        old = self.folder / f"{self.generation}.db"
        self.generation += 1
        new = self.folder / f"{self.generation}.db"
        for suffix in ("", "-wal"):
            if Path(f"{old}{suffix}").exists():
                shutil.copy(f"{old}{suffix}", f"{new}{suffix}")
        self.box.close()
        self.box = opened(new)

    def _interrupted(self, steps: int, action: Callable[[], object], added: int) -> None:
        count = 0

        def stop() -> int:
            nonlocal count
            count += 1
            return count == steps

        database = self.box._db
        assert isinstance(database, sqlite3.Connection)
        database.set_progress_handler(stop, 1)
        try:
            action()
        except sqlite3.OperationalError:
            pass  # a commit that reports an error may have taken place all the same
        finally:
            database.set_progress_handler(None, 1)
        # Finished or not, it is all or nothing.
        now = content(self.box)
        assert now in (self.expected, {}) or len(now) == len(self.expected) + added
        self.expected, self.head = now, self.box.head_seq

    @invariant()
    def nothing_lost_nothing_changed(self) -> None:
        assert self.box.outbox_id == self.identity
        assert self.box.head_seq == self.head
        assert content(self.box) == self.expected
        assert self.box.count == len(self.expected)
        assert self.box.size_bytes == sum(map(len, self.expected.values()))
        assert self.box.recall("note") == self.note

    def teardown(self) -> None:
        self.box.close()
        shutil.rmtree(self.folder)


TestOutboxUnderCrash = OutboxUnderCrash.TestCase
TestOutboxUnderCrash.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)

CHILD = """
import sys
from gateway.outbox import Outbox
from tests.support.lift import identifiers
from tests.support.messages import STORED_KINDS, stored

box = Outbox(sys.argv[1], device="sl-000001", new_id=identifiers().__next__)
while True:
    for kind in STORED_KINDS:
        (message,) = box.put([stored(kind)])
        sys.stdout.write(f"{message.seq} {box.get(message.seq).payload.hex()}\\n")
        sys.stdout.flush()
        if message.seq % 7 == 0:
            box.forget([message.seq - 3])
            sys.stdout.write(f"-{message.seq - 3} \\n")
            sys.stdout.flush()
"""


@pytest.mark.parametrize("rounds", [6])
def test_kill_nine_at_any_moment(tmp_path: Path, rounds: int) -> None:
    path = tmp_path / "o.db"
    told: dict[int, str] = {}
    forgotten: set[int] = set()
    for number in range(rounds):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
        )
        assert child.stdout is not None
        lines = [child.stdout.readline()]  # it has begun to write
        time.sleep(0.013 * (number + 1))  # not waiting for anything: when to kill is the test
        os.kill(child.pid, signal.SIGKILL)
        lines += child.stdout.readlines()
        child.wait()
        child.stdout.close()
        for line in lines:
            if not line.endswith(b"\n"):
                continue  # killed while it wrote
            seq, payload = line.decode().split(" ")
            if seq.startswith("-"):
                forgotten.add(int(seq[1:]))
            else:
                assert int(seq) not in told, "a number was given out twice"
                told[int(seq)] = payload.strip()
        box = opened(path)
        kept = {seq: payload.hex() for seq, payload in content(box).items()}
        assert box.head_seq >= max(told)
        box.close()
        # One deletion may have been committed and not told any more.
        assert len(told.keys() - forgotten - kept.keys()) <= number + 1
        assert not forgotten & kept.keys()
        assert all(kept[seq] == payload for seq, payload in told.items() if seq in kept)
    assert len(told) > 20
