"""What is usual of a drive, and when it is announced."""

from msgspec import Struct, field

from diagnostics.detectors.remaining import Stage
from gateway.protocol.vocabulary import AidKind


class Parameters(Struct, frozen=True, kw_only=True):
    """What is usual, and when a drive is announced. Assumed where no source stands beside it."""

    # Where controllers cut off: some two and a half times the rated current (10-17 A of 24 V
    # motors of 250-400 W on stairlifts). The lowest of the range: rather early than too late.
    limit_ma: dict[str, int] = field(
        default_factory=lambda: {
            AidKind.STAIRLIFT: 26_000,
            AidKind.SCOOTER: 80_000,
            AidKind.WHEELCHAIR: 80_000,
            AidKind.HOIST: 11_000,
        }
    )
    # Or where it is worn through: gear and rollers that take so much more than when they were met
    # do not last. Never nearer than ``least_worn``, whatever a controller's limit.
    worn: float = 1.75
    least_worn: float = 1.4
    # Where drives stopped, on average; measured on training fleets like what follows. Parts of the
    # way from what is usual (0) to there (1): see ``diagnostics.detectors.remaining``.
    end: float = 1.9
    stages: tuple[Stage, ...] = (
        Stage(0.0, (0.32, 0.73, 1.28), (44, 99, 138)),
        Stage(0.28, (0.36, 0.95, 1.45), (26, 77, 118)),
        Stage(0.44, (0.58, 1.17, 1.80), (21, 60, 93)),
        Stage(0.67, (0.80, 1.59, 3.00), (11, 36, 64)),
        Stage(0.89, None, (2.5, 15, 37)),
        Stage(1.33, None, (0, 4, 12)),
    )
    stages_on_wheels: tuple[Stage, ...] = (
        Stage(0.0, (0.26, 0.56, 1.40), (57, 86, 138)),
        Stage(0.28, (0.34, 0.85, 1.80), (43, 76, 133)),
        Stage(0.44, (0.36, 1.05, 2.45), (20, 50, 102)),
        Stage(0.67, None, (10, 35, 67)),
        Stage(0.89, None, (4, 19, 53)),
        Stage(1.33, None, (1, 6, 14)),
    )
    usual_mv: int = 24_500  # currents are compared at this voltage: a weak battery takes more
    learn_rides: int = 30
    least_rides: int = 12
    most_rides: int = 48  # of one period
    clip: float = 0.3  # one ride counts for no more than this beside what is usual
    # Stiffer grease: so much more for each degree below 15.
    cold: float = 0.004
    # Than usual on wheels: these tell of the way and the driver, not of the drive.
    steeper_deg: float = 2.0
    faster: float = 1.15
    strong: float = 0.75  # sorts of rides that ask something of the drive, of the hardest sort
    learn_points: int = 8
    most_points: int = 40
    windows_days: tuple[float, ...] = (24.0, 45.0, 90.0)
    least_points: int = 6
    steep: float = 2.5
    more: float = 1.2  # bags, clothes and meals make less
    more_on_wheels: float = 1.3  # wind, ground and tyres make more
    more_empty: float = 1.1  # with nobody on it, nobody's weight explains anything
    local: float = 1.25  # of one part of the rail against the rest
    local_rides: int = 10
    announce_days: float = 45.0
    announce_low_days: float = 14.0
    more_both: float = 1.1  # in the mean and at the most: not just another sort of ride
    # Or at the most alone, where no parts of the ride are told: a load takes more all along.
    more_at_most: float = 1.3
    uneven: float = 1.2  # so much more at the most than in the mean
    stood_ms: int = 2 * 3_600_000  # bearings that stick have come to rest by then
    hardest: float = 0.8  # the rides harder than so many of all
    more_in_part: float = 1.3  # after standing or at the start, beside all of its rides
    spent_points: int = 6  # beyond worn for weeks: whatever the trend
    well: float = 1.08
