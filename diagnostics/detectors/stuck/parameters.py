"""The numbers that stuck is judged by; why each is what it is stands in docs/detectors/stuck.md."""

from datetime import timedelta

from diagnostics.detectors.emergency import Limits


class Parameters(Limits, frozen=True, kw_only=True):
    """How long things may last, and when a value is too low; the rest is in ``Limits``.

    Attributes:
        suspect_stop: a stop without a reason is shown to the desk after this long…
        certain_stop: …and is an emergency after this long, on a lift not known yet.
        suspect_stop_most: on a lift whose riders pause, it is shown no later than this…
        certain_stop_least: …and is an emergency no earlier than this…
        certain_stop_most: …and no later, whatever the habits.
        pause_times, pause_more: an emergency after so many times the longest usual pause, and so
            much more.
        certain_stop_unknown: …and after this long where it may just as well be at a landing.
        confirm: a fault, an open edge, a refusal or a flat battery keeps the lift standing for
            this long: nobody has reversed it out.
        confirm_gone: the seat stays empty for this long between landings.
        suspect_silence: in mid-ride nothing is heard for this long: the desk sees it. Certain after
            what its line may take (``Limits.silence``).
        boarding: who sits down to ride is on the way by then.
        will_after: so soon after somebody sat down the connection was said to be lost: it went
            before he can have arrived.
        certain_lost: it is not back after this long.
        overlong_least, overlong_most: a ride that is stopped and starts again may last this long…
        ride_times, ride_more: …by so many times the longest usual ride, and so much more.
        landing_mm: this near to the end of the rail is at the landing.
    """

    suspect_stop: timedelta = timedelta(seconds=10)
    certain_stop: timedelta = timedelta(seconds=50)
    suspect_stop_most: timedelta = timedelta(seconds=30)
    certain_stop_least: timedelta = timedelta(seconds=40)
    certain_stop_most: timedelta = timedelta(seconds=90)
    pause_times: float = 1.5
    pause_more: timedelta = timedelta(seconds=15)
    certain_stop_unknown: timedelta = timedelta(seconds=120)
    confirm: timedelta = timedelta(seconds=12)
    confirm_gone: timedelta = timedelta(seconds=3)
    suspect_silence: timedelta = timedelta(seconds=15)
    boarding: timedelta = timedelta(seconds=60)
    will_after: timedelta = timedelta(seconds=120)
    certain_lost: timedelta = timedelta(minutes=3)
    overlong_least: timedelta = timedelta(minutes=4)
    overlong_most: timedelta = timedelta(minutes=10)
    ride_times: float = 3.0
    ride_more: timedelta = timedelta(minutes=2)
    landing_mm: int = 100
