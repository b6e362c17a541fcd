"""The numbers that hanging is judged by; their reasons stand in docs/detectors/hanging.md."""

from datetime import timedelta

from diagnostics.detectors.emergency import Limits


class Parameters(Limits, frozen=True, kw_only=True):
    """How long things may last, and when a value is too low; the rest is in ``Limits``.

    Attributes:
        suspect: with a cause, the desk sees it after this long.
        confirm: a fault for a technician, a flat battery or a refusal keeps it standing.
        confirm_clearing: an emergency stop, a hot drive do, and nobody tries to let it down.
        pressed: who holds the button down in vain for less, in all, has only touched it.
        certain_transfer: without a cause somebody hangs for so long, in a hoist not known yet…
        transfer_times, transfer_more: …or by so many times the longest usual transfer, and so
            much more…
        transfer_least, transfer_most: …within these bounds.
        suspect_silence, certain_silence: nothing is heard of it while somebody hangs.
        known_for: without a sensor, somebody may hang for so long after it last moved.
    """

    suspect: timedelta = timedelta(seconds=10)
    confirm: timedelta = timedelta(seconds=30)
    confirm_clearing: timedelta = timedelta(seconds=120)
    pressed: timedelta = timedelta(seconds=2)
    certain_transfer: timedelta = timedelta(minutes=16)
    transfer_times: float = 3.0
    transfer_more: timedelta = timedelta(minutes=5)
    transfer_least: timedelta = timedelta(minutes=10)
    transfer_most: timedelta = timedelta(minutes=30)
    suspect_silence: timedelta = timedelta(minutes=2)
    certain_silence: timedelta = timedelta(minutes=10)
    known_for: timedelta = timedelta(minutes=10)
    low_battery_mv: int = 20_000
    still_mm_s: int = 3
