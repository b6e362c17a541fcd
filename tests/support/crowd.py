"""Lifts that all talk at once, and what must then stand in the database: no more, and no less."""

import threading
import time
from collections.abc import Mapping
from typing import Any, Final, Self

from tests.support import telemetry as say
from tests.support.broker import Broker
from tests.support.worker import Lift, query

DEVICES: Final = [f"sl-{number:06d}" for number in range(48)]
PAUSE_S: Final = 0.15


class Crowd:
    """Talks a while in a thread of its own; at last all call for help. ``said`` counts on.

    Args:
        broker: whom they talk to.
        each: how many messages each of ``DEVICES`` sends, the call included.
    """

    def __init__(self, broker: Broker, *, each: int) -> None:
        self.total = len(DEVICES) * each
        self.said = 0
        self._each = each
        self._broker = broker
        self._thread = threading.Thread(target=self._talk)

    def _talk(self) -> None:
        with Lift(self._broker, device="any", client_id="crowd") as lift:
            sent: list[Any] = []
            for seq in range(1, self._each + 1):
                for device in DEVICES:
                    sent.append(lift.send(self._message(seq, device)))
                    self.said += 1
                time.sleep(PAUSE_S)
            for each in sent:
                each.wait_for_publish(30)

    def _message(self, seq: int, device: str) -> Any:
        if seq == self._each:
            return say.call(seq, device=device, call_id=f"{int(device[3:]):032x}")
        return (say.usage if seq % 4 == 0 else say.status)(seq, device=device)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(60)

    def stored(self, database: str) -> bool:
        """Tell whether every number of every lift is marked as stored."""
        statement = "SELECT count(*) FROM outbox WHERE seen = %s::int8multirange"
        return query(database, statement, f"{{[1,{self._each + 1})}}") == [(len(DEVICES),)]

    def assert_stored_once(self, database: str, *, others: Mapping[str, int] | None = None) -> None:
        """Check that each message is one row, and that the log of each shard has no gap.

        ``others``: how many messages somebody else sent, by kind.
        """
        usages = len(DEVICES) * ((self._each - 1) // 4)
        calls = len(DEVICES)
        expected = {"usage": usages, "call": calls, "status": self.total - usages - calls}
        rows = {
            table: query(
                database, f"SELECT count(*), count(DISTINCT (device_id, seq)) FROM {table}"
            )
            for table in expected
        }
        expected = {
            table: count + (others or {}).get(table, 0) for table, count in expected.items()
        }
        assert rows == {table: [(count, count)] for table, count in expected.items()}
        log = " UNION ALL ".join(f"SELECT shard, log_no FROM {table}" for table in expected)
        gaps = query(
            database,
            f"SELECT shard FROM ({log}) AS log GROUP BY shard"
            " HAVING count(*) <> max(log_no) OR count(DISTINCT log_no) <> count(*)",
        )
        assert gaps == []
