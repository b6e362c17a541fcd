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
        open_call: how long the message of a call that presence speaks of is waited for.
        same_press: two moments of a pressed button at most this far apart are one press.
        refresh: how often an emergency that goes on is reported with newer evidence.
        recheck: how often to look again while the platform itself does not listen.
        low_battery_mv: at this voltage or less it cannot go on.
        still_mm_s: slower than this is standing still, whatever the sensor trembles.
    """

    late: timedelta = timedelta(seconds=8)
    news: timedelta = timedelta()
    fresh: timedelta = timedelta(seconds=60)
    settle_history: timedelta = timedelta(seconds=10)
    open_call: timedelta = timedelta(seconds=30)
    same_press: timedelta = timedelta(seconds=15)
    refresh: timedelta = timedelta(seconds=30)
    recheck: timedelta = timedelta(seconds=5)
    low_battery_mv: int = 17_000
    still_mm_s: int = 10
