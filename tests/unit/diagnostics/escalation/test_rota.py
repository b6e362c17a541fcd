"""Who is on call, and when nobody is."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from diagnostics.escalation.hours import Hours, moment
from diagnostics.escalation.problem import PlanError
from diagnostics.escalation.rota import (
    Layer,
    Override,
    Rota,
    Rotation,
    Shift,
    Turn,
    check,
    gaps,
    shifts,
    who_is_on_call,
)
from diagnostics.tickets.calendar import ZONE

MECHANIC = Layer.MECHANIC
WEEKS = Rotation(
    layer=MECHANIC, people=("bas", "carla"), turn=Turn.WEEK, first_day=date(2026, 10, 19)
)
OTHERS = tuple(
    Rotation(layer=layer, people=("anna",), turn=Turn.DAY, first_day=date(2026, 1, 1))
    for layer in Layer
    if layer is not MECHANIC
)


def wall(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def override(begin: datetime, end: datetime, person: str | None, of: str | None = None) -> Override:
    return Override(layer=MECHANIC, begin=begin, end=end, person=person, instead_of=of)


def on_call(at: datetime, *overrides: Override, rotation: Rotation = WEEKS) -> tuple[str, ...]:
    return who_is_on_call(Rota(rotations=(rotation,), overrides=overrides), MECHANIC, at)


@pytest.mark.parametrize(
    ("at", "people"),
    [
        (wall(10, 19, 7, 59), ()),
        (wall(10, 19, 8), ("bas",)),
        (wall(10, 26, 7, 59), ("bas",)),  # the clocks went back the night before
        (wall(10, 26, 8), ("carla",)),
        (wall(11, 2, 8), ("bas",)),
    ],
)
def test_turns_change_at_the_time_on_the_wall(at: datetime, people: tuple[str, ...]) -> None:
    assert on_call(at) == people
    assert on_call(at.astimezone(UTC)) == people


def test_the_night_of_the_clocks_has_25_hours() -> None:
    rota = Rota(
        rotations=(
            Rotation(
                layer=MECHANIC,
                people=("bas", "carla"),
                turn=Turn.DAY,
                first_day=date(2026, 10, 24),
                handover=time(0),
            ),
        )
    )
    lengths = [
        (shift.people, shift.end - shift.begin)
        for shift in shifts(rota, MECHANIC, wall(10, 24), wall(10, 27))
    ]
    assert lengths == [
        (("bas",), timedelta(hours=24)),
        (("carla",), timedelta(hours=25)),
        (("bas",), timedelta(hours=24)),
    ]


def test_a_time_that_is_skipped_is_the_moment_of_the_skip() -> None:
    skip = datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert moment(date(2027, 3, 28), time(2, 59)) == skip
    assert moment(date(2027, 3, 28), time(3)) == skip
    assert moment(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_hours_run_over_midnight_and_belong_to_the_day_they_begin_on() -> None:
    friday = Hours(begin=time(22), end=time(6), weekdays=frozenset({4}))
    night = Rotation(
        layer=MECHANIC, people=("bas",), turn=Turn.DAY, first_day=date(2026, 1, 1), hours=friday
    )
    assert [
        on_call(at, rotation=night)
        for at in (wall(11, 20, 21, 59), wall(11, 20, 22), wall(11, 21, 5, 59), wall(11, 21, 6))
    ] == [(), ("bas",), ("bas",), ()]


def test_hours_that_began_yesterday_end_today() -> None:
    night = Rotation(
        layer=MECHANIC,
        people=("bas",),
        turn=Turn.DAY,
        first_day=date(2026, 1, 1),
        hours=Hours(begin=time(22), end=time(6)),
    )
    found = gaps(Rota(rotations=(night, *OTHERS)), wall(11, 21, 3), wall(11, 21, 23))
    assert [(gap.begin, gap.end) for gap in found] == [(wall(11, 21, 6), wall(11, 21, 22))]


def test_a_swap_takes_one_place_and_only_while_that_person_has_it() -> None:
    swap = override(wall(10, 25, 20), wall(10, 26, 20), "emma", of="bas")
    assert on_call(wall(10, 25, 19, 59), swap) == ("bas",)
    assert on_call(wall(10, 25, 20), swap) == ("emma",)
    assert on_call(wall(10, 26, 8), swap) == ("carla",)
    back = override(wall(10, 25, 22), wall(10, 26), "bas", of="emma")
    assert on_call(wall(10, 25, 23), swap, back) == ("bas",)


def test_who_is_ill_leaves_a_gap_until_somebody_takes_over() -> None:
    ill = override(wall(10, 21), wall(10, 23), None, of="bas")
    rota = Rota(rotations=(WEEKS, *OTHERS), overrides=(ill,))
    ahead = (wall(10, 20), wall(10, 30))
    assert gaps(rota, *ahead) == (
        Shift(layer=MECHANIC, begin=wall(10, 21), end=wall(10, 23), people=()),
    )
    half = override(wall(10, 21), wall(10, 22), "emma")
    rota = Rota(rotations=(WEEKS, *OTHERS), overrides=(ill, half))
    assert gaps(rota, *ahead) == (
        Shift(layer=MECHANIC, begin=wall(10, 22), end=wall(10, 23), people=()),
    )


def test_an_override_within_the_hour_that_comes_twice() -> None:
    first, second = wall(10, 25, 2, 45), wall(10, 25, 2, 15).replace(fold=1)
    short = override(first, second, "emma", of="bas")
    check(Rota(rotations=(WEEKS,), overrides=(short,)), people={"bas", "carla", "emma"})
    assert on_call(wall(10, 25, 2, 50), short) == ("emma",)
    assert on_call(wall(10, 25, 2, 10).replace(fold=1), short) == ("emma",)
    assert on_call(second, short) == ("bas",)


def test_a_rotation_that_ends_leaves_a_gap_from_its_last_handover() -> None:
    ends = Rotation(
        layer=MECHANIC,
        people=("bas",),
        turn=Turn.DAY,
        first_day=date(2026, 10, 1),
        last_day=date(2026, 10, 22),
    )
    found = gaps(Rota(rotations=(ends, *OTHERS)), wall(10, 20), wall(10, 30))
    assert found == (Shift(layer=MECHANIC, begin=wall(10, 22, 8), end=wall(10, 30), people=()),)


def test_a_layer_without_any_rotation_is_one_gap() -> None:
    found = gaps(Rota(rotations=OTHERS), wall(10, 20), wall(10, 30))
    assert [(each.layer, each.begin, each.end) for each in found] == [
        (MECHANIC, wall(10, 20), wall(10, 30))
    ]


@pytest.mark.parametrize(
    ("begin", "end"),
    [(wall(10, 20), wall(10, 20)), (datetime(2026, 10, 1), wall(10, 20))],  # noqa: DTZ001
)
def test_an_interval_needs_length_and_zone(begin: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="two moments with a zone, in order"):
        gaps(Rota(rotations=(WEEKS,)), begin, end)


def test_what_is_wrong_is_told_all_at_once_and_where() -> None:
    nobody = Rotation(
        layer=MECHANIC,
        people=(),
        turn=Turn.DAY,
        first_day=date(2026, 10, 1),
        last_day=date(2026, 9, 1),
        hours=Hours(begin=time(8), end=time(9), weekdays=frozenset({7})),
    )
    back = override(wall(10, 21), wall(10, 20), "bas", of="bas")
    naive = override(datetime(2026, 10, 1), wall(10, 20), "emma")  # noqa: DTZ001
    rota = Rota(rotations=(WEEKS, nobody), overrides=(back, naive))
    with pytest.raises(PlanError) as error:
        check(rota, people={"bas", "carla"})
    assert [str(problem) for problem in error.value.problems] == [
        "rotations[1].people: a rotation needs somebody",
        "rotations[1].last_day: 2026-09-01 is not after first_day, 2026-10-01",
        "rotations[1].hours.weekdays: [7]: 0 (Monday) to 6",
        "overrides[0].end: 2026-10-20 00:00:00+02:00 is not after begin, 2026-10-21 00:00:00+02:00",
        "overrides[0].person: 'bas' cannot take over from themselves",
        "overrides[1]: begin and end need a time zone",
        "overrides[1].person: nobody is known as 'emma'",
    ]
    check(Rota(rotations=(WEEKS,)), people={"bas", "carla"})
