"""Reads recordings: traces in JSON lines, columns in Parquet, readings in CSV."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import msgspec

from gateway.protocol.codec import decode
from gateway.protocol.errors import ProtocolError
from gateway.protocol.messages import Condition, Sample, Status, Upward, Usage
from gateway.protocol.topics import UPWARD, Kind, is_device_name, parse_topic
from gateway.protocol.vocabulary import Demand, Landing, Mode, Seat
from simulator.said import Said

# A moment in a CSV that is larger than this is in milliseconds, not seconds.
SECONDS_UNTIL: Final = 1e11
_WORDS: Final[Mapping[str, type[Seat | Demand | Mode | Landing]]] = {
    "seat": Seat,
    "demand": Demand,
    "mode": Mode,
    "landing": Landing,
}
_NUMBERS: Final = ("position_mm", "speed_mm_s", "current_ma", "battery_mv", "contacts", "signals")
CSV_FIELDS: Final = ("at", "device", *_NUMBERS, *_WORDS, "fault")
_PARQUET: Final[Mapping[str, tuple[Kind, type[Usage | Condition]]]] = {
    "usage": (Kind.USAGE, Usage),
    "condition": (Kind.CONDITION, Condition),
}


class RecordingError(ValueError):
    """A recording cannot be read. The text says where and why."""


class Column(NamedTuple):
    """Where a field of a reading stands in a CSV: the column's name, and a factor for its unit."""

    name: str
    factor: float = 1.0


class _Line(msgspec.Struct):
    at: datetime
    topic: str
    message: msgspec.Raw


def read(
    path: Path, *, columns: Mapping[str, Column] | None = None, device: str | None = None
) -> list[Said]:
    """Return what ``path`` holds, in the order of reception.

    Args:
        path: ``.jsonl``, ``.parquet`` or ``.csv``.
        columns: of a CSV: where a field stands that is not under its own name.
        device: of a CSV without such a column.

    Raises:
        RecordingError: something in it is wrong; the text says where.
        OSError: it cannot be read.
    """
    match path.suffix:
        case ".jsonl":
            found = _read_trace(path)
        case ".parquet":
            found = _read_columns(path)
        case ".csv":
            found = _read_csv(path, dict(columns or {}), device)
        case other:
            raise RecordingError(f"{path}: .jsonl, .parquet or .csv, not {other!r}")
    return sorted(found, key=lambda one: one.received_ms)


def parse_column(text: str) -> tuple[str, Column]:
    """Read ``field=name`` or ``field=name*factor``. Raises RecordingError."""
    field, equals, name = text.partition("=")
    if not equals or field not in CSV_FIELDS or not name:
        raise RecordingError(f"FIELD=NAME with FIELD one of {', '.join(CSV_FIELDS)}, not {text!r}")
    plain, star, factor = name.rpartition("*")
    if not star:
        return field, Column(name)
    try:
        return field, Column(plain, float(factor))
    except ValueError as error:
        raise RecordingError(f"{text!r}: {factor!r} is no factor") from error


def _read_trace(path: Path) -> Iterator[Said]:
    decoder = msgspec.json.Decoder(_Line)
    with path.open("rb") as lines:
        for number, text in enumerate(lines, start=1):
            if not text.strip():
                continue
            try:
                line = decoder.decode(text)
                topic = parse_topic(line.topic)
                message = decode(topic.kind, bytes(line.message))
            except (msgspec.MsgspecError, ProtocolError, UnicodeDecodeError) as error:
                raise RecordingError(f"{path}:{number}: {error}") from error
            if topic.kind not in UPWARD:
                continue  # what the platform said: the platform of this run says its own
            at = line.at if line.at.tzinfo else line.at.replace(tzinfo=UTC)
            yield Said(_ms(at), topic.device, topic.kind, cast("Upward", message))


def _read_columns(path: Path) -> Iterator[Said]:
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415 - only who has columns
    except ImportError as error:
        raise RecordingError(f"{path}: needs liftwacht[workbench]: {error}") from error
    if path.stem not in _PARQUET:
        raise RecordingError(f"{path}: {' or '.join(_PARQUET)}.parquet, not {path.name}")
    kind, type_ = _PARQUET[path.stem]
    try:
        with parquet.ParquetFile(path) as file:
            batches = file.iter_batches()
            rows = [row for batch in batches for row in batch.to_pylist()]
    except ArrowException as error:
        raise RecordingError(f"{path}: {error}") from error
    defaults = {one.name: one.default for one in msgspec.structs.fields(type_)}
    for number, row in enumerate(rows, start=1):
        # What is null in a column was left out of the message.
        given = {
            name: value
            for name, value in row.items()
            if value is not None or defaults.get(name, msgspec.NODEFAULT) is None
        }
        try:
            received_ms = int(given.pop("received_ms"))
            message: Usage | Condition = msgspec.convert(given, type_)
        except (msgspec.ValidationError, KeyError, ValueError) as error:
            raise RecordingError(f"{path}, row {number}: {error}") from error
        yield Said(received_ms, message.device, kind, message)


def _read_csv(path: Path, columns: dict[str, Column], device: str | None) -> Iterator[Said]:
    seqs: defaultdict[str, int] = defaultdict(int)
    with path.open(newline="", encoding="utf-8-sig") as text:
        rows = csv.DictReader(text)
        names = rows.fieldnames or ()
        where = {name: Column(name) for name in CSV_FIELDS if name in names} | columns
        if missing := sorted({one.name for one in where.values()} - set(names)):
            raise RecordingError(f"{path}: no column is called {', '.join(missing)}")
        if "at" not in where or ("device" not in where and device is None):
            raise RecordingError(f"{path}: needs a column for at, and one for device or --device")
        for row in rows:
            try:
                at_ms = _moment(row[where["at"].name], where["at"].factor)
                whose = row[where["device"].name] if "device" in where else str(device)
                if not is_device_name(whose):
                    raise RecordingError(f"not a device's name: {whose!r}")
                sample = _sample(row, where)
                seqs[whose] += 1
                status = _status(whose, seqs[whose], at_ms, sample)
                # Through the codec, so that every bound of the wire is kept.
                checked = decode(Kind.STATUS, msgspec.json.encode(status))
            except (ValueError, TypeError, ProtocolError) as error:
                raise RecordingError(f"{path}:{rows.line_num}: {error}") from error
            yield Said(at_ms, whose, Kind.STATUS, cast("Upward", checked))


def _status(device: str, seq: int, at_ms: int, sample: Sample) -> Status:
    outbox = md5(device.encode(), usedforsecurity=False).hexdigest()
    return Status(device=device, outbox=outbox, seq=seq, time_ms=at_ms, samples=(sample,))


def _sample(row: Mapping[str, str], where: Mapping[str, Column]) -> Sample:
    values: dict[str, Any] = dict.fromkeys(_NUMBERS) | {"contacts": 0, "signals": 0}
    values |= {name: words(0) for name, words in _WORDS.items()}
    for field, column in where.items():
        cell = (row[column.name] or "").strip()
        if not cell or field in {"at", "device"}:
            continue
        if field == "fault":
            values[field] = cell
        elif field in _WORDS:
            values[field] = _word(field, cell)
        else:
            values[field] = round(_number(cell) * column.factor)
    return Sample(offset_ms=0, **values)


def _word(field: str, cell: str) -> Seat | Demand | Mode | Landing:
    words = _WORDS[field]
    if cell.lstrip("-").isdigit():
        return words(int(cell))
    try:
        return words[cell.upper()]
    except KeyError:
        known = ", ".join(word.name.lower() for word in words)
        raise ValueError(f"{field} is one of {known}, not {cell!r}") from None


def _moment(cell: str, factor: float) -> int:
    try:
        number = _number(cell) * factor
    except ValueError:
        at = datetime.fromisoformat(cell)
        return _ms(at if at.tzinfo else at.replace(tzinfo=UTC))
    return round(number if number > SECONDS_UNTIL else number * 1000)


def _number(cell: str) -> float:
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError(f"{cell!r} is no number")
    return number


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
