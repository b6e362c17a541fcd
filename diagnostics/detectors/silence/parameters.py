"""The numbers that silence is judged by; their reasons stand in docs/detectors/silence.md."""

from datetime import timedelta

from msgspec import Struct


class Parameters(Struct, frozen=True, kw_only=True):
    """How long silence may last.

    Attributes:
        flicker: shorter outages are nobody's habit.
        glimpse: who is back for less than this and gone again was not back.
        offline: an aid that is not known for ``known_after`` yet may be away for so long…
        offline_least, offline_most: …others for so long…
        offline_times: …or so many times their longest usual outage…
        rhythm_slack: …or so much longer than they usually are away at this time of the day or week.
        same_hour: what began within so much of an hour of the day began at that hour.
        twice: so many outages at one time of the day are a habit; of a week one is.
        remembered: outages before this are no habit any more.
        up_hour, down_hour: nobody is told before people are up (Dutch time).
        mute: a connected aid that is not known yet may say nothing for so long…
        mute_least, mute_most: …others for so long…
        mute_times: …or so many times their longest usual silence.
        poll: how often it is noted how long an aid has said nothing.
        poll_mute: how often one is looked at that is known to be mute.
        enough: so many outages, or silences, make a habit.
        test_interval: how far apart test calls are…
        test_slack: …and how much later they may be.
        test_loss: the part of test calls that is lost on the way, before anything is known of this
            aid's own; counts as much as ``test_prior`` calls.
        test_false_a_year: how many false findings a year an aid may give.
        test_least, test_most: never found at fewer missing in a row, and always at so many.
        share_window: of so many test calls the missing ones are counted…
        share_least: …never found for fewer…
        share_well: …and over once so many came one after the other.
        recheck: how often to look again while the platform itself does not listen.
    """

    flicker: timedelta = timedelta(minutes=1)
    glimpse: timedelta = timedelta(minutes=10)
    offline: timedelta = timedelta(hours=24)
    known_after: timedelta = timedelta(days=14)
    offline_least: timedelta = timedelta(hours=12)
    offline_most: timedelta = timedelta(hours=72)
    offline_times: float = 2.0
    rhythm_slack: timedelta = timedelta(hours=3)
    same_hour: timedelta = timedelta(hours=2.5)
    twice: int = 2
    remembered: timedelta = timedelta(days=29)
    up_hour: int = 11
    down_hour: int = 20
    mute: timedelta = timedelta(hours=12)
    mute_least: timedelta = timedelta(hours=2)
    mute_most: timedelta = timedelta(hours=48)
    mute_times: float = 4.0
    poll: timedelta = timedelta(hours=6)
    poll_mute: timedelta = timedelta(hours=24)
    enough: int = 4
    test_interval: timedelta = timedelta(hours=72)
    test_slack: timedelta = timedelta(hours=6)
    test_loss: float = 0.15
    test_prior: int = 10
    test_false_a_year: float = 0.1
    test_least: int = 3
    test_most: int = 6
    share_window: int = 20
    share_least: int = 4
    share_well: int = 6
    recheck: timedelta = timedelta(hours=1)
