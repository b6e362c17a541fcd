"""What is wrong with the platform, from what its parts left in the database. Pure.

Only what keeps somebody in need from being helped: the desk's page shows the rest as well.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from diagnostics.objectives.measuring import Reading
from gateway.protocol.topics import SHARD_COUNT

SILENT_AFTER: Final = timedelta(seconds=20)
OVERDUE_AFTER: Final = timedelta(minutes=2)
# A process that has not been heard of for so long was taken away on purpose.
FORGOTTEN_AFTER: Final = timedelta(days=1)
CLOCKS_APART: Final = timedelta(seconds=30)
# The test lift may be a little late, and its call takes a moment.
LATE_BY: Final = 1.5
TEST_TAKES: Final = timedelta(minutes=2)


class Part(StrEnum):
    """What can be ill."""

    INGEST = "ingest"  # what lifts say is not taken in
    ENGINE = "engine"  # …or not judged
    ESCALATION = "escalation"  # …or nobody is called
    NOTIFICATIONS = "notifications"  # …or not reached
    DESK = "desk"  # …or it is not shown
    CLOCK = "clock"  # …or at the wrong time
    SELF_TEST = "self_test"  # …whatever the reason
    ACCOUNTS = "accounts"  # something came in and is not to be found
    DISK = "disk"  # there is soon no room for what comes in
    CERTIFICATES = "certificates"  # …or it is soon refused


# …and its broker. Behind a dead one nobody is heard, whatever workers hear by others.
_BRIDGE: Final = "bridge "
# Objectives that are critical, by name.
_OF_OBJECTIVE: Final = {
    "accounts": Part.ACCOUNTS,
    "disk_free": Part.DISK,
    "certificate_days": Part.CERTIFICATES,
}


class Readings(Struct, frozen=True, kw_only=True):
    """What the database says.

    Attributes:
        database_now: by its own clock.
        shards_heard: how many a worker listens to that was alive a moment ago.
        engine_cycled_at: when the shard that waits longest was judged; None: one never was.
        beats: of processes by part, the newest of each; who never beat is not there.
        overdue: messages that should have left by now.
        tested_at: when the newest self-test ended; None: there was none.
        test_passed: how it ended.
        test_due_since: when the first of them was to be expected.
    """

    database_now: datetime
    shards_heard: int
    engine_cycled_at: datetime | None
    beats: Mapping[str, datetime]
    overdue: int
    tested_at: datetime | None
    test_passed: bool
    test_due_since: datetime


def ill(
    readings: Readings,
    now: datetime,
    *,
    test_every: timedelta | None,
    critical: Iterable[Reading] = (),
) -> Iterator[tuple[Part, str]]:
    """Yield what is ill, and in which way.

    Args:
        readings: what the database says.
        now: by the clock of whoever watches.
        test_every: how often the test lift calls; None: never.
        critical: objectives that are missed by so much that people are to be told.
    """
    told: dict[Part, list[str]] = {}
    for each in critical:
        told.setdefault(_OF_OBJECTIVE[each.name], []).append(str(each))
    yield from ((part, "; ".join(details)) for part, details in told.items())
    if unheard := "; ".join(_unheard(readings, now)):
        yield Part.INGEST, unheard
    if readings.engine_cycled_at is None:
        yield Part.ENGINE, "has not judged all shards yet"
    elif now - readings.engine_cycled_at > SILENT_AFTER:
        yield Part.ENGINE, f"last judged all shards {_ago(now - readings.engine_cycled_at)}"
    for part, name in ((Part.ESCALATION, "escalation"), (Part.DESK, "api")):
        beat_at = readings.beats.get(name)
        if beat_at is not None and SILENT_AFTER < now - beat_at < FORGOTTEN_AFTER:
            yield part, f"last heard of {_ago(now - beat_at)}"
    if readings.overdue:
        yield Part.NOTIFICATIONS, f"{readings.overdue} messages wait to be sent"
    if abs(readings.database_now - now) > CLOCKS_APART:
        apart_s = (now - readings.database_now).total_seconds()
        yield Part.CLOCK, f"the clocks of engine and database are {apart_s:+.0f} s apart"
    if test_every is not None:
        yield from _self_test(readings, now, test_every)


def _unheard(readings: Readings, now: datetime) -> Iterator[str]:
    if readings.shards_heard < SHARD_COUNT:
        yield f"{readings.shards_heard} of {SHARD_COUNT} shards are listened to"
    for name, beat_at in sorted(readings.beats.items()):
        if name.startswith(_BRIDGE) and SILENT_AFTER < now - beat_at < FORGOTTEN_AFTER:
            yield f"{name} was last well {_ago(now - beat_at)}"


def _self_test(readings: Readings, now: datetime, every: timedelta) -> Iterator[tuple[Part, str]]:
    if readings.tested_at is not None and not readings.test_passed:
        yield Part.SELF_TEST, "the last call of the test lift was not answered in time"
    elif now - (readings.tested_at or readings.test_due_since) > every * LATE_BY + TEST_TAKES:
        last = readings.tested_at
        yield (
            Part.SELF_TEST,
            f"last seen {_ago(now - last)}" if last else "the test lift has not called yet",
        )


def _ago(age: timedelta) -> str:
    minutes, seconds = divmod(max(int(age.total_seconds()), 0), 60)
    return f"{minutes} min {seconds:02d} s ago" if minutes else f"{seconds} s ago"
