"""``build/verdicts.jsonl``: every single verdict, so that what stands behind a figure can be seen.

One JSON object a line; ``row`` says which kind. Its JSON Schema is
``docs/evaluation/verdicts.schema.json``. Ask it with anything that reads JSON lines::

    SELECT behaviour, count(*), count(found_days) FROM 'build/verdicts.jsonl'
    WHERE row = 'episode' AND what <> '' GROUP BY behaviour;            -- duckdb
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
from msgspec import Struct

from evaluation.days import Judged
from evaluation.emergencies import Verdict
from evaluation.living import Lived
from evaluation.score import DAY_S, GRACE, PLATFORM, Alarm, Life, judged

_TENTH: Final = 1


class _Aid(Struct, frozen=True, kw_only=True):
    device: str
    kind: str
    profile: str
    line: str


class EpisodeRow(_Aid, frozen=True, kw_only=True, tag_field="row", tag="episode"):
    """One episode of a fleet.

    Attributes:
        what: must be found; "": it only looks like something.
        began: when; ``until`` likewise; ``fails``: when the aid can do no more, if it will.
        found_days: after how many days it was found; null: never, or there was nothing to find.
        reasons: of that.
        accused: of what it was accused that it only looks like.
    """

    behaviour: str
    what: str
    began: datetime
    until: datetime
    fails: datetime | None
    found_days: float | None
    reasons: tuple[str, ...]
    accused: tuple[str, ...]


class AlarmRow(_Aid, frozen=True, kw_only=True, tag_field="row", tag="alarm"):
    """Something that was said of an aid of a fleet.

    Attributes:
        right: whether it was so; null: neither asked for nor wrong.
        behaviour: what went on then that explains it; "": ordinary life.
    """

    what: str
    at: datetime
    right: bool | None
    behaviour: str
    reasons: tuple[str, ...]


class EmergencyRow(Verdict, frozen=True, tag_field="row", tag="emergency"):
    """One drawn episode of an emergency, or of what looks like one: see ``Verdict``."""


class LivedRow(Lived, frozen=True, tag_field="row", tag="living"):
    """Ordinary days of one household: see ``Lived``."""


class DaysRow(Judged, frozen=True, tag_field="row", tag="days"):
    """One run of a scenario of days: see ``Judged``."""


Row = EpisodeRow | AlarmRow | EmergencyRow | LivedRow | DaysRow


def rows_of(result: Life | Verdict | Lived | Judged) -> Iterator[Row]:
    """Return the rows of one result."""
    match result:
        case Verdict():
            yield _as(EmergencyRow, result)
        case Lived():
            yield _as(LivedRow, result)
        case Judged():
            yield _as(DaysRow, result)
        case Life():
            yield from _episodes(result)
            yield from _alarms(result)


def _as(row: type, result: Struct) -> Row:
    values = {name: getattr(result, name) for name in result.__struct_fields__}
    made: Row = row(**values)
    return made


def _aid(life: Life) -> dict[str, str]:
    return {name: getattr(life, name) for name in _Aid.__struct_fields__}


def _episodes(life: Life) -> Iterator[EpisodeRow]:
    said = life.said.get(PLATFORM, ())
    for truth in life.truth:
        around = [one for one in said if truth.began <= one.at <= truth.until + GRACE]
        found = min((one for one in around if one.what == truth.finding), key=_at, default=None)
        accused = {
            one.what
            for one in around
            if one.what in truth.forbidden and judged(life, one).right is False
        }
        yield EpisodeRow(
            **_aid(life),
            behaviour=truth.behaviour,
            what=truth.finding,
            began=truth.began,
            until=truth.until,
            fails=truth.fails,
            found_days=found and round((found.at - truth.began).total_seconds() / DAY_S, _TENTH),
            reasons=() if found is None else found.reasons,
            accused=tuple(sorted(accused)),
        )


def _alarms(life: Life) -> Iterator[AlarmRow]:
    for one in life.said.get(PLATFORM, ()):
        verdict = judged(life, one)
        yield AlarmRow(
            **_aid(life),
            what=one.what,
            at=one.at,
            right=verdict.right,
            behaviour=verdict.behaviour,
            reasons=one.reasons,
        )


def _at(alarm: Alarm) -> datetime:
    return alarm.at


class RowFile:
    """Writes rows as they come."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = path.open("wb")

    def write(self, row: Row) -> None:
        """Append a row."""
        self._file.write(msgspec.json.encode(row) + b"\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def write_schema(path: Path) -> None:
    """Write the JSON Schema of one line."""
    schema = msgspec.json.schema(Row)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n")
