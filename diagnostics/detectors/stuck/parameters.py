"""The numbers that stuck is judged by; why each is what it is stands in docs/detectors/stuck.md."""

from datetime import timedelta

from msgspec import Struct


class Parameters(Struct, frozen=True, kw_only=True):
    """How long things may last, and when a value is too low.

    Attributes:
        late: facts may reach us this much later than others and change nothing.
        fresh: what was measured longer ago than this, when it reached us, is history.
        suspect_stop: a stop without a reason is shown to the desk after this long…
        certain_stop: …and is an emergency after this long.
        certain_stop_unknown: …and after this long where it may just as well be at a landing.
        confirm: a fault, an open edge, a refusal or a flat battery keeps the lift standing for
            this long: nobody has reversed it out.
        confirm_gone: the seat stays empty for this long between landings.
        suspect_silence: in mid-ride nothing is heard for this long…
        certain_silence: …and for this long.
        settle_history: how long the rest of a backlog is waited for.
        open_call: how long the message of a call that presence speaks of is waited for.
        same_press: two moments of a pressed button at most this far apart are one press.
        refresh: how often an emergency that goes on is reported with newer evidence.
        recheck: how often to look again while the platform itself does not listen.
        low_battery_mv: at this voltage or less no landing can be reached.
        still_mm_s: slower than this is standing still, whatever the sensor trembles.
        landing_mm: this near to the end of the rail is at the landing.
    """

    late: timedelta = timedelta(seconds=8)
    fresh: timedelta = timedelta(seconds=60)
    suspect_stop: timedelta = timedelta(seconds=10)
    certain_stop: timedelta = timedelta(seconds=60)
    certain_stop_unknown: timedelta = timedelta(seconds=120)
    confirm: timedelta = timedelta(seconds=6)
    confirm_gone: timedelta = timedelta(seconds=3)
    suspect_silence: timedelta = timedelta(seconds=15)
    certain_silence: timedelta = timedelta(seconds=90)
    settle_history: timedelta = timedelta(seconds=10)
    open_call: timedelta = timedelta(seconds=30)
    same_press: timedelta = timedelta(seconds=15)
    refresh: timedelta = timedelta(seconds=30)
    recheck: timedelta = timedelta(seconds=5)
    low_battery_mv: int = 17_000
    still_mm_s: int = 10
    landing_mm: int = 100
