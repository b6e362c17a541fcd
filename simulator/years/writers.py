"""Years written down: as a trace (JSON lines), as columns (Parquet), with register and truth.

The trace has the same lines as ``simulator.trace`` writes: ``at``, ``topic``, ``message``.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from gateway.protocol.codec import Encoding, encode
from gateway.protocol.messages import Condition, Usage
from gateway.protocol.topics import Kind, topic_of
from simulator.said import Said
from simulator.truth import rfc3339
from simulator.years.fleet import YearsAid

_TYPES: dict[Kind, Any] = {Kind.USAGE: Usage, Kind.CONDITION: Condition}
COLUMNS = tuple(_TYPES)


def line_of(said: Said) -> bytes:
    """Return one line of a trace."""
    topic = topic_of(said.device, said.kind)
    head = f'{{"at":"{rfc3339(said.received_ms)}","topic":"{topic}","message":'
    return head.encode() + encode(said.message, Encoding.JSON) + b"}\n"


def write_trace(said: Iterable[Said], output: BinaryIO) -> int:
    """Write messages as a trace. Returns how many."""
    count = 0
    for one in said:
        output.write(line_of(one))
        count += 1
    return count


def write_register(aid: YearsAid, output: BinaryIO) -> None:
    """Write each version of what the register says, one object a line."""
    output.writelines(msgspec.json.encode(version) + b"\n" for version in aid.register)


def write_truth(aid: YearsAid, output: BinaryIO) -> None:
    """Write what was the matter, one object a line."""
    output.writelines(msgspec.json.encode(episode) + b"\n" for episode in aid.truth)


class Columns:
    """Writes rides and conditions as Parquet: ``usage.parquet`` and ``condition.parquet``.

    A row a message, a column a field, ``received_ms`` first; enumerations by their value. Needs
    the extra ``workbench``.

    Raises:
        ValueError: pyarrow is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import pyarrow  # noqa: ICN001, PLC0415 - only who wants columns needs it
            from pyarrow import parquet  # noqa: PLC0415
        except ImportError as error:
            raise ValueError("columns need pyarrow: install liftwacht[workbench]") from error
        folder.mkdir(parents=True, exist_ok=True)
        self._pyarrow = pyarrow
        self._schemas = {kind: _schema(pyarrow, kind) for kind in COLUMNS}
        self._writers = {
            kind: parquet.ParquetWriter(folder / f"{kind.value}.parquet", self._schemas[kind])
            for kind in COLUMNS
        }

    def write(self, said: Sequence[Said]) -> None:
        """Append the rides and conditions among ``said``; other kinds have no columns."""
        for kind, writer in self._writers.items():
            rows = [one for one in said if one.kind is kind]
            if not rows:
                continue
            schema = self._schemas[kind]
            names = schema.names[1:]
            data: dict[str, list[Any]] = {"received_ms": [one.received_ms for one in rows]}
            for name in names:
                data[name] = [getattr(one.message, name) for one in rows]
            writer.write_table(self._pyarrow.table(data, schema=schema))

    def close(self) -> None:
        """Finish the files: before that nobody can read them."""
        for writer in self._writers.values():
            writer.close()


def _schema(pyarrow: Any, kind: Kind) -> Any:
    known = [one.name for one in msgspec.structs.fields(_TYPES[kind])]
    fields = [(name, _arrow(pyarrow, name)) for name in known]
    return pyarrow.schema([("received_ms", pyarrow.int64()), *fields])


_TEXTS = {
    "device",
    "outbox",
    "direction",
    "load_class",
    "cell",
    "parameters",
    "hardware",
}


def _arrow(pyarrow: Any, name: str) -> Any:
    if name in _TEXTS:
        return pyarrow.string()
    if name == "away":
        return pyarrow.bool_()
    if name == "profile_ma":
        return pyarrow.list_(pyarrow.int64())
    return pyarrow.int64()
