"""When the bus is read, and which readings are sent when: data is metered."""

from enum import IntEnum
from typing import Final

from msgspec import structs

from gateway.protocol.messages import MAX_SAMPLES, Sample, SetSampling, Status
from gateway.protocol.vocabulary import AidKind, Seat, Signals
from gateway.watch.settings import SamplingSettings
from gateway.watch.situation import WHEELS, Place, Situation, sample_of
from gateway.watch.unnumbered import UNNUMBERED

# Worth a message when they come or go.
_TOLD: Final = int(Signals.AWAY | Signals.TILTED | Signals.OPENED)


class Pace(IntEnum):
    """How much goes on."""

    PARKED = 0
    STANDING = 1  # between landings, or with a load, and nobody expects it to go on
    WAITING = 2  # a ride is interrupted, or a call is open
    RIDING = 3


class Sampling:
    """Gathers samples, and says when a batch is to be sent."""

    def __init__(self, settings: SamplingSettings, kind: AidKind = AidKind.STAIRLIFT) -> None:
        self._usual = settings
        self._wheels = kind in WHEELS
        self._hoist = kind is AidKind.HOIST
        self._use(settings)
        self._changed_until_ms: int | None = None
        self._pace = Pace.PARKED
        self._batch: list[Sample] = []
        self._batch_wall_ms = 0
        self._batch_now_ms = 0
        self._sampled_ms: int | None = None
        self._sent_ms: int | None = None
        self._key: object = None

    @property
    def read_interval_ms(self) -> int:
        """How long to wait before the bus is read again."""
        return self._read_ms if self._pace is Pace.RIDING else self._read_parked_ms

    @property
    def gathering(self) -> bool:
        """Whether readings wait to be sent together."""
        return bool(self._batch)

    def change(self, command: SetSampling, now_ms: int) -> None:
        """Sample as ``command`` says, until its time is up."""
        self._use(
            structs.replace(
                self._usual,
                parked_interval_ms=command.parked_interval_ms,
                riding_read_ms=command.riding_interval_ms,
                wheels_sample_ms=command.riding_interval_ms,
            )
        )
        self._changed_until_ms = now_ms + command.duration_ms

    def quiet_until(self, situation: Situation) -> int:
        """Return until when readings like this one bring no message; 0: nothing is certain."""
        if self._batch or self._pace > Pace.STANDING or self._key != self._key_of(situation):
            return 0
        due_ms = (self._sampled_ms or 0) + self._intervals_ms[self._pace]
        return due_ms if self._changed_until_ms is None else min(due_ms, self._changed_until_ms)

    def step(self, situation: Situation, *, interrupted: bool, flush: bool) -> Status | None:
        """Take in a reading. Returns a batch when it is time for one.

        Args:
            situation: what is.
            interrupted: a ride is under way, moving or not, or somebody needs help.
            flush: something else is about to be sent, and this is its evidence.
        """
        now_ms = situation.now_ms
        if self._changed_until_ms is not None and now_ms >= self._changed_until_ms:
            self._use(self._usual)
            self._changed_until_ms = None
        if situation.moving and self._pace is Pace.RIDING and not flush:  # it goes on
            if self._due(now_ms):
                self._add(situation)
            return self._take(now_ms) if self._full(now_ms) else None
        before, self._pace = self._pace, self._pace_of(situation, interrupted=interrupted)
        changed = self._changed(situation)
        flush = flush or before is not self._pace or changed
        if flush or self._due(now_ms):
            self._add(situation)
        if not self._batch:
            return None
        gathering = self._pace >= Pace.WAITING
        return self._take(now_ms) if flush or not gathering or self._full(now_ms) else None

    def _full(self, now_ms: int) -> bool:
        if not self._batch:
            return False
        old = now_ms - self._batch_now_ms >= self._batch_ms
        return old or len(self._batch) >= MAX_SAMPLES

    def _use(self, settings: SamplingSettings) -> None:
        self._read_ms, self._read_parked_ms = settings.riding_read_ms, settings.parked_read_ms
        wheels_ms = settings.wheels_sample_ms
        self._intervals_ms = (
            settings.parked_interval_ms,
            settings.standing_interval_ms,
            wheels_ms if self._wheels else settings.waiting_sample_ms,
            wheels_ms if self._wheels else 0,
        )
        self._batch_ms = settings.wheels_batch_ms if self._wheels else settings.batch_ms

    def _due(self, now_ms: int) -> bool:
        if self._sampled_ms is None:
            return True
        return now_ms - self._sampled_ms >= self._intervals_ms[self._pace]

    def _changed(self, situation: Situation) -> bool:
        """Whether something changed that is worth a message though nobody rides."""
        if self._pace >= Pace.WAITING:
            return False
        key = self._key_of(situation)
        if key == self._key:
            return False
        if self._sent_ms is not None and situation.now_ms - self._sent_ms < self._usual.batch_ms:
            return False  # a loose contact must not cost a message at every reading
        first, self._key = self._key is None, key
        return not first

    def _key_of(self, situation: Situation) -> object:
        reading = situation.reading
        stopped, told = situation.stopped_by_fault, situation.signals & _TOLD
        return reading.seat, reading.mode, reading.landing, stopped, told

    def _add(self, situation: Situation) -> None:
        if not self._batch:
            self._batch_wall_ms, self._batch_now_ms = situation.wall_ms, situation.now_ms
        offset_ms = situation.now_ms - self._batch_now_ms
        self._batch.append(sample_of(situation.reading, offset_ms))
        self._sampled_ms = situation.now_ms

    def _take(self, now_ms: int) -> Status:
        samples, self._batch = tuple(self._batch), []
        self._sent_ms = now_ms
        return Status(**UNNUMBERED, time_ms=self._batch_wall_ms, samples=samples)

    def _pace_of(self, situation: Situation, *, interrupted: bool) -> Pace:
        if situation.moving or (interrupted and situation.demanded):
            return Pace.RIDING
        if interrupted or situation.sos:
            return Pace.WAITING
        if situation.place is Place.BETWEEN:
            return Pace.STANDING
        if self._hoist and situation.reading.seat is Seat.OCCUPIED:
            return Pace.STANDING
        return Pace.PARKED
