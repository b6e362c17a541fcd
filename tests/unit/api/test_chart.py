"""How a ride is cut out and drawn."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from api.desk.chart import LEFT, RIGHT, WIDTH, draw, thin
from api.devices.rides import last_ride
from api.devices.schemas import Reading

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def reading(second: float, **changes: Any) -> Reading:
    at = START + timedelta(seconds=second)
    values: dict[str, Any] = {
        "measured_at": at,
        "received_at": at,
        "position_mm": 100,
        "speed_mm_s": 0,
        "current_ma": 300,
        "battery_mv": 25_000,
        "seat": "occupied",
        "demand": "none",
        "mode": "normal",
        "landing": "between",
        "contacts": [],
        "signals": [],
        "fault": None,
    }
    return Reading.model_validate(values | changes)


def seconds(samples: Sequence[Reading]) -> list[float]:
    return [(sample.measured_at - START).total_seconds() for sample in samples]


def test_a_ride_goes_from_landing_to_landing() -> None:
    samples = [
        reading(0, landing="bottom"),
        reading(30, landing="bottom"),
        reading(31, speed_mm_s=100),
        reading(32, speed_mm_s=100),
        reading(33, landing="top"),
        reading(60, landing="top"),
    ]
    assert seconds(last_ride(samples)) == [30, 31, 32, 33]


def test_a_ride_that_got_stuck_shows_what_followed_for_a_while() -> None:
    stuck = [reading(32 + 10 * number) for number in range(40)]
    ride = last_ride([reading(30, landing="bottom"), reading(31, speed_mm_s=100), *stuck])
    assert seconds(ride)[0] == 30
    assert 170 <= seconds(ride)[-1] - 31 <= 180


def test_an_earlier_ride_is_another_story() -> None:
    samples = [
        reading(0, speed_mm_s=100),
        reading(1),
        reading(500),
        reading(501, speed_mm_s=100),
    ]
    assert seconds(last_ride(samples)) == [500, 501]


def test_without_movement_there_is_no_ride() -> None:
    assert last_ride([reading(0), reading(1)]) == []
    assert last_ride([]) == []


def test_the_drawing_stays_within_its_frame() -> None:
    samples = [reading(n / 2, position_mm=n * 60, current_ma=8_000) for n in range(80)]
    chart = draw(samples, lambda at: at)
    assert chart is not None
    for curve in chart.curves:
        for line in curve.lines:
            for point in line.split():
                x, y = map(float, point.split(","))
                assert LEFT <= x <= WIDTH - RIGHT
                assert curve.top <= y <= curve.bottom


def test_what_is_unknown_breaks_the_line() -> None:
    samples = [reading(0), reading(1, position_mm=None), reading(2), reading(3)]
    chart = draw(samples, lambda at: at)
    assert chart is not None
    position = next(curve for curve in chart.curves if curve.name == "position")
    assert [len(line.split()) for line in position.lines] == [1, 2]


def test_states_are_bands() -> None:
    samples = [
        reading(0, seat="occupied"),
        reading(1, seat="occupied", fault="relay"),
        reading(2, seat="empty", fault="relay", signals=["sos"]),
        reading(3, seat="empty"),
    ]
    chart = draw(samples, lambda at: at)
    assert chart is not None
    bands = {band.name: [span.value for span in band.spans] for band in chart.bands}
    assert bands == {"seat": ["occupied", "empty"], "fault": ["relay"], "sos": ["sos"]}


def test_too_little_is_not_drawn() -> None:
    assert draw([], lambda at: at) is None
    assert draw([reading(0)], lambda at: at) is None
    assert draw([reading(0), reading(0)], lambda at: at) is None


def test_a_thinned_table_keeps_every_change() -> None:
    samples = [reading(n, fault="relay" if n == 501 else None) for n in range(1_000)]
    kept = thin(samples, 50)
    assert len(kept) < 60
    assert [sample.fault for sample in kept].count("relay") == 1
    assert kept[-1] is samples[-1]
