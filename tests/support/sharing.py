"""How workers share the shards, as the database says."""

from collections import Counter

from ingest.sharing.parts import PART_COUNT, SHARDS_PER_PART
from tests.support.worker import query


def holders(database: str) -> Counter[str]:
    """Return how many parts each living worker holds."""
    found = query(
        database,
        "SELECT holder FROM ingest_part JOIN ingest_worker ON worker = holder"
        " WHERE fenced_at IS NULL",
    )
    return Counter(holder for (holder,) in found)


def even(database: str, workers: int) -> bool:
    """Tell whether so many workers hold all parts, each as many as the others or one more."""
    held = sorted(holders(database).values())
    return len(held) == workers and sum(held) == PART_COUNT and held[-1] - held[0] <= 1


def heard(database: str) -> bool:
    """Tell whether each part is heard by who holds it."""
    listening = query(
        database,
        f"SELECT count(*) FROM listener JOIN ingest_part ON part = first_shard / {SHARDS_PER_PART}"
        " WHERE listener.holder = ingest_part.holder AND listening_since IS NOT NULL",
    )
    return bool(listening == [(PART_COUNT,)])
