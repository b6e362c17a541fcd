"""What TimescaleDB takes to keep what aids say: bytes a row, as rows and packed; and to be asked.

    python -m benchmarks.timescale [--lifts 16] [--days 3] [--aids 400] [--year 150]

Readings come from simulated households behind the real gateway code, rides and conditions from the
years, all stored as ingest does, in the TimescaleDB of ``tests/node``: real, but compiled to
WebAssembly and with one session at a time, so its times are high. Packed, and summed by the jobs of
the migrations (none fires by itself there). Each line is a JSON object.

Bytes a row do not grow with the number of aids. What is asked about one aid reads its own segments
by index, in as many chunks as there are in the time asked about; what is asked about all of them
grows as they do.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from psycopg import Connection, sql

from api.devices.service import QUERIES as DEVICES
from diagnostics.queries import load
from ingest.decode import decode
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect, connect_async
from ingest.writer import Job
from simulator import manifest
from simulator.dwelling import home_of
from simulator.living import DAY_MS
from simulator.said import Said
from simulator.solo import listen, run_home
from simulator.tenant import tenant_of
from simulator.years import Fleet
from tests.support import telemetry
from tests.support.database import register_devices
from tests.support.timescale import run_jobs, timescale_server

EVIDENCE = load("diagnostics.misuse", "evidence.sql")
ROUNDS = 7
TABLES = ("status", "usage", "condition", "fault")
DAYS = ("usage_day", "fault_day", "condition_day")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lifts", type=int, default=16, help="of which readings are kept")
    parser.add_argument("--days", type=int, default=3, help="of readings")
    parser.add_argument("--aids", type=int, default=400, help="of which rides are kept")
    parser.add_argument("--year", type=int, default=150, help="days of rides")
    options = parser.parse_args()
    now = datetime.now(UTC)
    with timescale_server() as url:
        with connect(url, application="bench") as connection:
            migrate(connection)
        homes = readings(options.lifts, options.days, now)
        known: set[str] = set()
        asyncio.run(store(url, homes, known))
        fleet = Fleet(
            size=options.aids,
            days=options.year,
            seed=1,
            start=(now - timedelta(days=options.year)).date(),
        )
        asyncio.run(store(url, (said for aid in fleet for said in aid.said()), known))
        with connect(url, application="bench") as connection:
            measure(connection, now)


def readings(lifts: int, days: int, now: datetime) -> Iterator[Said]:
    """Let households live, and yield what their lifts say; the newest day ended yesterday."""
    begin = (now - timedelta(days=days + 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    begin_ms = int(begin.timestamp() * 1000)
    records = (aid for aid in manifest.records(size=lifts * 3, seed=5))
    for aid in [each for each in records if each.kind == "stairlift"][:lifts]:
        home = home_of(aid, seed=5, start_wall_ms=begin_ms)
        for day in range(days):
            home.begin(tenant_of(home, day_ms=day * DAY_MS).live())
        heard: list[Said] = []
        run_home(
            home,
            device=aid.device,
            until_ms=days * DAY_MS,
            rng=Random(f"trace/5/{aid.device}"),  # noqa: S311 - repeatable is the point
            take=listen(aid.device, heard.append),
            start_wall_ms=begin_ms,
            doze_ms=60_000,
        )
        yield from heard


async def store(url: str, said: Iterable[Said], known: set[str]) -> None:
    """Store messages as ingest does; aids that are not ``known`` yet are registered."""
    async with await connect_async(url, application="bench") as connection:
        rest = iter(said)
        while some := list(islice(rest, 2_000)):
            new = {each.device for each in some} - known
            register_devices(url, sorted(new))
            known |= new
            deliveries = [
                telemetry.deliver(
                    each.message, datetime.fromtimestamp(each.received_ms / 1000, UTC), live=True
                )
                for each in some
            ]
            await Job([decode(each) for each in deliveries]).run(connection)


def measure(connection: Connection[Any], now: datetime) -> None:
    """Print bytes a row before and after packing, and how long questions take."""
    connection.execute("ANALYZE")
    before = {name: size_of(connection, name) for name in TABLES}
    times = ask(connection, now)
    for name in DAYS:
        run_jobs(connection, name)
    for name in TABLES:
        connection.execute("SELECT compress_chunk(c) FROM show_chunks(%s) AS c", [name])
    connection.execute("ANALYZE")
    for name, (rows, size) in before.items():
        packed = size_of(connection, name)[1]
        report(
            f"{name}: bytes a row",
            round(size / rows, 1),
            rows=rows,
            packed=round(packed / rows, 1),
            ratio=round(size / packed, 1),
        )
    for name in DAYS:
        rows, size = size_of(connection, name)
        report(f"{name}: bytes a row", round(size / max(rows, 1), 1), rows=rows)
    for name, took_ms in ask(connection, now).items():
        report(f"{name}: ms", round(times[name], 1), packed_and_summed=round(took_ms, 1))


def ask(connection: Connection[Any], now: datetime) -> dict[str, float]:
    """Return how long each question takes, in ms: the median."""
    rider = connection.execute(
        "SELECT device_id, max(received_at) FROM status WHERE NOT at_rest"
        " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    ).fetchone()
    user = connection.execute(
        "SELECT device_id FROM usage GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    ).fetchone()
    assert rider is not None
    assert user is not None
    device, at = rider
    span = {"device_id": user[0], "empty": 1, "begin": now - timedelta(days=112), "end": now}
    minute = {
        "device_id": device,
        "from": at - timedelta(minutes=2),
        "until": at + timedelta(minutes=1),
        "received_until": at + timedelta(hours=1),
        "limit": 5_000,
    }
    questions: dict[str, tuple[Any, dict[str, Any]]] = {
        "readings around a moment, one aid": (DEVICES["telemetry"], minute),
        "the newest ride, one aid": (
            DEVICES["last_moving"],
            {"device_id": device, "since": now - timedelta(days=31)},
        ),
        "sixteen weeks of rides by day, one aid": (EVIDENCE["ride_days"], span),
        "use by day since the first, one aid": (
            "SELECT * FROM ride_day WHERE device_id = %(device_id)s AND day > %(begin)s::date",
            span | {"begin": now - timedelta(days=365)},
        ),
        "use by day since the first, all aids": (
            "SELECT day, sum(rides) FROM ride_day WHERE day > %(begin)s::date GROUP BY day",
            span | {"begin": now - timedelta(days=365)},
        ),
        "faults by code since the first, all aids": (
            "SELECT code, sum(raised) FROM fault_code_day WHERE day > %(begin)s::date GROUP BY 1",
            span | {"begin": now - timedelta(days=365)},
        ),
    }
    return {
        name: statistics.median(took_ms(connection, text, parameters))
        for name, (text, parameters) in questions.items()
    }


def took_ms(connection: Connection[Any], text: Any, parameters: dict[str, Any]) -> list[float]:
    """Ask some times; return how long each took."""
    times = []
    for _ in range(ROUNDS):
        began_s = time.perf_counter()
        connection.execute(text, parameters).fetchall()
        times.append((time.perf_counter() - began_s) * 1000)
    return times


def size_of(connection: Connection[Any], name: str) -> tuple[int, int]:
    """Return rows and bytes with indexes of a hypertable, or of what is kept of an aggregate."""
    kept = connection.execute(
        "SELECT format('%%I.%%I', materialization_hypertable_schema,"
        " materialization_hypertable_name)"
        " FROM timescaledb_information.continuous_aggregates WHERE view_name = %s",
        [name],
    ).fetchone()
    table = name if kept is None else kept[0]
    row = connection.execute(
        sql.SQL("SELECT count(*), hypertable_size({}::regclass) FROM {}").format(
            table, sql.Identifier(name)
        )
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def report(name: str, value: float, **more: Any) -> None:
    print(json.dumps({"name": name, "value": value} | more), flush=True)


if __name__ == "__main__":
    main()
