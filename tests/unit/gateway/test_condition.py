"""What the modem sums up of a day."""

from msgspec import structs

from gateway.protocol.messages import Condition
from gateway.protocol.vocabulary import AidKind, Contacts, Mode, Seat, Signals
from gateway.watch import ConditionSettings, WatchSettings
from tests.support.aids import WatchedScooter
from tests.support.lift import EDGE, START_WALL_MS, WatchedLift

HOUR_MS = 3_600_000
SHORT = ConditionSettings(
    period_ms=10 * 60_000, save_ms=60_000, rest_ms=5 * 60_000, settle_ms=60_000
)


def conditions(aid: WatchedLift) -> list[Condition]:
    return [message for message in aid.messages if isinstance(message, Condition)]


def scooter() -> WatchedScooter:
    return WatchedScooter(WatchSettings(kind=AidKind.SCOOTER, condition=SHORT))


def test_one_a_day_at_the_end_of_it() -> None:
    lift = WatchedLift()
    lift.stay(24 * HOUR_MS - 1_000)
    assert conditions(lift) == []
    lift.stay(24 * HOUR_MS + 2_000)
    first, second = conditions(lift)
    assert first.period_ms == second.period_ms == 24 * HOUR_MS
    assert first.time_ms == START_WALL_MS + 1_000 + 24 * HOUR_MS
    assert (first.restarts, second.restarts) == (1, 0)


def test_times_of_a_stairlift() -> None:
    lift = WatchedLift(WatchSettings(condition=SHORT))
    lift.stay(60_000, seat=Seat.OCCUPIED)
    lift.ride(30_000)
    lift.arrive(150_000)  # not on its charge point
    lift.stay(60_000, seat=Seat.EMPTY)
    lift.stay(301_000, signals=Signals.MAINS | Signals.CHARGING, battery_mv=27_900)
    (condition,) = conditions(lift)
    assert condition.charging_ms == 360_000
    assert condition.mains_ms == 360_000
    assert condition.seat_ms == 240_000
    assert condition.off_charge_ms == 210_000 - 1_000  # the ride ended a second after it stopped
    assert condition.battery_max_mv == 27_900
    assert condition.away_ms is None
    assert condition.cell is None


def test_battery_at_rest() -> None:
    aid = scooter()
    aid.stay(10_000, battery_mv=27_500)
    aid.stay(50_000, signals=Signals.NONE, battery_mv=24_000)
    aid.stay(220_000, battery_mv=25_300)
    aid.stay(60_000, battery_mv=25_200)
    aid.stay(270_000, battery_mv=25_250)
    (condition,) = conditions(aid)
    assert condition.battery_rest_mv == 25_250
    assert condition.battery_min_mv == 25_200  # 24 V was not at rest yet
    assert condition.battery_max_mv == 27_500


def test_battery_that_is_always_charged_or_used_never_rests() -> None:
    aid = scooter()
    aid.stay(300_000)
    aid.drive(300_000)
    (condition,) = conditions(aid)
    assert condition.battery_rest_mv is None
    assert condition.battery_min_mv is None


def test_away_and_where() -> None:
    aid = scooter()
    aid.stay(120_000, cell="u173zq9")
    aid.drive(180_000, cell="u173y")
    aid.halt(240_000, cell="u173x")
    aid.stay(61_000, cell="u173zq0", signals=Signals.NONE)
    (condition,) = conditions(aid)
    assert condition.away_ms == 420_000
    assert condition.cell == "u173x"


def test_finer_than_five_characters_nothing_is_kept() -> None:
    aid = scooter()
    aid.stay(601_000, cell="u173zq9h2k")
    assert conditions(aid)[0].cell == "u173z"
    assert b"u173zq" not in repr(aid.watch.memory).encode()


def test_counts_and_counters() -> None:
    aid = scooter()
    changes = {"cycles": 10, "odometer_m": 2_000, "parameters": "a1", "hardware": "X1"}
    aid.stay(60_000, **changes)
    aid.stay(60_000, signals=Signals.OPENED, mode=Mode.SERVICE)
    aid.stay(60_000, signals=Signals.NONE, cycles=12, odometer_m=2_300, parameters="b2")
    aid.stay(60_000, signals=Signals.OPENED)
    aid.stay(60_000, faults=EDGE, contacts=Contacts.FOOTREST_UP)
    aid.stay(60_000, faults=(), contacts=Contacts.CARRIAGE_UP)
    aid.stay(241_000, contacts=Contacts.NONE)
    (condition,) = conditions(aid)
    assert (condition.openings, condition.trips) == (2, 2)
    assert (condition.cycles, condition.odometer_m) == (12, 2_300)
    assert (condition.parameters, condition.hardware) == ("b2", "X1")


def test_temperature_and_signal() -> None:
    aid = scooter()
    aid.stay(60_000, temperature_dc=-42, signal_dbm=-120)
    aid.stay(300_000, temperature_dc=55, signal_dbm=-95)
    aid.stay(241_000, temperature_dc=31, signal_dbm=-80)
    (condition,) = conditions(aid)
    assert (condition.temperature_min_dc, condition.temperature_max_dc) == (-42, 55)
    assert condition.signal_dbm == -95


def test_what_was_never_seen_is_not_said_to_be_absent() -> None:
    aid = scooter()
    aid.reading = structs.replace(aid.reading, signals=Signals.NONE, seat=Seat.UNKNOWN)
    aid.watch = aid._new_watch(None)
    aid.stay(601_000)
    (condition,) = conditions(aid)
    assert condition.charging_ms is condition.mains_ms is condition.off_charge_ms is None
    assert condition.seat_ms is condition.away_ms is None


def test_what_was_once_seen_counts_in_every_later_period() -> None:
    aid = scooter()
    aid.stay(601_000)
    aid.stay(1_200_000, signals=Signals.NONE)
    assert [condition.charging_ms for condition in conditions(aid)] == [600_000, 1_000, 0]


def test_full_battery_with_its_plug_in_is_not_off_its_charger() -> None:
    aid = scooter()
    aid.stay(300_000)
    aid.stay(301_000, signals=Signals.MAINS)
    assert conditions(aid)[0].off_charge_ms == 0


def test_restart_costs_little_and_is_counted() -> None:
    aid = scooter()
    aid.stay(300_000)
    aid.restart()
    aid.restart()
    aid.stay(299_000)
    assert conditions(aid) == []
    aid.stay(62_000)
    (condition,) = conditions(aid)
    assert condition.restarts == 3
    assert condition.period_ms == 600_000


def test_traveller_through_many_places_takes_no_more_memory() -> None:
    aid = scooter()
    for number in range(300):
        aid.stay(1_000, cell=f"u{number:04d}")
    aid.stay(302_000, cell="u9999")
    assert conditions(aid)[0].cell == "u9999"
    assert len(repr(aid.watch.memory)) < 4_000
