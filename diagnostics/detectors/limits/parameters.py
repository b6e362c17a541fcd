"""How much is too much."""

from msgspec import Struct, field

from gateway.protocol.vocabulary import AidKind


class Parameters(Struct, frozen=True, kw_only=True):
    """How much is too much; why stands in docs/detectors/limits.md.

    Attributes:
        load_margin: share of the rated load that a scale may be off.
        speed_margin: likewise of the rated speed, wear of tyres and a slope down included.
        incline_margin_deg: what a tilt sensor may be off.
        days: so many days with an excess…
        in_days: …within so many.
        share: of loads, above which it is the scale that is off rather than the use.
        empty_kg: an empty sling weighs less than this, if the scale is right.
        duty_ms: driving within two hours of the clock, of a drive made for short trips…
        duty_rides: …in so many rides…
        day_rides: …or in so many rides of one day, of such an aid…
        duty_days: …on so many days…
        duty_span: …that lie so many days apart: visitors come and go.
        usual_deg: somewhere it is flatter than this, if the tilt sensor is right.
        before_days: what the drive felt longer ago than this is what is usual…
        before_rides: …of so many rides.
        reckoned_margin: share of the rated load that reckoning from the values at delivery is off…
        always_margin: …and so much of the middle of very many rides…
        always_stray: …that stays the same but for this share: a drive that wears does not.
        grown_margin: …or has come to be that, while the drive takes no more than it did (within
            ``always_stray``) empty…
        unchanged_share: …on this share of the days.
        drive_stray: on a day when the drive takes more than so many times the usual, empty or with
            the lightest load, it is the drive.
        heavier: a ride felt so many times the usual load is far too heavy…
        heavier_wheels: …on wheels, where the aid itself weighs more…
        heavy_rides: …and so many of them, on so many days as ``duty_days``…
        heavy_share: …and so much of all…
        usual_share: …while so much of them are as ever, or it is the drive that runs heavily.
        weeks: heavy and usual rides side by side in so many weeks: no drive that was mended.
        stood_min: after so many minutes without a ride a drive that sticks does so…
        soon_min: …and it does not within so many: bearings come free and stay so for some hours…
        sticks_share: …so it is the drive if of what is heavy less than this share comes soon, and
            of what comes after it stood less is as ever.
        plausible: reckoned from empty rides it must come to this part of the rated load.
    """

    load_margin: float = 0.08
    speed_margin: float = 0.15
    incline_margin_deg: int = 2
    days: int = 3
    in_days: int = 28
    share: float = 0.8
    empty_kg: int = 12
    duty_ms: int = 8 * 60_000
    duty_rides: int = 14
    day_rides: dict[str, int] = field(
        default_factory=lambda: {AidKind.STAIRLIFT: 45, AidKind.HOIST: 70}
    )
    duty_days: int = 6
    duty_span: int = 15
    usual_deg: int = 5
    before_days: int = 28
    before_rides: int = 30
    reckoned_margin: float = 0.1
    always_margin: float = 0.07
    always_stray: float = 0.05
    grown_margin: float = 0.08
    unchanged_share: float = 0.8
    drive_stray: float = 1.12
    heavier: float = 1.42
    heavier_wheels: float = 1.31
    heavy_rides: int = 12
    heavy_share: float = 0.15
    usual_share: float = 0.2
    weeks: int = 3
    stood_min: int = 300
    soon_min: int = 150
    sticks_share: float = 0.15
    plausible: float = 0.85


# The first weeks of a loan are kept for good, and the last months.
