"""Whole stories: what people are asked to do, and when."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest

from diagnostics.escalation.hours import Hours
from diagnostics.escalation.policy import EMERGENCY, How, Policy, Step
from diagnostics.escalation.rota import Layer, Override, Rota, Rotation, Turn
from diagnostics.escalation.timers import (
    Action,
    Decision,
    Heard,
    Phase,
    State,
    TicketEvent,
    Why,
    decide,
    reprioritised,
    started,
    worth_sending,
)
from diagnostics.tickets.calendar import ZONE

NIGHT = datetime(2026, 11, 22, 3, 10, tzinfo=ZONE).astimezone(UTC)


def rotation(layer: Layer, *people: str) -> Rotation:
    return Rotation(layer=layer, people=people, turn=Turn.WEEK, first_day=date(2026, 1, 5))


ROTA = Rota(
    rotations=(
        rotation(Layer.DESK, "anna"),
        rotation(Layer.MECHANIC, "bas"),
        rotation(Layer.BACKUP, "carla"),
        rotation(Layer.MANAGER, "dirk"),
    )
)
REPAIR = Policy(
    steps=(
        Step(how=How.RING, layer=Layer.DESK, after=timedelta(minutes=30)),
        Step(how=How.PAGE, layer=Layer.MECHANIC, after=timedelta(hours=2)),
    ),
    again_after=timedelta(hours=4),
    acknowledged_for=timedelta(hours=8),
    quiet=Hours(begin=time(22), end=time(7)),
)


def minutes(count: float) -> datetime:
    return NIGHT + timedelta(minutes=count)


def opened(opened_at: datetime = NIGHT, *, priority: int = 1, policy: Policy = EMERGENCY) -> State:
    return started(7, priority=priority, opened_at=opened_at, policy=policy)


def ask(
    state: State,
    now: datetime,
    *events: TicketEvent,
    policy: Policy = EMERGENCY,
    rota: Rota = ROTA,
) -> Decision:
    return decide(state, events, now, policy=policy, rota=rota)


def heard(
    number: int, kind: Heard, at: datetime, arrives_at: datetime | None = None
) -> TicketEvent:
    return TicketEvent(number=number, kind=kind, at=at, arrives_at=arrives_at)


def told(actions: Sequence[Action]) -> list[tuple[float, str, str]]:
    """Minutes since the opening, how, whom."""
    return [
        ((each.due_at - NIGHT) / timedelta(minutes=1), each.how.value, " ".join(each.people))
        for each in actions
    ]


EVERYBODY = "anna bas carla dirk"
LADDER = [
    (0, "ring", "anna"),
    (1, "ring", "anna"),
    (2, "ring", "anna"),
    (4, "page", "bas"),
    (7, "page", "bas"),
    (10, "page", "carla"),
    (13, "page", "carla"),
    (16, "call", "dirk"),
    (19, "call", "dirk"),
    (24, "suggest_fire_brigade", EVERYBODY),
]


def test_a_night_in_which_nobody_answers() -> None:
    actions, state, due = ask(opened(), minutes(28))
    assert told(actions) == LADDER
    assert due == minutes(29)
    again = ask(state, minutes(29))
    assert told(again.actions) == [(29, "ring", "anna")]
    assert again.actions[0].why is Why.UNANSWERED
    assert NIGHT + EMERGENCY.lasts == minutes(24)


def test_a_night_that_goes_well() -> None:
    actions, state, _ = ask(opened(), minutes(5), heard(1, Heard.ACKNOWLEDGED, minutes(5)))
    assert told(actions) == LADDER[:4]
    actions, state, due = ask(
        state, minutes(8), heard(2, Heard.UNDER_WAY, minutes(8), arrives_at=minutes(40))
    )
    assert (actions, due) == ((), minutes(40 + 15))
    actions, state, due = ask(state, minutes(42), heard(3, Heard.ON_SITE, minutes(42)))
    assert (actions, due) == ((), minutes(42 + 60))
    actions, state, due = ask(state, minutes(60), heard(4, Heard.CLOSED, minutes(60)))
    assert (actions, due) == ((), None)
    assert ask(state, minutes(9_999), heard(5, Heard.ACKNOWLEDGED, minutes(99))) == (
        (),
        state,
        None,
    )


def test_acknowledged_and_forgotten_comes_back() -> None:
    ack = heard(1, Heard.ACKNOWLEDGED, minutes(1.5))
    actions, state, due = ask(opened(), minutes(2), ack)
    assert told(actions) == LADDER[:2]
    assert due == minutes(16.5)
    # The same word, read again after the restart of a reader, does not count twice.
    actions, state, _ = ask(state, minutes(17), ack)
    assert told(actions) == [(16.5, "ring", "anna")]
    assert actions[0].why is Why.FORGOTTEN
    assert ask(state, minutes(18), ack).state.phase is Phase.SEEKING


def test_an_answer_at_the_moment_of_the_next_step_is_in_time() -> None:
    ack = heard(1, Heard.ACKNOWLEDGED, minutes(4))
    assert told(ask(opened(), minutes(6), ack).actions) == LADDER[:3]


def test_an_answer_that_is_read_late_still_counts() -> None:
    state = ask(opened(), minutes(4)).state
    actions, _, due = ask(state, minutes(5), heard(1, Heard.ACKNOWLEDGED, minutes(3)))
    assert (actions, due) == ((), minutes(4 + 15))


@pytest.mark.parametrize(
    "event",
    [
        heard(2, Heard.NOBODY_NEAR, minutes(6)),
        heard(2, Heard.UNDER_WAY, minutes(6), arrives_at=minutes(90)),
    ],
)
def test_nobody_within_the_hour_suggests_the_fire_brigade_at_once(event: TicketEvent) -> None:
    state = ask(opened(), minutes(5), heard(1, Heard.ACKNOWLEDGED, minutes(5))).state
    actions, state, due = ask(state, minutes(6), event)
    assert told(actions) == [(6, "suggest_fire_brigade", EVERYBODY)]
    assert due is not None
    assert ask(state, minutes(7), heard(3, Heard.NOBODY_NEAR, minutes(7))).actions == ()


def test_the_suggestion_does_not_end_the_search_and_comes_once_a_round() -> None:
    near = heard(1, Heard.NOBODY_NEAR, minutes(5))
    actions = told(ask(opened(), minutes(28), near).actions)
    assert actions == [*LADDER[:4], (5, "suggest_fire_brigade", EVERYBODY), *LADDER[4:-1]]


def test_help_that_was_promised_and_never_came_is_not_counted_on() -> None:
    way = heard(1, Heard.UNDER_WAY, minutes(1.5), arrives_at=minutes(20))
    actions = told(ask(opened(), minutes(35 + 24), way).actions)
    assert actions[:2] == LADDER[:2]
    again = [(after + 35, how, who) for after, how, who in LADDER[:-1]]
    assert actions[2:] == [again[0], (35, "suggest_fire_brigade", EVERYBODY), *again[1:]]


def test_whatever_people_say_the_fire_brigade_is_suggested_after_half_an_hour() -> None:
    words = [heard(at, Heard.ACKNOWLEDGED, minutes(at)) for at in range(1, 60, 10)]
    assert told(ask(opened(), minutes(60), *words).actions)[1:] == [
        (30, "suggest_fire_brigade", EVERYBODY)
    ]
    words[1] = heard(11, Heard.UNDER_WAY, minutes(11), arrives_at=minutes(45))
    assert told(ask(opened(), minutes(60), *words).actions)[1:] == []


def test_a_promise_for_next_year_is_held_against_people_after_two_hours() -> None:
    way = heard(1, Heard.UNDER_WAY, minutes(1), arrives_at=minutes(500_000))
    assert ask(opened(), minutes(1), way).next_due == minutes(1 + 120 + 15)


def test_an_empty_layer_is_passed_over_at_once_and_said() -> None:
    rota = Rota(rotations=(ROTA.rotations[0], ROTA.rotations[2], ROTA.rotations[3]))
    actions = ask(opened(), minutes(11), rota=rota).actions
    assert told(actions) == [
        *LADDER[:3],
        (4, "page", ""),
        (4, "page", "carla"),
        (7, "page", "carla"),
        (10, "call", "dirk"),
    ]
    assert [each.nobody for each in actions] == [False, False, False, True, False, False, False]


def test_nobody_anywhere_says_so_and_never_stops() -> None:
    actions, _, due = ask(opened(), minutes(0), rota=Rota(rotations=()))
    assert [each.layer for each in actions] == [*Layer, None]
    assert all(each.nobody for each in actions)
    assert due == minutes(5)


def test_a_swap_in_the_middle_of_the_night() -> None:
    swap = Override(
        layer=Layer.MECHANIC,
        begin=minutes(5),
        end=minutes(600),
        instead_of="bas",
        person="emma",
    )
    rota = Rota(rotations=ROTA.rotations, overrides=(swap,))
    actions = told(ask(opened(), minutes(9), rota=rota).actions)
    assert actions[3:] == [(4, "page", "bas"), (7, "page", "emma")]


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_minutes_are_minutes_in_the_night_of_the_clocks(day: date) -> None:
    at = datetime.combine(day, time(1, 50), tzinfo=ZONE).astimezone(UTC)
    actions = ask(opened(at), at + EMERGENCY.lasts).actions
    assert [(each.due_at - at) / timedelta(minutes=1) for each in actions] == [
        after for after, _, _ in LADDER
    ]


def test_repairs_wait_for_the_morning_and_emergencies_do_not() -> None:
    evening = datetime(2026, 11, 21, 21, 45, tzinfo=ZONE)
    state = opened(evening, priority=2, policy=REPAIR)
    morning = datetime(2026, 11, 22, 7, tzinfo=ZONE)
    assert ask(state, evening, policy=REPAIR).next_due == morning
    actions, _, due = ask(state, morning, policy=REPAIR)
    assert [each.due_at for each in actions] == [morning]
    assert due == morning + timedelta(hours=2)
    urgent = opened(evening, policy=REPAIR)
    assert ask(urgent, evening, policy=REPAIR).next_due == evening + timedelta(minutes=30)


def test_a_repair_that_becomes_an_emergency_has_to_be_answered_anew() -> None:
    ack = heard(1, Heard.ACKNOWLEDGED, minutes(1))
    held = ask(opened(priority=2, policy=REPAIR), minutes(1), ack, policy=REPAIR).state
    urgent = reprioritised(held, priority=1, now=minutes(10), policy=EMERGENCY)
    actions, state, _ = ask(urgent, minutes(10), ack)
    assert told(actions) == [(10, "ring", "anna")]
    assert (actions[0].why, actions[0].dedup_key) == (Why.PRIORITY, "escalation:7:1:0:1")
    assert reprioritised(state, priority=1, now=minutes(11), policy=EMERGENCY) == state
    closed = ask(state, minutes(12), heard(2, Heard.CLOSED, minutes(12))).state
    assert reprioritised(closed, priority=2, now=minutes(13), policy=REPAIR) == closed


def test_the_clock_leaps_ahead_and_back() -> None:
    ahead = ask(opened(), minutes(525_600))
    assert len(ahead.actions) < 1_000, "a year is not made up for"
    assert len(worth_sending(ahead.actions)) == 5
    back = ask(ahead.state, minutes(3))
    assert back.actions == ()
    assert back.next_due is not None
    assert back.next_due <= minutes(3 + 5)
    later = ask(back.state, minutes(30))
    assert later.actions, "it is not awaited for a year"
    assert not {each.dedup_key for each in ahead.actions} & {
        each.dedup_key for each in later.actions
    }


def test_after_an_absence_people_get_each_message_once() -> None:
    actions = ask(opened(), minutes(28)).actions
    assert told(worth_sending(actions)) == [LADDER[at] for at in (2, 4, 6, 8, 9)]


def test_the_state_survives_storage() -> None:
    state = ask(opened(), minutes(5), heard(1, Heard.ACKNOWLEDGED, minutes(5))).state
    assert msgspec.json.decode(msgspec.json.encode(state), type=State) == state


def test_who_takes_care_and_writes_has_not_forgotten() -> None:
    state = opened()
    events = [
        TicketEvent(number=1, kind=Heard.WORD, at=minutes(0.5)),
        TicketEvent(number=2, kind=Heard.ACKNOWLEDGED, at=minutes(3)),
        TicketEvent(number=3, kind=Heard.WORD, at=minutes(10)),
    ]
    _, held, due = decide(state, events, minutes(12), policy=EMERGENCY, rota=ROTA)
    assert (held.phase, due) == (Phase.HELD, minutes(25))
    _, unheld, _ = decide(state, events[:1], minutes(12), policy=EMERGENCY, rota=ROTA)
    assert unheld.phase is Phase.SEEKING


def test_a_word_shortens_no_promise() -> None:
    events = [
        TicketEvent(number=1, kind=Heard.UNDER_WAY, at=minutes(1), arrives_at=minutes(50)),
        TicketEvent(number=2, kind=Heard.WORD, at=minutes(5)),
    ]
    _, _, due = decide(opened(), events, minutes(6), policy=EMERGENCY, rota=ROTA)
    assert due == minutes(65)
