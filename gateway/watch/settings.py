"""How the watch judges and how often it speaks. Times are milliseconds."""

from typing import Annotated

from msgspec import Meta, Struct

Ms = Annotated[int, Meta(ge=1, le=366 * 86_400_000)]


class SamplingSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often the bus is read, and how often that is sent.

    Attributes:
        parked_read_ms: between two readings of the bus while nothing goes on.
        riding_read_ms: likewise while the lift moves or is asked to.
        parked_interval_ms: between two status messages while nothing goes on.
        waiting_sample_ms: between two samples while a ride is interrupted.
        standing_interval_ms: between two status messages once it is given up.
        batch_ms: how long the samples of a ride are gathered before they are sent.
    """

    parked_read_ms: Ms = 250
    riding_read_ms: Ms = 250
    parked_interval_ms: Ms = 900_000
    waiting_sample_ms: Ms = 1_000
    standing_interval_ms: Ms = 30_000
    batch_ms: Ms = 5_000


class RideSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is a ride, and how heavy it was.

    Attributes:
        rail_length_mm: for lifts with a position but without landing switches; None: unknown.
        landing_tolerance_mm: how near to an end of the rail counts as standing at it ("creep to
            park" moves a lift by up to 5 cm).
        moving_current_ma: motor current that means motion where neither speed nor position is
            known.
        settle_ms: how long it stands at a landing before a ride counts as ended.
        give_up_ms: a ride interrupted for so long is summed up as it stands.
        empty_below_ma: a mean current upwards below this: nobody aboard.
        heavy_above_ma: above this: a heavy load.
    """

    rail_length_mm: int | None = None
    landing_tolerance_mm: int = 60
    moving_current_ma: int = 2_000
    settle_ms: Ms = 1_000
    give_up_ms: Ms = 600_000
    empty_below_ma: int = 7_000
    heavy_above_ma: int = 13_000


class EmergencySettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long something must last before the lift calls for help.

    Attributes:
        refused_ms: the drive does not follow the joystick that is held.
        fault_ms: a fault or an open safety contact that stops the drive does not clear.
        rider_gone_ms: the seat that was occupied in this ride stays empty.
        stopped_ms: it stands without a reason; a chosen pause is shorter.
        stopped_unknown_ms: likewise where nobody can tell whether it stands at a landing.
        power_ms: the battery stays low while it stands.
        battery_low_mv: at this or less no lift gets to a landing.
    """

    refused_ms: Ms = 2_000
    fault_ms: Ms = 5_000
    rider_gone_ms: Ms = 2_000
    stopped_ms: Ms = 30_000
    stopped_unknown_ms: Ms = 120_000
    power_ms: Ms = 2_000
    battery_low_mv: int = 17_000


class CallSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the lift goes on calling.

    Attributes:
        repeat_ms: between two calls while nobody has said that help is coming.
        fallback_ms: so long after the first call the telephone is tried as well.
        fallback_retry_ms: between two attempts of a telephone that does not work.
        test_interval_ms: between two test calls.
        first_test_ms: after the very first start.
    """

    repeat_ms: Ms = 30_000
    fallback_ms: Ms = 90_000
    fallback_retry_ms: Ms = 60_000
    test_interval_ms: Ms = 72 * 3_600_000
    first_test_ms: Ms = 60_000


class WatchSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it."""

    sampling: SamplingSettings = SamplingSettings()
    ride: RideSettings = RideSettings()
    emergency: EmergencySettings = EmergencySettings()
    calls: CallSettings = CallSettings()
