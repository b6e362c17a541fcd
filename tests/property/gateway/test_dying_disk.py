"""A modem's disk that dies at any moment, in any way: the call for help goes out all the same."""

import sqlite3
from typing import Any, Self

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.protocol.messages import Call
from gateway.protocol.vocabulary import Demand, Landing, Seat, Signals
from tests.support.modem import NEVER_TEST, Modem

SOS_MS = 20_000
END_MS = 200_000  # nobody answers: after 90 s the telephone is tried
REPEAT_MS = 61_000  # at the latest after a minute the call is sent again

moments = st.integers(0, END_MS)


class DyingDisk:
    """A connection to a database that cannot be read, or cannot be written, or neither."""

    def __init__(self, disk: sqlite3.Connection, fails: str) -> None:
        self._disk = disk
        self._fails = fails

    def execute(self, statement: str, *parameters: Any) -> Any:
        self._fail("reads" if statement.startswith("SELECT") else "writes")
        return self._disk.execute(statement, *parameters)

    def executemany(self, statement: str, parameters: Any) -> Any:
        self._fail("writes")
        return self._disk.executemany(statement, parameters)

    def _fail(self, doing: str) -> None:
        if self._fails in (doing, "all"):
            raise sqlite3.OperationalError("disk I/O error")

    def rollback(self) -> None:
        self._disk.rollback()

    def close(self) -> None:
        self._disk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._disk.commit()
        else:
            self._disk.rollback()


@given(
    dies_ms=moments,
    fails=st.sampled_from(["reads", "writes", "all"]),
    outage_ms=st.none() | st.tuples(moments, moments).map(sorted),
    acknowledges=st.booleans(),
)
@example(dies_ms=SOS_MS + 1_000, fails="reads", outage_ms=None, acknowledges=True)
@example(dies_ms=SOS_MS + 1_000, fails="reads", outage_ms=[0, END_MS], acknowledges=True)
@example(dies_ms=SOS_MS - 1_000, fails="all", outage_ms=[0, SOS_MS + 2_000], acknowledges=False)
def test_whoever_is_stuck_is_heard(
    *, dies_ms: int, fails: str, outage_ms: list[int] | None, acknowledges: bool
) -> None:
    modem = Modem(settings=NEVER_TEST)
    modem.acknowledges = acknowledges

    def die() -> None:
        outbox: Any = modem.agent.outbox
        outbox._db = DyingDisk(outbox._db, fails)

    def ride() -> None:
        modem.run(0, speed_mm_s=120, seat=Seat.OCCUPIED, demand=Demand.UP, landing=Landing.BETWEEN)

    def press() -> None:
        modem.run(0, speed_mm_s=0, demand=Demand.NONE, signals=Signals.SOS)

    story = [(5_000, ride), (SOS_MS, press), (dies_ms, die)]
    if outage_ms is not None:
        story += zip(outage_ms, (modem.line.drop, modem.line.restore), strict=True)
    for at_ms, happens in sorted(story, key=lambda each: each[0]):
        modem.run(at_ms - modem.hardware.now_ms)
        happens()
    modem.run(END_MS - modem.hardware.now_ms)
    assert modem.hardware.texts, "nobody answered, so the telephone was due"

    assert modem.agent.call is not None
    told = [each.call_id for each in modem.run(REPEAT_MS) if isinstance(each, Call)]
    assert set(told) == {modem.agent.call.call_id}, "nobody answered, so the call is repeated"
