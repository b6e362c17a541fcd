"""The numbers that neglect is judged by."""

from msgspec import Struct


class Parameters(Struct, frozen=True, kw_only=True):
    """How long is too long; why stands in docs/detectors/neglect.md.

    Attributes:
        left_days: a fault that asks for a mechanic, or for charging, stays so long…
        left_rides: …while it is used so often.
        back_days: a fault comes back on so many days…
        back_in: …of so many, the first of which are so long ago…
        back_used: …and on this share of them it is used all the same…
        back_restarts: …and, of a fault that may be a passing one, it is switched off and on again
            on this share of them.
        parts: or so many parts complain by turns…
        part_days: …each on so many of those days: about once a week is no single upset.
        rides_on: or it stops so much of all rides…
        rides_on_days: …for so many days, on this share of those on which it is used: whoever waits,
        rides_on_used: and rides on, has had time to call.
        stands: or a fault of a part that keeps it from running stands over night so many times…
        stands_in: …within so many days…
        stands_span: …the first and last of which lie so far apart…
        stands_came: …and on whose first days it came up in so few quarters of an hour.
        flat_mv: at rest this low the battery is empty, and harmed by it…
        flat_days: …for so many days in all, of the last ``flat_in``…
        flat_spells: …in so many spells, used in between.
        recent_days: of which edges and drive are judged…
        before_days: …against what was longer ago than this.
        harder: the drive takes so many times as much…
        trips: …and an edge trips so often a ride, so many times as often as before.
        trips_more: likewise.
        rides: needed on either side.
    """

    left_days: int = 21
    left_rides: int = 10
    back_days: int = 14
    back_in: int = 28
    back_used: float = 0.5
    back_restarts: float = 0.5
    parts: int = 2
    part_days: int = 4
    rides_on: float = 0.7
    rides_on_days: int = 35
    rides_on_used: float = 0.85
    stands: int = 5
    stands_in: int = 63
    stands_span: int = 28
    stands_came: int = 2
    flat_mv: int = 23_300
    flat_days: int = 24
    flat_in: int = 100
    flat_spells: int = 2
    recent_days: int = 28
    before_days: int = 70
    harder: float = 1.2
    trips: float = 0.12
    trips_more: float = 4.0
    rides: int = 30
