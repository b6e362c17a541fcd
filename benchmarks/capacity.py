"""The capacity model: measured, held against real parts at three sizes, and what follows from it.

    python -m benchmarks.capacity [--shape straight|jetstream] [--seconds 15] [AIDS …]

What aids say is that of simulated households, a day of each. Broker, ingest, PostgreSQL and engine
(and bridge and three nodes, each in a network of its own: as root) run as in service and are fed
at the rate of the fleet's busiest quarter of an hour. Runs at two other rates fix the model, one at
rest says what has nothing to do with messages. Processor time is what is compared: beside other
work it says more than a rate. What is not kept up with is told as what keeping up would take.

Each line of output is a JSON object; ``ratio`` is what was measured against the model.
"""

import argparse
import hashlib
import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, structs

from benchmarks.ingest import cpu_s, database, postmaster, wait_until
from benchmarks.sizing import ROW_B, Line, Talk, need_of, through
from gateway.protocol.topics import Kind, topic_of
from ingest.storage.migrate import migrate
from ingest.storage.pool import connect
from simulator import manifest
from simulator.trace import run_household
from tests.support.broker import Broker
from tests.support.database import register_devices
from tests.support.engine import engine_process
from tests.support.nats_cluster import NODES, NatsCluster
from tests.support.publisher import connected, pace, packet
from tests.support.sharing import heard
from tests.support.worker import WorkerProcess

FLEETS: Final = (10_000, 40_000, 160_000)
FIXED_AT: Final = (20_000, 80_000)
PLANNED: Final = (10_000, 100_000, 250_000, 1_000_000)
HOUSEHOLDS: Final = 96
LEARNT_FROM: Final = 24
QUARTER_S: Final = 900
# What begins takes more than what is at rest.
SETTLE_S: Final = 5.0
# Less says little about bytes.
LEAST_MESSAGES: Final = 1_500


class Said(Struct, frozen=True):
    """A message of a household: whose, when (seconds), of what kind, and what it says."""

    aid: int
    at_s: float
    kind: Kind
    payload: bytes
    readings: int


class _Message(Struct):
    samples: tuple[msgspec.Raw, ...] = ()


class _Recorded(Struct):
    at: datetime
    topic: str
    message: msgspec.Raw


class Taken(Struct, frozen=True):
    """What a run took: messages and readings in how long, cores by part, bytes of the database.

    ``asked``: messages a second that it was fed with.
    """

    asked: float
    messages: int
    readings: int
    took_s: float
    cores: dict[str, float]
    rows_b: int
    log_b: int
    load: float

    @property
    def per_s(self) -> float:
        """Messages a second that were judged."""
        return self.messages / self.took_s

    def needed(self, rest: "Taken") -> dict[str, float]:
        """Return the cores of each part that keep up with what was asked."""
        return {
            part: rest.cores[part] + (cores - rest.cores[part]) * self.asked / self.per_s
            for part, cores in self.cores.items()
        }


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.capacity", description=__doc__)
    parser.add_argument("--shape", choices=("straight", "jetstream"), default="straight")
    parser.add_argument("--seconds", type=float, default=15.0, help="how long each run")
    parser.add_argument("aids", type=int, nargs="*", help="sizes of fleets")
    options = parser.parse_args()
    sizes = options.aids or FLEETS
    days = list(households(HOUSEHOLDS))
    talk = talk_of(days[:LEARNT_FROM])
    for name in Talk.__struct_fields__:
        tell(f"an aid, {name}", getattr(talk, name), "a day" if name != "peak" else "")
    for count in (24, 48, HOUSEHOLDS):
        told = sum(len(day) for day in days[-count:])
        tell(f"{count} other aids, messages", told, "a day", model=talk.messages * count)
        size = sum(len(said.payload) for day in days[-count:] for said in day)
        tell(f"{count} other aids, payload", size, "B a day", model=talk.payload_b * count)
    # Their first half hour is that of aids that are switched on all at once.
    begin_s = min(day[0].at_s for day in days) + 1_800
    stream = sorted(
        (said for day in days for said in day if said.at_s > begin_s), key=lambda said: said.at_s
    )
    with tempfile.TemporaryDirectory(prefix="liftwacht-bench-") as folder, database() as url:
        with connect(url, application="bench") as connection:
            migrate(connection)
        runs = Runs(Path(folder), url, stream, jetstream=options.shape == "jetstream")
        rest = runs.run(0, options.seconds)
        low, high = (runs.run(talk.peak_per_s(aids), options.seconds) for aids in FIXED_AT)
        costs = {
            part: through(
                (low.asked, low.needed(rest)[part]), (high.asked, high.needed(rest)[part])
            )
            for part in rest.cores
        }
        for part, line in costs.items():
            tell(f"{part}, at rest", rest.cores[part], "cores", load=rest.load)
            tell(f"{part}, busy", line.busy, "cores", load=low.load)
            tell(f"{part}, a message", line.each * 1e6, "us", load=high.load)
        rows_b, log_b = high.rows_b / high.readings, high.log_b / high.readings
        tell("database, rows a reading", rows_b, "B", model=ROW_B)
        tell("database, log a reading", log_b, "B")
        for aids in sizes:
            found = runs.run(talk.peak_per_s(aids), options.seconds)
            compare(aids, found, rest, costs, rows_b=rows_b, log_b=log_b)
    for aids in PLANNED:
        print(json.dumps({"aids": aids, **need(aids, talk, costs, log_b)}), flush=True)


def compare(
    aids: int, found: Taken, rest: Taken, costs: dict[str, Line], *, rows_b: float, log_b: float
) -> None:
    """Tell what a run took, against the model; bytes are those for each reading."""
    name = f"{aids} aids"
    tell(f"{name}, messages", found.per_s, "/s", model=found.asked, load=found.load)
    needed = found.needed(rest)
    for part, cores in needed.items():
        tell(f"{name}, {part}", cores, "cores", model=costs[part].at(found.asked))
    whole = sum(line.at(found.asked) for line in costs.values())
    tell(f"{name}, together", sum(needed.values()), "cores", model=whole)
    tell(f"{name}, rows", found.rows_b, "B", model=found.readings * rows_b)
    tell(f"{name}, log", found.log_b, "B", model=found.readings * log_b)


def need(aids: int, talk: Talk, costs: dict[str, Line], log_b: float) -> dict[str, float]:
    """Return what a fleet needs, rounded to be read."""
    found = msgspec.to_builtins(need_of(aids, talk, costs, log_b=log_b))
    return {name: float(f"{value:.3g}") for name, value in found.items()}


def tell(name: str, value: float, unit: str, *, model: float | None = None, **more: Any) -> None:
    """Print a figure."""
    line = {"name": name, "value": float(f"{value:.4g}"), "unit": unit, **more}
    if model is not None:
        line |= {"model": float(f"{model:.4g}"), "ratio": round(value / model, 2)}
    print(json.dumps(line), flush=True)


# -- what aids say ------------------------------------------------------------------------------


def households(count: int) -> Iterator[list[Said]]:
    """Yield a day of each of ``count`` aids, from half past eight on."""
    for number, aid in enumerate(manifest.records(size=count, seed=1)):
        lines: list[bytes] = []
        run_household(aid, lines.append, days=1, seed=1)
        yield [_said(number, msgspec.json.decode(line, type=_Recorded)) for line in lines]


def _said(aid: int, recorded: _Recorded) -> Said:
    payload = bytes(recorded.message)
    kind = Kind(recorded.topic.rpartition("/")[2])
    whole = kind is Kind.STATUS
    readings = len(msgspec.json.decode(payload, type=_Message).samples) if whole else 0
    return Said(aid, recorded.at.timestamp(), kind, payload, readings)


def talk_of(days: Sequence[Sequence[Said]]) -> Talk:
    """Return what an aid says, on average."""
    every = [said for day in days for said in day]
    quarters = Counter(int(said.at_s // QUARTER_S) for said in every)
    return Talk(
        messages=len(every) / len(days),
        readings=sum(said.readings for said in every) / len(days),
        payload_b=sum(len(said.payload) for said in every) / len(days),
        peak=max(quarters.values()) * 96 / len(every),
    )


# -- real parts ---------------------------------------------------------------------------------


class Runs:
    """Runs of the whole on one database, each with aids that nobody has heard of before."""

    def __init__(self, folder: Path, url: str, stream: Sequence[Said], *, jetstream: bool) -> None:
        self._folder = folder
        self._url = url
        self._stream = stream
        self._jetstream = jetstream
        self._count = 0

    def run(self, per_s: float, seconds: float) -> Taken:
        """Feed messages at a rate; return what was taken until the last was judged."""
        self._count += 1
        said = list(self._said(max(round(per_s * seconds), LEAST_MESSAGES) if per_s else 0))
        folder = self._folder / str(self._count)
        folder.mkdir()
        with ExitStack() as stack:
            broker = stack.enter_context(Broker(folder, persistent=False))
            parts = {"broker": [broker.pid]}
            settings = {}
            if self._jetstream:
                cluster = stack.enter_context(NatsCluster(folder))
                settings = cluster.settings
                bridge = WorkerProcess(broker, self._url, command="bridge", settings=settings)
                stack.enter_context(bridge)
                parts |= {"bridge": [bridge.pid], f"{len(NODES)} nodes": cluster.pids()}
            worker = WorkerProcess(broker, self._url, "--shared", settings=settings)
            stack.enter_context(worker)
            engine = stack.enter_context(engine_process(self._url, broker))
            parts |= {
                "ingest": [worker.pid],
                "database": [postmaster(self._url)],
                "engine": [engine.pid],
            }
            wait_until(lambda: heard(self._url))
            wait_until(lambda: not self._behind())
            time.sleep(SETTLE_S)
            return self._measure(broker, parts, said, per_s, seconds)

    def _measure(
        self,
        broker: Broker,
        parts: dict[str, list[int]],
        said: Sequence[tuple[str, Said]],
        per_s: float,
        seconds: float,
    ) -> Taken:
        ready = [
            packet(number, topic_of(name, each.kind).encode(), each.payload)
            for number, (name, each) in enumerate(said)
        ]
        before = {part: sum(map(cpu_s, pids)) for part, pids in parts.items()}
        size, log = self._bytes()
        goal = self._stored() + len(ready)
        began = time.monotonic()
        if ready:
            with connected(broker.port, "aids") as line:
                pace(line, ready, per_s)
        else:
            time.sleep(seconds)
        wait_until(lambda: self._stored() >= goal)
        wait_until(lambda: not self._behind())
        took_s = time.monotonic() - began
        size_after, log_after = self._bytes()
        return Taken(
            asked=per_s,
            messages=len(said),
            readings=sum(each.readings for _, each in said),
            took_s=took_s,
            cores={
                part: (sum(map(cpu_s, pids)) - before[part]) / took_s
                for part, pids in parts.items()
            },
            rows_b=size_after - size,
            log_b=log_after - log,
            load=round(os.getloadavg()[0], 1),
        )

    def _said(self, messages: int) -> Iterator[tuple[str, Said]]:
        """Yield what households say, day after day, under names of this run's own."""
        turns = [divmod(number, len(self._stream)) for number in range(messages)]
        chosen = [(day, self._stream[place]) for day, place in turns]
        names = {(day, each.aid): self._name(day, each.aid) for day, each in chosen}
        register_devices(self._url, [name for name, _ in names.values()])
        for day, each in chosen:
            name, outbox = names[day, each.aid]
            payload = _DEVICE.sub(b'"device":"' + name.encode() + b'"', each.payload, count=1)
            payload = _OUTBOX.sub(b'"outbox":"' + outbox + b'"', payload, count=1)
            yield name, structs.replace(each, payload=payload)

    def _name(self, day: int, aid: int) -> tuple[str, bytes]:
        name = f"sl-{self._count:02d}{day:02d}{aid:03d}"
        return name, hashlib.blake2b(name.encode(), digest_size=16).hexdigest().encode()

    def _stored(self) -> int:
        return int(self._one("SELECT coalesce(sum(log_no), 0) FROM shard"))

    def _behind(self) -> bool:
        return bool(
            self._one(
                "SELECT count(*) FROM shard JOIN diagnosis_cursor AS read USING (shard)"
                " WHERE read.log_no < shard.log_no"
            )
        )

    def _bytes(self) -> tuple[int, int]:
        """Return how large the database is, and how much log it has written."""
        size = self._one("SELECT pg_database_size(current_database())")
        log = self._one("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        return int(size), int(log)

    def _one(self, statement: str) -> Any:
        with connect(self._url, application="bench") as connection:
            row = connection.execute(statement.encode()).fetchone()
        assert row is not None
        return row[0]


_DEVICE: Final = re.compile(rb'"device":"[^"]*"')
_OUTBOX: Final = re.compile(rb'"outbox":"[0-9a-f]{32}"')

if __name__ == "__main__":
    main()
