"""A disk that hangs, for a while or for ever: within SQLite, as on flash that is worn out."""

import sqlite3
import threading
from collections.abc import Callable
from typing import Any


class HangingDisk:
    """Lets no statement that begins like one of those given end before ``move``."""

    def __init__(self) -> None:
        self._moves = threading.Event()
        self._moves.set()
        self._at: tuple[str, ...] = ()

    def hang(self, *at: str) -> None:
        """Hang from now on; without ``at`` at everything."""
        self._at = at or ("",)
        self._moves.clear()

    def move(self) -> None:
        """Go on with what was begun."""
        self._moves.set()

    def watch(self, db: sqlite3.Connection) -> sqlite3.Connection:
        """Have that connection hang with it."""
        db.set_trace_callback(self._executed)
        return db

    def under(self, connect: Callable[[str], sqlite3.Connection]) -> Any:
        """Return ``connect``, on this disk, unless it is in memory."""

        def connected(path: str) -> sqlite3.Connection:
            db = connect(path)
            return db if path == ":memory:" else self.watch(db)

        return connected

    def _executed(self, statement: str) -> None:
        if statement.startswith(self._at):
            self._moves.wait()
