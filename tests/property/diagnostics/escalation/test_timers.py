"""However often it is asked and whatever people do: nothing twice, nothing forgotten."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from diagnostics.escalation.hours import Hours
from diagnostics.escalation.policy import How, Policy, Step
from diagnostics.escalation.rota import Layer, Rota, Rotation, Turn
from diagnostics.escalation.timers import (
    CATCH_UP,
    Action,
    Heard,
    Phase,
    State,
    TicketEvent,
    Why,
    decide,
    started,
    worth_sending,
)

OPENED_AT = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # the clocks go back that night
SPAN_MIN = 400  # over the change of the clocks, and many rounds


def minutes(low: int, high: int) -> st.SearchStrategy[timedelta]:
    return st.integers(low, high).map(lambda count: timedelta(minutes=count))


STEPS = st.builds(
    Step,
    how=st.sampled_from([How.RING, How.PAGE, How.CALL]),
    layer=st.sampled_from(list(Layer)),
    after=minutes(0, 20),
    times=st.integers(1, 3),
    every=minutes(1, 10),
)
SUGGESTION = st.builds(Step, how=st.just(How.SUGGEST_FIRE_BRIGADE), after=minutes(0, 20))
POLICIES = st.builds(
    Policy,
    steps=st.tuples(st.lists(STEPS, min_size=1, max_size=4), SUGGESTION).map(
        lambda some: (*some[0], some[1])
    ),
    again_after=minutes(5, 30),
    acknowledged_for=minutes(1, 60),
    on_site_for=minutes(1, 60),
    travel_at_most=minutes(1, 120),
    suggest_by=minutes(1, 120),
    quiet=st.none() | st.just(Hours(begin=time(2, 30), end=time(3, 10))),
)
ROTAS = st.sets(st.sampled_from(list(Layer))).map(
    lambda layers: Rota(
        rotations=tuple(
            Rotation(
                layer=layer,
                people=(f"{layer}-1", f"{layer}-2"),
                turn=Turn.DAY,
                first_day=date(2026, 1, 1),
                handover=time(3),
            )
            for layer in sorted(layers)
        )
    )
)
PRIORITIES = st.sampled_from([1, 2])
HUMAN = st.sampled_from([kind for kind in Heard if kind is not Heard.CLOSED])


@st.composite
def stories(draw: st.DrawFn, kinds: st.SearchStrategy[Heard] = HUMAN) -> list[TicketEvent]:
    """Events at whole and broken minutes, so that some meet a step and some do not."""
    offsets = sorted(draw(st.lists(st.integers(0, SPAN_MIN * 2), max_size=6, unique=True)))
    return [
        TicketEvent(
            number=number,
            kind=draw(kinds),
            at=OPENED_AT + timedelta(seconds=30 * offset),
            arrives_at=draw(st.none() | minutes(0, 300).map(lambda ahead: OPENED_AT + ahead)),
        )
        for number, offset in enumerate(offsets, start=1)
    ]


MOMENTS = st.lists(st.integers(0, SPAN_MIN * 2), max_size=12, unique=True).map(
    lambda offsets: [OPENED_AT + timedelta(seconds=30 * offset) for offset in sorted(offsets)]
)
END = OPENED_AT + timedelta(minutes=SPAN_MIN)


def play(
    state: State,
    story: Sequence[TicketEvent],
    moments: Sequence[datetime],
    *,
    policy: Policy,
    rota: Rota,
    read_again: bool = False,
) -> tuple[list[Action], State, datetime | None]:
    """Ask at every moment, each time with what is known by then; store in between."""
    actions: list[Action] = []
    due: datetime | None = None
    for now in moments:
        known = [
            event
            for event in story
            if event.at <= now and (read_again or event.number > state.event_no)
        ]
        decision = decide(state, known, now, policy=policy, rota=rota)
        state = msgspec.json.decode(msgspec.json.encode(decision.state), type=State)
        due = decision.next_due
        actions.extend(decision.actions)
        assert due is None or due > now
    return actions, state, due


@settings(deadline=None)
@given(POLICIES, ROTAS, PRIORITIES, stories(st.sampled_from(list(Heard))), MOMENTS)
def test_any_grouping_of_the_same_moments_gives_the_same(
    policy: Policy, rota: Rota, priority: int, story: list[TicketEvent], moments: list[datetime]
) -> None:
    state = started(7, priority=priority, opened_at=OPENED_AT, policy=policy)
    at_once = play(state, story, [END], policy=policy, rota=rota)
    in_parts = play(state, story, [*moments, END], policy=policy, rota=rota)
    reading_again = play(
        state,
        story,
        sorted([*moments, *moments, END, END]),
        policy=policy,
        rota=rota,
        read_again=True,
    )
    assert in_parts == at_once
    assert reading_again[0] == at_once[0]


@settings(deadline=None)
@given(POLICIES, ROTAS, stories(), st.lists(st.integers(-2_000, 4_000), max_size=12))
def test_no_action_twice_however_the_clock_jumps(
    policy: Policy, rota: Rota, story: list[TicketEvent], offsets: list[int]
) -> None:
    state = started(7, priority=1, opened_at=OPENED_AT, policy=policy)
    moments = [OPENED_AT + timedelta(minutes=offset) for offset in offsets]
    actions, state, due = play(state, story, moments, policy=policy, rota=rota)
    keys = [action.dedup_key for action in actions]
    assert len(keys) == len(set(keys))
    order = [(each.round, each.step, each.attempt) for each in actions if each.layer]
    assert order == sorted(order), "each in its turn"
    if due is not None:
        assert due <= moments[-1] + state.wait, "nothing is awaited for longer than its delay"


@settings(deadline=None)
@given(POLICIES, ROTAS, st.integers(0, 5_000))
def test_an_emergency_that_nobody_answers_reaches_the_last_step_in_time(
    policy: Policy, rota: Rota, asked_every_s: int
) -> None:
    state = started(7, priority=1, opened_at=OPENED_AT, policy=policy)
    latest = OPENED_AT + policy.lasts
    moments = [latest]
    if asked_every_s:
        count = int(policy.lasts.total_seconds()) // asked_every_s
        moments = [
            OPENED_AT + timedelta(seconds=asked_every_s * number) for number in range(count)
        ] + moments
    actions, _, _ = play(state, [], moments, policy=policy, rota=rota)
    first = [action for action in actions if action.round == 0]
    assert all(action.due_at <= latest for action in first)
    assert {action.step for action in first} == set(range(len(policy.steps))), "none is left out"
    if all(action.people for action in first):
        (suggested,) = (each for each in first if each.how is How.SUGGEST_FIRE_BRIGADE)
        assert suggested.due_at == min(latest, OPENED_AT + policy.suggest_by)
        assert len(first) == sum(step.times for step in policy.steps)


@settings(deadline=None)
@given(POLICIES, ROTAS, stories(), st.integers(0, 2))
def test_unless_help_is_expected_in_time_the_fire_brigade_is_suggested(
    policy: Policy, rota: Rota, story: list[TicketEvent], more_hours: int
) -> None:
    deadline = OPENED_AT + policy.suggest_by
    said = [event for event in story if event.at <= deadline]
    hope = any(
        event.kind is Heard.ON_SITE
        or (event.arrives_at and event.arrives_at <= OPENED_AT + policy.help_within)
        for event in said
    )
    state = started(7, priority=1, opened_at=OPENED_AT, policy=policy)
    moments = [deadline + timedelta(hours=number) for number in range(more_hours + 1)]
    actions, _, _ = play(state, story, moments, policy=policy, rota=rota)
    suggested = [each for each in actions if each.how is How.SUGGEST_FIRE_BRIGADE]
    assert hope or (suggested and suggested[0].due_at <= deadline)


@settings(deadline=None)
@given(POLICIES, ROTAS, PRIORITIES, stories())
def test_acknowledged_and_forgotten_always_comes_back(
    policy: Policy, rota: Rota, priority: int, story: list[TicketEvent]
) -> None:
    state = started(7, priority=priority, opened_at=OPENED_AT, policy=policy)
    last = TicketEvent(number=99, kind=Heard.ACKNOWLEDGED, at=END)
    _, state, due = play(state, [*story, last], [END], policy=policy, rota=rota)
    assert state.phase is Phase.HELD
    assert due is not None
    if priority == 1:
        assert due == END + policy.acknowledged_for
    latest = due + policy.lasts + timedelta(hours=1)  # quiet hours are shorter than that
    actions, _, _ = play(state, [], [latest], policy=policy, rota=rota)
    assert actions[0].why is Why.FORGOTTEN
    assert {action.step for action in actions} >= set(range(len(policy.steps)))


@settings(deadline=None)
@given(POLICIES, ROTAS, stories(), minutes(0, SPAN_MIN), MOMENTS)
def test_closing_ends_it(
    policy: Policy, rota: Rota, story: list[TicketEvent], closes: timedelta, moments: list[datetime]
) -> None:
    state = started(7, priority=1, opened_at=OPENED_AT, policy=policy)
    at = OPENED_AT + closes
    before = [event for event in story if event.at < at]
    closed = TicketEvent(number=len(before) + 1, kind=Heard.CLOSED, at=at)
    after = [replace(event, number=event.number + 1) for event in story[len(before) :]]
    actions, state, due = play(
        state, [*before, closed, *after], [*moments, END], policy=policy, rota=rota
    )
    assert all(action.due_at < at for action in actions)
    assert (state.phase, due) == (Phase.CLOSED, None)


@settings(deadline=None)
@given(POLICIES, ROTAS, stories())
def test_quiet_hours_are_quiet_except_for_emergencies(
    policy: Policy, rota: Rota, story: list[TicketEvent]
) -> None:
    assume(policy.quiet is not None)
    quiet = policy.quiet
    assert quiet is not None
    repair = started(7, priority=2, opened_at=OPENED_AT, policy=policy)
    actions, _, _ = play(repair, story, [END], policy=policy, rota=rota)
    said = {event.at for event in story}  # who says that nobody can come is awake
    assert not [each for each in actions if quiet.covering(each.due_at) and each.due_at not in said]
    loud = started(7, priority=1, opened_at=OPENED_AT, policy=policy)
    never = replace(policy, quiet=None)
    assert play(loud, story, [END], policy=policy, rota=rota) == play(
        loud, story, [END], policy=never, rota=rota
    )


@settings(deadline=None)
@given(POLICIES, ROTAS, st.integers(1, 20_000))
def test_a_leap_of_the_clock_is_bounded(policy: Policy, rota: Rota, days: int) -> None:
    state = started(7, priority=1, opened_at=OPENED_AT, policy=policy)
    actions, _, _ = play(state, [], [OPENED_AT + timedelta(days=days)], policy=policy, rota=rota)
    attempts = sum(step.times for step in policy.steps)
    assert len(actions) <= attempts * (2 + CATCH_UP // policy.again_after)
    sent = worth_sending(actions)
    assert len(sent) <= 2 * len(policy.steps)
    assert sent[-1] == actions[-1]
    assert [each for each in actions if each in sent] == list(sent)
