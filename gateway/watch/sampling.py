"""When the bus is read, and which readings are sent when: data is metered."""

from enum import IntEnum

from msgspec import structs

from gateway.protocol.messages import MAX_SAMPLES, Sample, SetSampling, Status
from gateway.watch.settings import SamplingSettings
from gateway.watch.situation import Place, Situation, sample_of
from gateway.watch.unnumbered import UNNUMBERED


class Pace(IntEnum):
    """How much goes on."""

    PARKED = 0
    STANDING = 1  # between landings, and nobody expects it to go on
    WAITING = 2  # a ride is interrupted, or a call is open
    RIDING = 3


class Sampling:
    """Gathers samples, and says when a batch is to be sent."""

    def __init__(self, settings: SamplingSettings) -> None:
        self._usual = settings
        self._settings = settings
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
        riding = self._settings.riding_read_ms
        return riding if self._pace is Pace.RIDING else self._settings.parked_read_ms

    def change(self, command: SetSampling, now_ms: int) -> None:
        """Sample as ``command`` says, until its time is up."""
        self._settings = structs.replace(
            self._usual,
            parked_interval_ms=command.parked_interval_ms,
            riding_read_ms=command.riding_interval_ms,
        )
        self._changed_until_ms = now_ms + command.duration_ms

    def step(self, situation: Situation, *, interrupted: bool, flush: bool) -> Status | None:
        """Take in a reading. Returns a batch when it is time for one.

        Args:
            situation: what is.
            interrupted: a ride is under way, moving or not, or somebody needs help.
            flush: something else is about to be sent, and this is its evidence.
        """
        now_ms = situation.now_ms
        if self._changed_until_ms is not None and now_ms >= self._changed_until_ms:
            self._settings, self._changed_until_ms = self._usual, None
        before, self._pace = self._pace, _pace(situation, interrupted=interrupted)
        changed = self._changed(situation)
        flush = flush or before is not self._pace or changed
        if flush or self._due(now_ms):
            self._add(situation)
        if not self._batch:
            return None
        full = len(self._batch) >= MAX_SAMPLES
        gathering = self._pace >= Pace.WAITING
        age_ms = now_ms - self._batch_now_ms
        if flush or full or not gathering or age_ms >= self._settings.batch_ms:
            return self._take(now_ms)
        return None

    def _due(self, now_ms: int) -> bool:
        if self._sampled_ms is None:
            return True
        interval_ms = {
            Pace.PARKED: self._settings.parked_interval_ms,
            Pace.STANDING: self._settings.standing_interval_ms,
            Pace.WAITING: self._settings.waiting_sample_ms,
            Pace.RIDING: 0,
        }[self._pace]
        return now_ms - self._sampled_ms >= interval_ms

    def _changed(self, situation: Situation) -> bool:
        """Whether something changed that is worth a message though nobody rides."""
        reading = situation.reading
        key = (reading.seat, reading.mode, reading.landing, situation.stopped_by_fault)
        if key == self._key or self._pace >= Pace.WAITING:
            return False
        if self._sent_ms is not None and situation.now_ms - self._sent_ms < self._settings.batch_ms:
            return False  # a loose contact must not cost a message at every reading
        first, self._key = self._key is None, key
        return not first

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


def _pace(situation: Situation, *, interrupted: bool) -> Pace:
    if situation.moving or (interrupted and situation.demanded):
        return Pace.RIDING
    if interrupted or situation.sos:
        return Pace.WAITING
    if situation.place is Place.BETWEEN:
        return Pace.STANDING
    return Pace.PARKED
