"""A database on a disk that may hang: what is not done in time has failed, and life goes on.

Flash that wears out does not only fail: it stands still, for seconds or for ever, and whoever waits
for it cannot even be killed. So the waiting is done by a thread that nobody waits for.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Final, Self, TypeVar

# Flash that is busy with itself takes a second or two; a modem that is silent for longer is missed.
PATIENCE_S: Final = 5.0
# To look through a file after a power cut takes longer, and what it holds may be a call.
OPENING_S: Final = 30.0

Done = TypeVar("Done")
_Task = tuple[Future[Any], Callable[[], Any]]


class Rows:
    """What a statement found, all of it."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows = iter(rows)

    def __iter__(self) -> Iterator[Any]:
        """Yield what is left."""
        return self._rows

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        """Return what is left."""
        return list(self._rows)


class PatientConnection:
    """As much of ``sqlite3.Connection`` as an outbox uses, with an end to the waiting.

    What was begun when the disk hung is rolled back as soon as it moves again, unless it was a
    commit: that may have taken place, as after any commit that reports an error.

    Args:
        open_: opens the database; it may be used in any thread.
        patience_s: how long anything may take.
        opening_s: how long opening may take.

    Raises:
        sqlite3.OperationalError: it takes longer, or has not come back since it did.
    """

    def __init__(
        self,
        open_: Callable[[], sqlite3.Connection],
        patience_s: float = PATIENCE_S,
        opening_s: float = OPENING_S,
    ) -> None:
        self._patience_s = patience_s
        self._late: Future[Any] | None = None
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        # A daemon, since the process must be able to end while it waits.
        threading.Thread(target=_work, args=(self._tasks,), name="disk", daemon=True).start()
        self._db = self._do(open_, opening_s)

    def execute(self, statement: str, parameters: Any = ()) -> Rows:
        """Execute a statement."""
        return Rows(self._do(lambda: self._db.execute(statement, parameters).fetchall()))

    def executemany(self, statement: str, parameters: Any) -> None:
        """Execute a statement for each of ``parameters``."""
        rows = list(parameters)
        self._do(lambda: self._db.executemany(statement, rows))

    def rollback(self) -> None:
        """Undo what was not committed."""
        self._do(self._db.rollback)

    def close(self) -> None:
        """Close it; while the disk hangs, let it go."""
        with suppress(sqlite3.OperationalError):
            self._do(self._db.close)
        self._tasks.put(None)

    def __enter__(self) -> Self:
        """Begin what is committed at its end, or rolled back should it fail."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End it."""
        if kind is not None:
            self._undo()
            return
        try:
            self._do(self._db.commit)
        except sqlite3.Error:
            self._undo()
            raise

    def _undo(self) -> None:
        with suppress(sqlite3.Error):  # what went wrong before says more
            self._do(self._db.rollback)

    def _do(self, work: Callable[[], Done], patience_s: float | None = None) -> Done:
        patience_s = patience_s or self._patience_s
        if self._late is not None:
            if not self._late.done():
                raise sqlite3.OperationalError("the disk still hangs")
            self._late = None
            self._do(self._db.rollback)
        task: Future[Done] = Future()
        self._tasks.put((task, work))
        try:
            return task.result(patience_s)
        except TimeoutError:
            self._late = task
            raise sqlite3.OperationalError(
                f"the disk hangs: nothing for {patience_s:g} s"
            ) from None


def _work(tasks: SimpleQueue[_Task | None]) -> None:
    while (task := tasks.get()) is not None:
        done, work = task
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
            done.set_exception(error)
