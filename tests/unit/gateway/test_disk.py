"""A disk that hangs is one that fails: nobody waits for it, and nothing goes out twice."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import outbox as outbox_module
from gateway.disk import PatientConnection
from gateway.outbox import Outbox
from gateway.protocol.messages import Call, Usage
from gateway.protocol.topics import Kind
from gateway.protocol.vocabulary import Demand, Signals
from tests.support.hanging import HangingDisk
from tests.support.lift import identifiers
from tests.support.messages import stored
from tests.support.modem import NEVER_TEST, Modem

PATIENCE_S = 0.2  # of real time: what does not hang is done in far less


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[HangingDisk]:
    """All that is opened lies on it; it moves again at the end, so that no thread is left."""
    hanging = HangingDisk()
    monkeypatch.setattr(outbox_module, "_connect", hanging.under(outbox_module._connect))
    yield hanging
    hanging.move()


@pytest.fixture
def database(tmp_path: Path, disk: HangingDisk) -> PatientConnection:
    def opened() -> sqlite3.Connection:
        return disk.watch(sqlite3.connect(tmp_path / "d.db", check_same_thread=False))

    database = PatientConnection(opened, PATIENCE_S)
    with database:
        database.execute("CREATE TABLE thing (name TEXT UNIQUE)")
    return database


def outbox(path: Path) -> Outbox:
    ids = identifiers()
    return Outbox(path, device="sl-000001", new_id=ids.__next__, patience_s=PATIENCE_S)


def names(database: PatientConnection) -> list[str]:
    return [name for (name,) in database.execute("SELECT name FROM thing")]


def test_it_does_what_a_connection_does(database: PatientConnection) -> None:
    with database:
        database.executemany("INSERT INTO thing VALUES (?)", (each for each in [("a",), ("b",)]))
    assert database.execute("SELECT name FROM thing WHERE name = ?", ("b",)).fetchone() == ("b",)
    with pytest.raises(sqlite3.IntegrityError), database:
        database.executemany("INSERT INTO thing VALUES (?)", [("c",), ("a",)])
    assert names(database) == ["a", "b"]
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.execute("SELECT * FROM nowhere")
    database.close()


def test_what_takes_too_long_has_failed_and_is_undone(
    database: PatientConnection, disk: HangingDisk
) -> None:
    disk.hang("INSERT")
    with pytest.raises(sqlite3.OperationalError, match="nothing for"), database:
        database.executemany("INSERT INTO thing VALUES (?)", [("begun",)])
    with pytest.raises(sqlite3.OperationalError, match="still hangs"):
        names(database)
    disk.move()
    settle(database)
    assert names(database) == []


def settle(database: PatientConnection) -> None:
    """Wait until what hung has come to its end."""
    assert database._late is not None
    database._late.exception(timeout=10)


def test_an_outbox_that_cannot_even_be_opened_fails(disk: HangingDisk, tmp_path: Path) -> None:
    disk.hang()
    with pytest.raises(sqlite3.OperationalError, match="hangs"):
        outbox(tmp_path / "o.db")


def test_opening_may_take_longer() -> None:
    def slowly() -> sqlite3.Connection:
        threading.Event().wait(2 * PATIENCE_S)  # nobody sets it
        return sqlite3.connect(":memory:", check_same_thread=False)

    database = PatientConnection(slowly, PATIENCE_S)
    assert database.execute("SELECT 1").fetchone() == (1,)
    database.close()
    with pytest.raises(sqlite3.OperationalError, match="nothing for"):
        PatientConnection(slowly, PATIENCE_S, opening_s=PATIENCE_S)


ENDS = """
import sqlite3
from gateway.disk import PatientConnection
from tests.support.hanging import HangingDisk

disk = HangingDisk()
memory = sqlite3.connect(":memory:", check_same_thread=False)
database = PatientConnection(lambda: disk.watch(memory), 0.1)
disk.hang()
try:
    database.execute("SELECT 1")
except sqlite3.OperationalError as error:
    print(error)
database.close()
"""


def test_a_process_ends_while_it_hangs() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ENDS], capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout == "the disk hangs: nothing for 0.1 s\n"


def test_what_hung_and_was_stored_all_the_same_is_not_sent_twice(
    disk: HangingDisk, tmp_path: Path
) -> None:
    box = outbox(tmp_path / "o.db")
    box.put([stored("usage")])
    disk.hang("COMMIT")
    with pytest.raises(sqlite3.OperationalError):
        box.put([stored("usage")])
    disk.move()
    settle(box._db)  # type: ignore[arg-type]
    assert len(box.after(Kind.USAGE, 0, 10)) == 2, "it was not stored: this shows nothing"

    meanwhile = Outbox(":memory:", device="sl-000001", new_id=identifiers().__next__)
    box.take_over(meanwhile)
    assert [each.seq for each in box.after(Kind.USAGE, 0, 10)] == [1]
    (again,) = box.put([stored("usage")])
    assert (again.seq, box.head_seq, box.count) == (2, 2, 2)
    box.close()


def test_whoever_is_stuck_is_heard_and_later_all_is_as_before(
    disk: HangingDisk, tmp_path: Path
) -> None:
    modem = Modem(tmp_path / "outbox.db", NEVER_TEST, patience_s=PATIENCE_S)
    modem.run(1_000)
    on_disk = modem.agent.outbox
    disk.hang()
    modem.run(95_000, speed_mm_s=0, demand=Demand.NONE, signals=Signals.SOS)
    assert len(modem.of(Call)) > 1
    assert len({call.call_id for call in modem.of(Call)}) == 1
    assert modem.hardware.texts, "nobody answered, so the telephone was due"
    assert modem.agent.outbox is not on_disk

    disk.move()
    settle(on_disk._db)  # type: ignore[arg-type]
    modem.say("help_coming")
    modem.run(300_000, signals=Signals(0))
    assert modem.agent.outbox is on_disk
    numbers = [(each.outbox, each.seq) for each in modem.of(Call)]
    assert len(numbers) == len(set(numbers))
    assert not [one for one in modem.of(Usage) if one.outbox == on_disk.outbox_id]
    on_disk.close()
