"""How the watch judges and how often it speaks. Times are milliseconds."""

from typing import Annotated

from msgspec import Meta, Struct

from gateway.protocol.vocabulary import AidKind

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
        wheels_sample_ms: on wheels, between two samples of an outing, which may last for hours.
        wheels_batch_ms: on wheels, how long they are gathered; a stop sends them at once.
    """

    parked_read_ms: Ms = 250
    riding_read_ms: Ms = 250
    parked_interval_ms: Ms = 900_000
    waiting_sample_ms: Ms = 1_000
    standing_interval_ms: Ms = 30_000
    batch_ms: Ms = 5_000
    wheels_sample_ms: Ms = 5_000
    wheels_batch_ms: Ms = 60_000


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


class WheelsSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Scooters and wheelchairs: what is one outing, and when somebody cannot get home.

    Attributes:
        pause_ms: an outing has ended once it stood still for so long: longer than a traffic light
            or a chat, shorter than a visit.
        left_ms: likewise with the seat empty.
        tried_ms: the control held for so long in all, and no motion: the client wants to go on.
        stranded_ms: a flat battery, or a fault that only a technician can clear, has kept it from
            going on. Switching off and on again, the usual remedy, takes less.
        stranded_unclear_ms: likewise what may clear by itself: a drive cools down within minutes.
        forgotten_ms: the last try was so long ago that whoever is there wants something else.
        got_off_ms: the seat has been empty for so long: who can get off is not helpless.
        tilted_ms: a kerb tilts it for less.
        occupied_within_ms: somebody sat on it so shortly before, and may lie beside it.
    """

    pause_ms: Ms = 180_000
    left_ms: Ms = 5_000
    tried_ms: Ms = 3_000
    stranded_ms: Ms = 30_000
    stranded_unclear_ms: Ms = 300_000
    forgotten_ms: Ms = 60_000
    got_off_ms: Ms = 60_000
    tilted_ms: Ms = 5_000
    occupied_within_ms: Ms = 60_000


class HoistSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hoists: what is one lift, and when somebody is left hanging.

    Attributes:
        settle_ms: a stroke has ended once it stood still for so long: the button is let go and
            pressed again within less.
        tried_ms: a button held for so long in all against a drive that cannot: it is wanted.
        hanging_ms: a load hangs, and a fault for a technician or a refused button keeps it there.
        hanging_unclear_ms: likewise what people clear themselves, as the emergency stop, which is
            also pressed to be safe while the sling is put right.
        futile_ms: a button held for so long in all without any motion or reason; at the end of
            the stroke people hold it for a moment.
        forgotten_ms: the last try was so long ago that it was none.
        long_ms: a load that hangs still for so long: a transfer takes some minutes.
    """

    settle_ms: Ms = 3_000
    tried_ms: Ms = 3_000
    hanging_ms: Ms = 30_000
    hanging_unclear_ms: Ms = 120_000
    futile_ms: Ms = 10_000
    forgotten_ms: Ms = 60_000
    long_ms: Ms = 900_000


class ConditionSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often the modem sums up what the aid lived through.

    Attributes:
        period_ms: what one summary covers, of the time that the modem is on.
        save_ms: so much of it a power cut may cost.
        rest_ms: standing without charging for so long, a battery shows its true voltage.
        settle_ms: likewise for its lowest: the drive's load no longer shows.
    """

    period_ms: Annotated[int, Meta(ge=60_000, le=31 * 86_400_000)] = 86_400_000
    save_ms: Ms = 900_000
    rest_ms: Ms = 3_600_000
    settle_ms: Ms = 60_000


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
    """All of it; ``kind`` decides which of it counts."""

    kind: AidKind = AidKind.STAIRLIFT
    sampling: SamplingSettings = SamplingSettings()
    ride: RideSettings = RideSettings()
    emergency: EmergencySettings = EmergencySettings()
    wheels: WheelsSettings = WheelsSettings()
    hoist: HoistSettings = HoistSettings()
    condition: ConditionSettings = ConditionSettings()
    calls: CallSettings = CallSettings()
