"""The plan for a stretch and the answer for a moment never disagree."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from diagnostics.escalation.hours import Hours, moment
from diagnostics.escalation.rota import (
    Layer,
    Override,
    Rota,
    Rotation,
    Turn,
    gaps,
    shifts,
    who_is_on_call,
)

LAYERS = st.sampled_from([Layer.DESK, Layer.MECHANIC])
PEOPLE = st.sampled_from(["anna", "bas", "carla"])
# Around both changes of the clocks; times on the wall that are skipped, and that come twice.
MIDDLES = st.sampled_from(
    [datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC)]
)
OFFSETS = st.integers(-5 * 24 * 4, 5 * 24 * 4).map(
    lambda quarters: timedelta(minutes=15 * quarters)
)
TIMES = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15)) | (
    st.sampled_from([time(2), time(2, 30), time(2, 59), time(3)])
)


@st.composite
def rotas(draw: st.DrawFn, middle: datetime) -> Rota:
    def rotation() -> Rotation:
        first = middle.date() + timedelta(days=draw(st.integers(-30, 4)))
        return Rotation(
            layer=draw(LAYERS),
            people=tuple(draw(st.lists(PEOPLE, min_size=1, max_size=3))),
            turn=draw(st.sampled_from(list(Turn))),
            first_day=first,
            handover=draw(TIMES),
            last_day=draw(
                st.none() | st.integers(1, 40).map(lambda days: first + timedelta(days=days))
            ),
            hours=draw(
                st.none()
                | st.builds(
                    Hours,
                    begin=TIMES,
                    end=TIMES,
                    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
                )
            ),
        )

    def override() -> Override:
        begin = middle + draw(OFFSETS)
        return Override(
            layer=draw(LAYERS),
            begin=begin,
            end=begin + draw(st.integers(1, 300).map(lambda count: timedelta(minutes=15 * count))),
            person=draw(st.none() | PEOPLE),
            instead_of=draw(st.none() | PEOPLE),
        )

    return Rota(
        rotations=tuple(rotation() for _ in range(draw(st.integers(0, 4)))),
        overrides=tuple(override() for _ in range(draw(st.integers(0, 3)))),
    )


PLANS = MIDDLES.flatmap(
    lambda middle: st.tuples(
        rotas(middle),
        st.tuples(OFFSETS, OFFSETS)
        .filter(lambda pair: pair[0] != pair[1])
        .map(lambda pair: (middle + min(pair), middle + max(pair))),
        st.lists(st.integers(0, 999), min_size=1, max_size=20),
    )
)


@settings(deadline=None)
@given(PLANS)
def test_gaps_and_shifts_agree_with_who_is_on_call(
    plan: tuple[Rota, tuple[datetime, datetime], list[int]],
) -> None:
    rota, (begin, end), parts = plan
    missing = gaps(rota, begin, end)
    for layer in Layer:
        turns = shifts(rota, layer, begin, end)
        assert (turns[0].begin, turns[-1].end) == (begin, end)
        assert all(one.end == two.begin for one, two in pairwise(turns))
        assert all(one.people != two.people for one, two in pairwise(turns))
        edges = [at for turn in turns for at in (turn.begin, turn.end - datetime.resolution)]
        for at in [*edges, *(begin + (end - begin) * part // 1000 for part in parts)]:
            people = who_is_on_call(rota, layer, at)
            assert [turn.people for turn in turns if turn.begin <= at < turn.end] == [people]
            assert any(gap.layer is layer and gap.begin <= at < gap.end for gap in missing) == (
                not people
            )


@settings(deadline=None)
@given(PLANS)
def test_who_is_on_call_depends_on_the_moment_not_on_its_zone(
    plan: tuple[Rota, tuple[datetime, datetime], list[int]],
) -> None:
    rota, (begin, end), parts = plan
    for part in parts:
        at = begin + (end - begin) * part // 1000
        for zone in ("Europe/Amsterdam", "Asia/Tokyo"):
            there = at.astimezone(ZoneInfo(zone))
            assert who_is_on_call(rota, Layer.DESK, there) == who_is_on_call(rota, Layer.DESK, at)


CHANGES = st.sampled_from([date(2026, 10, 25), date(2027, 3, 28)])


@settings(deadline=None)
@example(day=date(2026, 10, 25), times=[time(2, fold=1), time(2, 30)])
@given(
    st.dates(date(2000, 1, 1), date(2035, 12, 30)) | CHANGES,
    st.tuples(TIMES | st.times(), TIMES | st.times()).map(sorted),
)
def test_later_on_the_wall_is_never_earlier(day: date, times: list[time]) -> None:
    first, second = (moment(day, each) for each in times)
    assert moment(day, time()) <= first <= second < moment(day + timedelta(days=1), time())
