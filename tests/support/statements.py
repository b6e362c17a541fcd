"""Which statements a piece of work sends to the database, by their names in the ``.sql`` files."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from psycopg import AsyncCursor

from diagnostics.queries import load

_SOURCES = Path(__file__).resolve().parents[2]
_PACKAGES = ("api", "diagnostics")
_sent: ContextVar[list["Statement"]] = ContextVar("sent")


class Statement(NamedTuple):
    """One that was sent. ``took_ms``: until its answer was here, by the clock of the sender."""

    name: str
    text: Any
    parameters: Any
    rows: int
    took_ms: float


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Give a list to which every named statement is added that the block and its tasks execute.

    Not those of tasks that began before.
    """
    sent: list[Statement] = []
    token = _sent.set(sent)
    execute = AsyncCursor.execute

    async def execute_and_record(
        self: AsyncCursor[Any], query: Any, params: Any = None, **more: Any
    ) -> AsyncCursor[Any]:
        began_s = time.perf_counter()
        result = await execute(self, query, params, **more)
        name, mine = names().get(query), _sent.get(None)
        if name is not None and mine is not None:
            took_ms = (time.perf_counter() - began_s) * 1_000
            mine.append(Statement(name, query, params, self.rowcount, took_ms))
        return result

    AsyncCursor.execute = execute_and_record  # type: ignore[method-assign,assignment]
    try:
        yield sent
    finally:
        AsyncCursor.execute = execute  # type: ignore[method-assign]
        _sent.reset(token)


def of_workers() -> list[Statement]:
    """Return all that diagnostics may send and the database plans, as if without parameters."""
    return [
        Statement(name, text, None, 0, 0.0)
        for text, name in names().items()
        if name.startswith("diagnostics.") and not text.startswith("SET")
    ]


@cache
def names() -> Mapping[Any, str]:
    """Return the name of each statement by its text: ``package.name``."""
    return {
        text: f"{package}.{name}"
        for top in _PACKAGES
        for file in (_SOURCES / top).rglob("*.sql")
        for package in [".".join(file.parent.relative_to(_SOURCES).parts)]
        for name, text in load(package, file.name).items()
    }
