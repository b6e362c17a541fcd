"""The numbers that stranded is judged by; their reasons stand in docs/detectors/stranded.md."""

from datetime import timedelta

from diagnostics.detectors.emergency import Limits


class Parameters(Limits, frozen=True, kw_only=True):
    """How long things may last, and when a value is too low; the rest is in ``Limits``.

    Attributes:
        confirm_tilt: so long it lies there with its client.
        thrown: one who left the seat less than this before it tipped was thrown off it.
        confirm: a fault for a technician, a flat battery or a refusal lasts, after somebody tried.
        confirm_clearing: a fault that usually clears by itself does not.
        pressed: who holds the control in vain for less, in all, has only touched it.
        forgotten: the last try was so long ago that it was the last, unless a fault stands.
        got_off: the seat has been empty for so long: who can get off is not helpless.
        suspect: before that, the desk sees it after this long.
        suspect_silence, certain_silence: nothing is heard of it, under way with a low battery.
        weak_battery_mv: at this voltage or less the battery is low, though it goes.
    """

    confirm_tilt: timedelta = timedelta(seconds=10)
    thrown: timedelta = timedelta(seconds=10)
    confirm: timedelta = timedelta(seconds=45)
    confirm_clearing: timedelta = timedelta(minutes=6)
    pressed: timedelta = timedelta(seconds=3)
    forgotten: timedelta = timedelta(seconds=60)
    got_off: timedelta = timedelta(seconds=20)
    suspect: timedelta = timedelta(seconds=15)
    suspect_silence: timedelta = timedelta(minutes=10)
    certain_silence: timedelta = timedelta(minutes=30)
    # On wheels readings are gathered for a minute: data is metered.
    news: timedelta = timedelta(seconds=60)
    fresh: timedelta = timedelta(seconds=120)
    low_battery_mv: int = 20_000
    weak_battery_mv: int = 22_500
    still_mm_s: int = 50
