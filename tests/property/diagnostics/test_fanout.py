"""Whoever is to be told is told: by every way that it takes, in order, once each."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from diagnostics.escalation.hours import Hours
from diagnostics.notifications.fanout import DELAY, End, Plan, Request, Sent, State, Way, plan

T0 = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
NIGHT = Hours(begin=time(22), end=time(7))
DAY = timedelta(days=1)

requests = st.builds(
    Request,
    priority=st.sampled_from([None, 1, 2, 3]),
    seeks_answer=st.booleans(),
    quiet=st.sampled_from([None, NIGHT]),
)
# What becomes of a message on each way, however often it is tried.
fates = st.lists(st.sampled_from(list(State)), max_size=5)
starts = st.integers(0, 24 * 60).map(lambda minutes: T0 + timedelta(minutes=minutes))


class Course:
    """Plays a request to its end: ways behave as fated, the clock leaps to the next look."""

    def __init__(self, request: Request, fates: list[State], start: datetime) -> None:
        self.ways = [Way(number, "email") for number in range(len(fates))]
        self.request, self.fates = request, fates
        self.sent: list[Sent] = []
        self.now = start
        self.end: End | None = None

    def play(self, until: datetime) -> None:
        while self.end is None and self.now < until:
            planned = self.look()
            if planned.end is None:
                assert planned.again_at is not None
                assert planned.again_at > self.now or planned.take
                # Whatever becomes of a message wakes the plan.
                self.now = self.now if planned.take else planned.again_at

    def look(self) -> Plan:
        planned = plan(self.request, self.ways, self.sent, now=self.now)
        self.sent += [Sent(way.way_id, self.now, State.WAITING) for way in planned.take]
        self.end = planned.end
        settled = [replace(one, state=self.fates[one.way_id or 0]) for one in self.sent]
        self.sent = settled
        return planned


@given(requests, fates, starts)
def test_each_way_is_taken_once_in_order_and_it_comes_to_an_end(
    request: Request, fates: list[State], start: datetime
) -> None:
    course = Course(request, fates, start)
    course.play(until=start + 3 * DAY)
    taken = [one.way_id for one in course.sent]
    assert taken == list(range(len(taken)))
    arrived = any(one.state is State.DELIVERED for one in course.sent)
    if course.end is None:  # something may still arrive
        assert {State.WAITING, State.FAILING} & {one.state for one in course.sent}
    else:
        assert course.end is (End.DELIVERED if arrived else End.UNREACHABLE)
    if request.seeks_answer or not arrived:
        assert len(taken) == len(fates)  # nobody answered: every way was tried


@given(requests, fates.filter(bool), starts)
def test_an_emergency_is_sent_at_once_and_everything_else_not_at_night(
    request: Request, fates: list[State], start: datetime
) -> None:
    course = Course(request, fates, start)
    course.look()
    if request.emergency or request.quiet is None:
        assert course.sent
    course.play(until=start + 3 * DAY)
    if request.quiet and not request.emergency:
        assert not [one for one in course.sent if request.quiet.covering(one.at)]


@given(requests, st.integers(1, 5), starts)
def test_in_an_emergency_all_ways_are_taken_as_soon_as_none_works(
    request: Request, count: int, start: datetime
) -> None:
    urgent = replace(request, priority=1)
    for broken in (State.FAILING, State.DEAD):
        course = Course(urgent, [broken] * count, start)
        course.look()
        course.look()
        assert [one.at for one in course.sent] == [start] * count


@given(requests, fates, starts, st.integers(1, 600))
def test_looking_more_often_changes_nothing_and_an_answer_ends_it(
    request: Request, fates: list[State], start: datetime, seconds: int
) -> None:
    course = Course(request, fates, start)
    while course.end is None and course.look().take:
        pass
    before = list(course.sent)
    course.look()
    assert course.sent == before
    course.request = replace(request, answered=True, seeks_answer=True)
    course.now += timedelta(seconds=seconds)
    assert course.look().take == ()
    assert course.end in (End.DELIVERED, End.NEEDLESS)


@given(fates.filter(lambda found: len(found) > 1), st.integers(1, 10_000))
def test_a_clock_that_was_ahead_makes_nobody_wait(fates: list[State], ahead_s: int) -> None:
    urgent = Request(priority=1, seeks_answer=True)
    sent = [Sent(0, T0 + timedelta(seconds=ahead_s), State.WAITING)]
    ways = [Way(number, "email") for number in range(len(fates))]
    planned = plan(urgent, ways, sent, now=T0)
    assert planned.again_at == T0 + DELAY[1]
