"""Reads what models learn from: a folder with ``trace.jsonl``, ``register.jsonl``, ``truth.jsonl``.

One JSON object a line, as ``python -m simulator years`` writes them: every message with the time of
its reception; what was registered of each aid, and from when; and what really was the matter. Any
fleet's data in this form will do.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from diagnostics.detectors.contract import Aid
from diagnostics.facts import Order, RideEnded
from diagnostics.models.examples import Recording
from gateway.protocol.messages import Presence, Usage
from gateway.protocol.topics import Kind, parse_topic
from ingest.timing import clock_skew_ms, measured_at

WORD: Final = "other_person"
# An episode without an end lasts as long as the recording.
FOR_EVER: Final = date.max.toordinal()
_RIDE_FIELDS: Final = [
    name for name in RideEnded.__struct_fields__ if name in Usage.__struct_fields__
]


class RecordingError(ValueError):
    """A file of the folder is not what it should be: which, and where."""


class _Line(Struct):
    at: datetime
    topic: str
    message: msgspec.Raw


class _Registered(Struct):
    device: str
    kind: str
    since_ms: int
    rail_length_mm: int | None = None
    lent_on: date | None = None


class _Episode(Struct, rename={"began": "from"}):
    device: str
    began: datetime
    until: datetime | None = None
    finding: str = ""
    allowed: tuple[str, ...] = ()


class _Aids:
    """What was registered of each aid, and from when."""

    def __init__(self, path: Path) -> None:
        self._versions: dict[str, list[_Registered]] = {}
        for known in _lines(path, _Registered):
            self._versions.setdefault(known.device, []).append(known)

    def __getitem__(self, device: str) -> list[tuple[int, Aid]]:
        return [
            (
                known.since_ms,
                Aid(
                    device_id=0,
                    kind=known.kind,
                    rail_length_mm=known.rail_length_mm,
                    lent_on=known.lent_on,
                ),
            )
            for known in self._versions.get(device, [])
        ]


def read(folder: Path) -> Iterator[Recording]:
    """Yield the recordings of a folder, one aid at a time.

    Messages of one aid must stand together, in the order of reception.

    Raises:
        RecordingError: a line that is not what it should be, or an aid that is not registered.
        OSError: a file is not there.
    """
    aids = _Aids(folder / "register.jsonl")
    spells: dict[str, list[tuple[int, int]]] = {}
    unclear: dict[str, list[tuple[int, int]]] = {}
    for episode in _lines(folder / "truth.jsonl", _Episode):
        until = FOR_EVER if episode.until is None else episode.until.toordinal()
        days = (episode.began.toordinal(), until)
        if episode.finding == WORD:
            spells.setdefault(episode.device, []).append(days)
        elif WORD in episode.allowed:
            unclear.setdefault(episode.device, []).append(days)
    for device, rides in _rides(folder / "trace.jsonl", aids):
        yield Recording(
            device=device,
            rides=rides,
            spells=spells.get(device, []),
            unclear=unclear.get(device, []),
        )


def _rides(path: Path, aids: _Aids) -> Iterator[tuple[str, list[tuple[Aid, RideEnded]]]]:
    now, hearing = "", _Hearing([])
    for line in _lines(path, _Line):
        topic = parse_topic(line.topic)
        if topic.device != now:
            if now:
                yield now, hearing.rides
            now, known = topic.device, aids[topic.device]
            if not known:
                raise RecordingError(f"{path.name}: {now} is not registered")
            hearing = _Hearing(known)
        if topic.kind is Kind.USAGE:
            hearing.ride(msgspec.json.decode(line.message, type=Usage), line.at)
        elif topic.kind is Kind.PRESENCE:
            hearing.presence(msgspec.json.decode(line.message, type=Presence), line.at)
    if now:
        yield now, hearing.rides


class _Hearing:
    """Turns one aid's messages into facts, dated as ingest dates them."""

    def __init__(self, versions: list[tuple[int, Aid]]) -> None:
        self.rides: list[tuple[Aid, RideEnded]] = []
        self._versions = versions
        self._outboxes: dict[str | None, int] = {}
        self._skews_ms: dict[int, int] = {}
        self._seen: set[tuple[int, int]] = set()

    def presence(self, message: Presence, received_at: datetime) -> None:
        """Learn how far the modem's clock is off."""
        if message.online:
            outbox_no = self._outbox_no(message.outbox)
            self._skews_ms[outbox_no] = clock_skew_ms(message.time_ms, received_at)

    def ride(self, message: Usage, received_at: datetime) -> None:
        """Take in a ride, once."""
        outbox_no = self._outbox_no(message.outbox)
        if (outbox_no, message.seq) in self._seen:
            return
        self._seen.add((outbox_no, message.seq))
        values: dict[str, Any] = {name: getattr(message, name) for name in _RIDE_FIELDS}
        skew_ms = self._skews_ms.get(outbox_no)
        fact = RideEnded(
            **values,
            order=Order(outbox_no, message.seq),
            log_no=len(self._seen),
            measured_at=measured_at(message.time_ms, skew_ms, received_at),
            received_at=received_at,
        )
        now_ms = received_at.timestamp() * 1000
        known = [aid for since_ms, aid in self._versions if since_ms <= now_ms]
        self.rides.append((known[-1] if known else self._versions[0][1], fact))

    def _outbox_no(self, outbox: str | None) -> int:
        return self._outboxes.setdefault(outbox, len(self._outboxes) + 1)


def _lines(path: Path, type_: type[Any]) -> Iterator[Any]:
    decoder = msgspec.json.Decoder(type_)
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield decoder.decode(line)
            except msgspec.MsgspecError as error:
                raise RecordingError(f"{path.name}, line {number}: {error}") from error
