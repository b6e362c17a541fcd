"""Pure: which of an aid's samples are its last ride."""

from collections.abc import Sequence
from datetime import timedelta

from api.devices.schemas import Reading

# Longer without a sample, and what lies before is another story.
_GAP = timedelta(minutes=2)
# What is shown of a lift that stands still after its ride.
_AFTERMATH = timedelta(minutes=3)


def last_ride(samples: Sequence[Reading]) -> Sequence[Reading]:
    """Cut the last ride out of ``samples`` (in order of measurement).

    From the last landing before it moved to the first landing after, or to what followed while it
    stood still in between.
    """
    moving = [index for index, sample in enumerate(samples) if sample.speed_mm_s]
    if not moving:
        return []
    first = last = moving[-1]
    while first > 0 and not _parted(samples[first - 1], samples[first]):
        first -= 1
        if _parked(samples[first]):
            break
    stopped_at = samples[last].measured_at
    while last + 1 < len(samples) and not _parted(samples[last], samples[last + 1]):
        if samples[last + 1].measured_at - stopped_at > _AFTERMATH:
            break
        last += 1
        if _parked(samples[last]):
            break
    return samples[first : last + 1]


def _parked(sample: Reading) -> bool:
    return not sample.speed_mm_s and sample.landing in ("bottom", "top", "middle")


def _parted(earlier: Reading, later: Reading) -> bool:
    return later.measured_at - earlier.measured_at > _GAP
