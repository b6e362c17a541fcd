"""The numbers that every emergency is judged by; their reasons stand in docs/detectors/stuck.md."""

from datetime import timedelta

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """How long things may last, and when a value is too low.

    Attributes:
        late: facts may reach us this much later than others and change nothing.
        news: an aid under way may say nothing for so long, beside that, and go on all the same.
        fresh: what was measured longer ago than this, when it reached us, is history.
        settle_history: how long the rest of a backlog is waited for.
        same_press: two moments of a pressed button at most this far apart are one press.
        refresh: how often an emergency that goes on is reported with newer evidence.
        recheck: how often to look again while the platform itself does not listen.
        silence: over a line that is not known yet, silence may be the line's own for so long…
        silence_least, silence_most: …and over one that is known, within these bounds.
        stalled: what reaches us so much later than it was measured shows that the line stood.
        low_battery_mv: at this voltage or less it cannot go on.
        still_mm_s: slower than this is standing still, whatever the sensor trembles.
    """

    late: timedelta = timedelta(seconds=8)
    news: timedelta = timedelta()
    fresh: timedelta = timedelta(seconds=60)
    settle_history: timedelta = timedelta(seconds=10)
    same_press: timedelta = timedelta(seconds=15)
    refresh: timedelta = timedelta(seconds=30)
    recheck: timedelta = timedelta(seconds=5)
    silence: timedelta = timedelta(seconds=50)
    silence_least: timedelta = timedelta(seconds=40)
    silence_most: timedelta = timedelta(seconds=180)
    stalled: timedelta = timedelta(seconds=10)
    low_battery_mv: int = 17_000
    still_mm_s: int = 10
