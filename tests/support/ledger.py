"""What was sent, by what the modems wrote down, and what is stored, by the database."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from gateway.protocol.topics import RELIABLE, Kind
from ingest.provisioning.manifest import TEST_LIFT
from tests.support.platform import Platform


class Sent(NamedTuple):
    """One message, as its modem numbered it."""

    device: str
    outbox: str
    seq: int
    kind: str


def sent_of(*records: Path, heads: Mapping[str, int] | None = None) -> dict[Sent, bool]:
    """Return what must arrive, and whether it was on a disk: all but readings.

    ``heads``: how far outboxes of modems that were killed have counted, by what is on their disks.
    """
    put: dict[tuple[str, int], tuple[Sent, bool]] = {}
    kept: Counter[str] = Counter(heads or {})
    for record in records:
        for line in record.read_text().splitlines():
            match json.loads(line):
                case ["put", device, outbox, seq, kind, on_disk]:
                    put[outbox, seq] = Sent(device, outbox, seq, kind), on_disk
                case ["kept", outbox, head]:
                    kept[outbox] = max(kept[outbox], head)
    reliable = set(RELIABLE)
    return {
        sent: on_disk
        for (outbox, seq), (sent, on_disk) in put.items()
        if seq <= kept[outbox] and sent.kind in reliable
    }


def heads_of(outboxes: Iterable[Path]) -> dict[str, int]:
    """Return how far each outbox has counted, by its identity."""
    heads = {}
    for path in outboxes:
        database = sqlite3.connect(path)
        try:
            memory = dict(
                database.execute(
                    "SELECT key, value FROM memory WHERE key IN ('outbox_id', 'head_seq')"
                )
            )
        finally:
            database.close()
        if "head_seq" in memory:
            heads[memory["outbox_id"].decode()] = int(memory["head_seq"])
    return heads


class Readings(NamedTuple):
    """Telemetry: messages that modems sent and that are stored, and samples that are twice."""

    sent: int
    stored: int
    doubled: int


def readings_in(platform: Platform, *records: Path) -> Readings:
    """Return what became of readings, by what modems wrote down; the test lift's do not count."""
    sent = sum(
        entry[0] == "put" and entry[4] == Kind.STATUS.value
        for record in records
        for entry in map(json.loads, record.read_text().splitlines())
    )
    (found,) = platform.rows(
        "SELECT count(*) AS messages, coalesce(sum(samples - different), 0)::int AS doubled"
        " FROM (SELECT count(*) AS samples, count(DISTINCT sample_no) AS different"
        " FROM status JOIN device USING (device_id) WHERE device.name <> %s"
        " GROUP BY outbox_no, seq) AS message",
        [TEST_LIFT],
    )
    return Readings(sent, found["messages"], found["doubled"])


def stored_in(platform: Platform) -> Counter[Sent]:
    """Return how often each message but readings is stored."""
    stored: Counter[Sent] = Counter()
    for kind in RELIABLE:
        rows = platform.rows(
            f"SELECT device.name, outbox.outbox_id, {kind.value}.seq FROM {kind.value}"
            " JOIN outbox USING (outbox_no) JOIN device ON device.device_id = outbox.device_id"
        )
        stored.update(Sent(row["name"], row["outbox_id"], row["seq"], kind.value) for row in rows)
    return stored
