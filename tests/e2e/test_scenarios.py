"""Every scenario of the library, judged: simulated aid, real gateway, real writer, real engine.

Time is virtual, so minutes take seconds; what only real time can show is in ``test_chain.py``.
All aids live at the same time in one database. Scenarios of days are for ``make evaluate``.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from diagnostics.cycle import cycle
from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.registry import EMERGENCY
from gateway.protocol.vocabulary import AidKind
from ingest.decode import Delivery, decode
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect, connect_async
from ingest.writer import Job
from simulator.scenarios.loader import library
from simulator.scenarios.model import Scenario, duration_ms
from simulator.trace import START_WALL_MS, run_scenario
from tests.support.database import new_database, register_devices
from tests.support.timescale import timescale_server

START = datetime.fromtimestamp(START_WALL_MS / 1000, UTC)
TICK = timedelta(seconds=1)
ALL_SHARDS = range(64)
LONGEST_MS = 20 * 60_000
# How long the engine looks each second; then nothing is expected within seconds any more, and it
# looks less often. One database shows what comes of the seconds, the other the same verdicts on
# each third of those of minutes: what is decided is decided by the same code.
SECOND_BY_SECOND_S = {"plain": 150, "timescale": 0}
SELDOM_S = 5
LIBRARY = {name: one for name, one in library().items() if one.duration_ms <= LONGEST_MS}
SHORT = sorted(name for name, one in LIBRARY.items() if one.duration_ms <= 5 * 60_000)
PLAYED = {"plain": sorted(LIBRARY), "timescale": SHORT[::3]}
DEVICES = {name: f"aid-{number:06d}" for number, name in enumerate(sorted(LIBRARY), start=1)}
JUDGES = {detector.name for detector in EMERGENCY}

# The detector's words for what the scenarios call it; a modem's own call names the reason itself.
WORDS = {
    "sos": {"sos_pressed", "call_sos"},
    "fault_while_riding": {"blocked", "call_fault_while_riding"},
    "drive_refused": {"refused", "call_drive_refused"},
    "rider_gone": {"rider_gone", "call_rider_gone"},
    "power_too_low": {"power_low", "call_power_too_low"},
    "stopped_between_landings": {"stopped", "call_stopped_between_landings"},
    "silent_while_riding": {"silent", "connection_lost"},
    "stranded_away": {"call_stranded_away"},
    "tilted": {"call_tilted"},
    "load_hanging": {"call_load_hanging"},
}


def _messages(scenario: Scenario, device: str) -> Iterator[Delivery]:
    lines: list[bytes] = []
    run_scenario(scenario, lines.append, device=device)
    for line in lines:
        entry = json.loads(line)
        yield Delivery(
            entry["topic"],
            line[line.index(b'"message":') + len(b'"message":') : -2],
            datetime.fromisoformat(entry["at"]),
            live=True,
        )


async def _listen(conn: AsyncConnection[Any], now: datetime) -> None:
    """Say that the platform hears the lifts, as an ingest worker does."""
    await conn.execute(
        "INSERT INTO listener (worker, first_shard, last_shard, listening_since, beat_at)"
        " VALUES ('test', 0, 63, %s, %s) ON CONFLICT (worker) DO UPDATE SET beat_at = %s",
        [START - timedelta(hours=1), now, now],
    )


async def _live(url: str, names: Sequence[str], *, dense_s: int) -> None:
    """Let scenarios happen; the engine looks at each of the first ``dense_s`` seconds."""
    waiting = defaultdict(list)
    for name in names:
        for delivery in _messages(LIBRARY[name], DEVICES[name]):
            waiting[int((delivery.received_at - START) / TICK)].append(delivery)
    last = max(LIBRARY[name].duration_ms for name in names) // 1000
    async with await connect_async(url, application="test") as conn:
        arrived: list[Delivery] = []
        for tick in range(last + 1):
            arrived += sorted(waiting[tick], key=lambda one: one.received_at)
            if tick > dense_s and tick % SELDOM_S:
                continue
            now = START + (tick + 1) * TICK
            await _listen(conn, now)
            if arrived:
                await Job([decode(delivery) for delivery in arrived]).run(conn)
                arrived = []
            await cycle(conn, ALL_SHARDS, now=now)


def _outcome(url: str) -> dict[str, list[dict[str, Any]]]:
    """Return the tickets of each scenario, with the reasons that opened them."""
    outcome: dict[str, list[dict[str, Any]]] = {name: [] for name in LIBRARY}
    scenario_of = {device: name for name, device in DEVICES.items()}
    with connect(url, application="test") as conn:
        assert conn.execute("SELECT count(*) FROM quarantine").fetchone() == (0,)
        cursor = conn.cursor(row_factory=dict_row)
        for row in cursor.execute(
            "SELECT device.name, ticket.opened_at, ticket.priority,"
            " (SELECT detail->'reasons' FROM ticket_event AS opened"
            "  WHERE opened.ticket_id = ticket.ticket_id AND event_no = 1) AS reasons"
            " FROM ticket JOIN device USING (device_id) WHERE priority = 1 ORDER BY ticket_id"
        ):
            outcome[scenario_of[row.pop("name")]].append(row)
    return outcome


@contextmanager
def _timescale() -> Iterator[str]:
    with timescale_server() as url:
        with connect(url, application="test") as connection:
            migrate(connection)
        yield url


ENGINES = ["plain", pytest.param("timescale", marks=pytest.mark.timescale)]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_verdict(engine: str, postgres_url: str, template_database: str) -> None:
    """All in one test: the aids live together, once, and what is wrong is told by scenario."""
    names = PLAYED[engine]
    assert set(AidKind) == {LIBRARY[name].kind for name in names}
    plain = new_database(postgres_url, template_database)
    with plain if engine == "plain" else _timescale() as url:
        for kind in AidKind:
            aids = [DEVICES[name] for name in names if LIBRARY[name].kind is kind]
            length_mm = 4_700 if kind is AidKind.STAIRLIFT else None
            register_devices(url, aids, kind=kind, rail_length_mm=length_mm)
        asyncio.run(_live(url, names, dense_s=SECOND_BY_SECOND_S[engine]))
        verdicts = _outcome(url)
    assert {CATALOGUE[one.emergency_word].detector for one in LIBRARY.values()} <= JUDGES
    wrong = {}
    for name in names:
        try:
            _check(name, verdicts[name])
        except AssertionError as error:
            wrong[name] = str(error)
    assert wrong == {}


def _check(name: str, tickets: list[dict[str, Any]]) -> None:
    expect = LIBRARY[name].expect
    if not expect.emergency:
        assert tickets == []
        return
    assert len(tickets) == 1, tickets
    ticket = tickets[0]
    assert ticket["priority"] == 1
    assert expect.since is not None
    assert expect.within is not None
    since = START + timedelta(milliseconds=duration_ms(expect.since))
    assert ticket["opened_at"] >= since, "before anything was wrong"
    within = timedelta(milliseconds=duration_ms(expect.within), seconds=SELDOM_S)
    assert ticket["opened_at"] - since <= within
    found = {reason["code"] for reason in ticket["reasons"]}
    rightly = set().union(*(WORDS[reason] for reason in expect.reasons))
    assert found & rightly, (found, expect.reasons)
