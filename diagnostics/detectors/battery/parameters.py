"""What a good battery does, and when a bad one is announced."""

from msgspec import Struct, field

from diagnostics.detectors.remaining import Stage
from gateway.protocol.vocabulary import AidKind


class Parameters(Struct, frozen=True, kw_only=True):
    """What a good battery does, and when a bad one is announced."""

    # Below this under load the controller gives up. Stairlift: the makers' low-battery code, 17 V
    # (T498). Others: assumed, controllers of wheels and hoists give up earlier.
    flat_mv: dict[str, int] = field(
        default_factory=lambda: {
            AidKind.STAIRLIFT: 17_000,
            AidKind.SCOOTER: 19_500,
            AidKind.WHEELCHAIR: 19_500,
            AidKind.HOIST: 19_000,
        }
    )
    # A full battery at rest, 24 V lead-acid: what is more is the charger or its surface charge.
    full_mv: int = 25_700
    # Internal resistance rises by so much for each degree below 20 (assumed; data sheets of sealed
    # lead-acid show some 20-40 % more at 0 degrees).
    cold: float = 0.010
    coldest_dc: int = -150
    # Below some 30 % charge the resistance rises by itself: such rides say nothing of ageing.
    charged_mv: int = 23_900
    # Rides that load the battery: the others say little about it.
    loaded: float = 0.7  # of this aid's own usual highest current
    light: float = 0.5  # rides that hardly load it: downwards, or empty
    least_ma: int = 500
    # Stand for the currents where none is measured, up and down: the same every time.
    unknown_ma: int = 10_000
    unknown_light_ma: int = 2_500
    most_rides: int = 48  # of one period; the rest adds nothing
    least_rides: int = 3
    low_part: float = 0.2  # "typical worst": a lower quantile would be chance
    learn_points: int = 8
    most_points: int = 40
    windows_days: tuple[float, ...] = (24.0, 45.0, 90.0)
    least_points: int = 6
    stale_days: float = 15.0
    steep: float = 2.5  # standard errors by which a trend must differ from none
    # It must have lost this part of its margin, so that a wet week is no trend.
    lost_margin: float = 0.25
    more_resistance: float = 1.4  # and have aged by resistance, rest voltage or capacity
    least_sag_mv: int = 300  # some steps of the measurement
    rest_drop_mv: int = 300
    less_capacity: float = 0.65
    # IEEE 1188 has sealed lead-acid looked into at 30-50 % above its own baseline; at twice that it
    # is spent (assumed), though it may carry its client for long yet.
    spent_resistance: float = 2.0
    # On wheels the steepest place, seldom ridden, is where it gives up: with this part of the
    # margin left on most days.
    margin_left_on_wheels: float = 0.35
    # Measured on training fleets; see ``diagnostics.detectors.remaining``.
    stages: tuple[Stage, ...] = (
        Stage(0.0, (0.30, 0.60, 1.00), (55, 97, 160)),
        Stage(0.25, (0.50, 0.77, 1.15), (40, 68, 112)),
        Stage(0.4, (0.60, 0.86, 1.30), (30, 51, 82)),
        Stage(0.55, (0.74, 0.99, 1.50), (21, 38, 60)),
        Stage(0.7, (0.82, 1.23, 2.40), (11, 24, 42)),
        Stage(0.85, None, (4, 13, 28)),
        Stage(1.0, None, (1, 6, 18)),
    )
    stages_on_wheels: tuple[Stage, ...] = (
        Stage(0.0, (0.18, 0.50, 1.25), (60, 144, 215)),
        Stage(0.25, (0.40, 0.84, 2.00), (42, 113, 166)),
        Stage(0.4, (0.50, 1.05, 2.50), (40, 74, 136)),
        Stage(0.55, None, (23, 56, 118)),
        Stage(0.7, None, (14, 41, 98)),
        Stage(0.85, None, (6, 28, 75)),
        Stage(1.1, None, (4, 18, 43)),
    )
    announce_days: float = 45.0
    announce_low_days: float = 14.0
    spent_mv: int = 1_000  # so near to flat, again and again: whatever the trend
    spent_points: int = 2
    empty_mv: int = 24_200  # at rest: less than half full
    dead_cell_mv: int = 1_000  # one of twelve cells gone is 2 V
    dead_cell_on_charge_mv: int = 1_500  # reckoned, and what is ridden all day is never full
    like_new: float = 0.6  # of the resistance before: it was exchanged
