"""Measures the objectives, keeps how they stand, and closes the books. Nothing here commits."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from diagnostics.objectives.catalogue import BY_NAME, Objective
from diagnostics.queries import load
from gateway.metrics import Family

Connection = AsyncConnection[Any]

_SQL = load("diagnostics.objectives")
RECORDED_EVERY: Final = timedelta(minutes=5)
FORGOTTEN_AFTER: Final = timedelta(days=1)
KEPT_FOR: Final = timedelta(days=400)
# Of the numbers of a modem. One that works has a few dozen in its life.
RANGES_KEPT: Final = 300

logger = logging.getLogger(__name__)


class Reading(Struct, frozen=True):
    """How one objective stands: its value, of one of the things that it is about."""

    name: str
    label: str
    value: float

    @property
    def objective(self) -> Objective:
        """What was promised."""
        return BY_NAME[self.name]

    def __str__(self) -> str:
        """Return it in words for people who keep the platform running."""
        about = f" of {self.label}" if self.label else ""
        return f"{self.name}{about} is {self.value:g} {self.objective.unit}"


class Account(Struct, frozen=True):
    """The books of one stage: what came in, what became of it, and what is not to be found."""

    stage: str
    made: int
    done: int
    waiting: int
    missing: int


class Lag(Struct, frozen=True):
    """How far a lane is behind the log of a shard."""

    lane: str
    shard: int
    unread: int
    lag_s: float


class Measured(Struct, frozen=True):
    """Everything at one moment."""

    at: datetime
    readings: Sequence[Reading] = ()
    accounts: Sequence[Account] = ()
    lags: Sequence[Lag] = ()

    def critical(self) -> Iterator[Reading]:
        """Yield what people are to be paged for."""
        return (each for each in self.readings if each.objective.is_critical(each.value))

    def figures(self) -> Iterator[Family]:
        """Yield it as what is told to who asks for figures."""
        about = [{"objective": each.name, "label": each.label} for each in self.readings]
        yield Family(
            "objective",
            "How an objective of the platform stands, in its unit.",
            [(labels, each.value) for labels, each in zip(about, self.readings, strict=True)],
        )
        yield Family(
            "objective_met",
            "Whether an objective is met.",
            [
                (labels, each.objective.met(each.value))
                for labels, each in zip(about, self.readings, strict=True)
            ],
        )
        yield Family(
            "objective_target",
            "What was promised.",
            [({"objective": each.name}, each.target) for each in BY_NAME.values()],
        )
        yield Family(
            "account_messages",
            "The books of each stage: made = done + waiting + missing.",
            [
                ({"stage": each.stage, "side": side}, getattr(each, side))
                for each in self.accounts
                for side in ("made", "done", "waiting", "missing")
            ],
        )
        yield Family(
            "shard_lag_seconds",
            "How far a lane of the diagnostics is behind the log of a shard.",
            [({"lane": each.lane, "shard": str(each.shard)}, each.lag_s) for each in self.lags],
        )


async def measure(conn: Connection, now: datetime) -> Measured:
    """Return how everything stands."""
    readings = await _all(conn, "measure", now)
    return Measured(
        at=now,
        readings=[Reading(**row) for row in readings if row["name"] in BY_NAME],
        accounts=[msgspec.convert(row, Account) for row in await _all(conn, "accounts", now)],
        lags=[msgspec.convert(row, Lag) for row in await _all(conn, "lags", now)],
    )


async def keep(conn: Connection, measured: Measured) -> None:
    """Write down how everything stands, and close the books if it is time."""
    now, readings = measured.at, measured.readings
    books = {("accounts", each.stage): _sides(each) for each in measured.accounts}
    await conn.execute(
        _SQL["keep"],
        {
            "names": [each.name for each in readings],
            "labels": [each.label for each in readings],
            "values": [each.value for each in readings],
            "details": [Jsonb(books.get((each.name, each.label), {})) for each in readings],
            "missed": [not each.objective.met(each.value) for each in readings],
            "now": now,
        },
    )
    await conn.execute(_SQL["forget"], {"before": now - FORGOTTEN_AFTER})
    await conn.execute(_SQL["record"], {"at": _last_multiple(now, RECORDED_EVERY)})
    await conn.execute(_SQL["close_books"], {"now": now})
    if now - _last_multiple(now, timedelta(hours=1)) < RECORDED_EVERY:
        for statement in ("expire", "expire_books"):
            await conn.execute(_SQL[statement], {"before": now - KEPT_FOR})
        # Last, since nobody stores anything in these shards until it is committed.
        torn = await conn.execute(_SQL["close_gaps"], {"most": RANGES_KEPT})
        async for device, closed in torn:
            logger.warning("%s skips numbers: %d gaps were closed", device, closed)


async def note(
    conn: Connection, process: str, seen: Iterable[tuple[str, str, float]], now: datetime
) -> None:
    """Write down what this process sees of its surroundings: (name, label, value)."""
    found = list(seen)
    if not found:
        return
    names, labels, values = zip(*found, strict=True)
    await conn.execute(
        _SQL["note"],
        {
            "process": process,
            "names": list(names),
            "labels": list(labels),
            "values": list(values),
            "now": now,
        },
    )


async def _all(conn: Connection, statement: str, now: datetime) -> list[dict[str, Any]]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL[statement], {"now": now})
        return await cursor.fetchall()


def _sides(account: Account) -> dict[str, int]:
    return {"made": account.made, "done": account.done, "waiting": account.waiting}


def _last_multiple(now: datetime, every: timedelta) -> datetime:
    return now - timedelta(seconds=now.timestamp() % every.total_seconds())
