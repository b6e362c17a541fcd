"""The numbers that goods and play are judged by."""

from msgspec import Struct


class Parameters(Struct, frozen=True, kw_only=True):
    """What a person does not do; why stands in docs/detectors/purpose.md.

    Attributes:
        in_days: looked at together.
        learn_days: so long after it was lent everybody tries it.
        gap_s: rides with no more than this between them belong together.
        ferried: so often in one go, laden there and straight back empty…
        carry_s: …or, with no more than this between rides…
        carried: …so often: a household of two calls the chair for one another once…
            (also of loads both ways: rides upwards with less than
        light: …of what is usual, and more than
        heavier_than_empty: …of what empty rides take, by nobody who jumps on…)
        goods_days: …on so many days…
        span_days: …the first and last of which are so far apart: guests and movers leave.
        empty_run: so many empty rides together (or one that goes as far) are no calls…
        toy_run: …and so many occupied ones no way of getting about…
        toy_boards_ds: …by somebody who jumps on, in tenths of a second…
        fro: …nor do so many in a day that go there and straight back, empty or so ridden…
        light_lifts: nor are so many lifts in one go (``carry_s``) of something…
        light_part: …that weighs less than this part of the client, lifted that day too…
        client_lifts: …in so many strokes that the heaviest is no error…
        play_days: …on so many days…
        holiday_days: …or on so many…
        holiday_in: …of so many, since whoever plays may come in holidays only.
        towed: the drive feels so many times the usual load…
        towed_share: …on so much of the outings…
        as_ever_share: …while so much of them are as ever, or it is the drive…
        towed_weeks: …side by side in so many weeks…
        towed_stops: …and stops so much more often.
        laden: one way takes so many times the other…
        laden_ways: …so often, there laden and back empty or the other way round…
        laden_share: …which is so much of all ways there and back…
        laden_back: …no more than this part of them laden on the other way: wind turns, and hills…
        laden_before: …were there before: of all ways no more than this part of their share now…
        stood_s: …not the first after it stood so long: bearings that stick are heavy then…
        fast: …and none that was so much faster, or any steeper, than it is made for.
        before_days: what was felt longer ago than this is what is usual, of
        before_rides: so many rides.
    """

    in_days: int = 28
    learn_days: int = 14
    gap_s: int = 300
    ferried: int = 2
    carry_s: int = 1800
    carried: int = 3
    light: float = 0.82
    heavier_than_empty: float = 1.1
    goods_days: int = 4
    span_days: int = 14
    empty_run: int = 4
    toy_run: int = 6
    toy_boards_ds: int = 45
    fro: int = 5
    light_lifts: int = 4
    light_part: float = 0.75
    client_lifts: int = 2
    play_days: int = 5
    holiday_days: int = 8
    holiday_in: int = 84
    towed: float = 1.35
    towed_share: float = 0.3
    as_ever_share: float = 0.1
    towed_weeks: int = 3
    towed_stops: float = 3.0
    laden: float = 1.3
    laden_ways: int = 8
    laden_share: float = 0.15
    laden_back: float = 0.25
    laden_before: float = 0.4
    stood_s: int = 18_000
    fast: float = 1.15
    before_days: int = 28
    before_rides: int = 20
