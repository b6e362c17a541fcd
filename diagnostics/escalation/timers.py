"""When the next thing is tried, and what: state + events + now → actions. Pure.

The state is what a row holds; whoever stores it together with the actions, in one transaction,
loses and doubles nothing.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.escalation.policy import EMERGENCY_PRIORITY, How, Kind, Policy, Step
from diagnostics.escalation.rota import Layer, Rota, who_is_on_call

# What a platform that was away makes up for; a clock that leaps by years must not call for years.
CATCH_UP: Final = timedelta(days=1)
_NO_TIME: Final = timedelta(0)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Phase(StrEnum):
    """How things stand."""

    SEEKING = "seeking"  # somebody who takes care
    HELD = "held"  # somebody does, until it is too long ago
    CLOSED = "closed"


class Why(StrEnum):
    """Why people are called on in this round."""

    OPENED = "opened"
    UNANSWERED = "unanswered"  # the round before ended, and nobody had answered
    PRIORITY = "priority"  # the ticket is another kind or priority now: another policy
    FORGOTTEN = "forgotten"  # somebody had said to take care of it, and no more was heard


class Heard(StrEnum):
    """What people do that escalation has to know."""

    ACKNOWLEDGED = "acknowledged"
    UNDER_WAY = "under_way"  # and when they expect to arrive
    ON_SITE = "on_site"
    NOBODY_NEAR = "nobody_near"  # nobody can be there in time
    WORD = "word"  # somebody who takes care wrote something down
    CLOSED = "closed"


class TicketEvent(Struct, frozen=True, kw_only=True):
    """Something that happened to the ticket.

    Attributes:
        number: in the ticket's log, from 1; what was heard once is not heard again.
        arrives_at: only of ``UNDER_WAY``; None: they do not know.
    """

    number: int
    kind: Heard
    at: datetime
    arrives_at: datetime | None = None


class State(Struct, frozen=True, kw_only=True):
    """The timer of one ticket: a row.

    Attributes:
        kind: and priority: whose policy it follows.
        since: when the present wait began.
        wait: how long it lasts.
        round: how often it all began anew.
        step: which one is next; past the last one: the round is over.
        attempt: how often that one was tried.
        suggested: in which round the fire brigade was last; None: never.
        help_at: when help is expected, if anybody has said so.
        event_no: the newest event that was heard.
        forgotten_at: when somebody's word last became too old; None: never.
    """

    ticket_id: int
    priority: int
    opened_at: datetime
    since: datetime
    wait: timedelta
    kind: Kind = Kind.EMERGENCY
    phase: Phase = Phase.SEEKING
    why: Why = Why.OPENED
    round: int = 0
    step: int = 0
    attempt: int = 0
    suggested: int | None = None
    help_at: datetime | None = None
    event_no: int = 0
    forgotten_at: datetime | None = None


class Action(Struct, frozen=True, kw_only=True):
    """Somebody is called on, or would be if there were anybody.

    Attributes:
        dedup_key: the same for the same attempt, whenever and however often it is decided.
        people: who is on call; nobody on the layer is worth telling as well.
        attempt: from 1.
        due_at: when it was due, which may be before it was decided.
    """

    dedup_key: str
    ticket_id: int
    how: How
    layer: Layer | None
    people: tuple[str, ...]
    why: Why
    round: int
    step: int
    attempt: int
    due_at: datetime

    @property
    def nobody(self) -> bool:
        """Whether nobody is on call there: the next step was taken at once."""
        return not self.people


class Decision(NamedTuple):
    """What to do now, what to remember, and when to decide again (None: never)."""

    actions: tuple[Action, ...]
    state: State
    next_due: datetime | None


def started(
    ticket_id: int,
    *,
    priority: int,
    opened_at: datetime,
    policy: Policy,
    kind: Kind = Kind.EMERGENCY,
) -> State:
    """Return the timer of a ticket that was just opened."""
    opened_at = opened_at.astimezone(UTC)
    return State(
        ticket_id=ticket_id,
        kind=kind,
        priority=priority,
        opened_at=opened_at,
        since=opened_at,
        wait=policy.steps[0].after,
    )


def reprioritised(
    state: State,
    *,
    priority: int,
    now: datetime,
    policy: Policy,
    kind: Kind = Kind.EMERGENCY,
) -> State:
    """Return the timer of a ticket of another kind or priority now: it begins anew.

    Whoever took care of a repair has not said so of an emergency. What is closed stays closed.
    """
    if state.phase is Phase.CLOSED or (state.kind, state.priority) == (kind, priority):
        return state
    begun = _anew(state, now.astimezone(UTC), Why.PRIORITY, policy.steps[0].after)
    return replace(begun, kind=kind, priority=priority)


def decide(
    state: State, events: Iterable[TicketEvent], now: datetime, *, policy: Policy, rota: Rota
) -> Decision:
    """Decide what is due by ``now``, in the order in which it was.

    It does not matter how often it is asked: the same moments give the same actions. What was
    missed for up to ``CATCH_UP`` is made up for, each attempt once; ``worth_sending`` tells which
    of them people should still get. If the clock went back, the present wait begins anew: never
    is anything awaited for longer than its own delay.

    Args:
        state: as it was stored.
        events: of the ticket; those heard before are passed over.
        now: aware.
        policy: for the ticket's priority, checked.
        rota: who is on call.
    """
    now = now.astimezone(UTC)
    course = _Course(state, now, policy, rota)
    for event in sorted(events, key=lambda each: each.number):
        course.hear(event)
    course.run(until=now)
    return Decision(tuple(course.actions), course.state, course.due())


def worth_sending(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return, of actions that were decided together, the newest of every step, in order.

    After an absence nobody needs the same message for every time that it was missed.
    """
    newest: dict[tuple[int, bool], Action] = {}
    for action in actions:
        key = (action.step, action.nobody)
        newest.pop(key, None)
        newest[key] = action
    return tuple(newest.values())


class _Course:
    """One ticket's way through one decision."""

    def __init__(self, state: State, now: datetime, policy: Policy, rota: Rota) -> None:
        # After a clock that was ahead: what was awaited from then on is awaited from now on.
        self.state = replace(state, since=min(state.since, now))
        self.actions: list[Action] = []
        self._now = now
        self._policy = policy
        self._rota = rota

    def due(self) -> datetime | None:
        """Return when something happens next if nothing is heard."""
        if self.state.phase is Phase.CLOSED:
            return None
        due = max(min(self._step_due(), self._suggestion_due()), self._now - CATCH_UP)
        quiet = self._policy.quiet
        if quiet and self.state.priority != EMERGENCY_PRIORITY and (stretch := quiet.covering(due)):
            return stretch[1]
        return due

    def _step_due(self) -> datetime:
        return self.state.since + self.state.wait

    def _suggestion_due(self) -> datetime:
        """Return by when it must be made, also while somebody takes care: once at least."""
        if self.state.suggested is not None or self._policy.suggestion is None:
            return _NEVER
        if self._help_in_time():
            return _NEVER
        return max(self.state.opened_at + self._policy.suggest_by, self.state.since)

    def run(self, until: datetime) -> None:
        """Let everything happen that is due by ``until``."""
        while (due := self.due()) is not None and due <= until:
            self._happen(due)

    def hear(self, event: TicketEvent) -> None:
        """Take in an event, after all that was due before it. What is closed stays closed."""
        if self.state.phase is Phase.CLOSED or event.number <= self.state.event_no:
            return
        # Clocks of others may differ; the log's order counts.
        at = min(max(event.at.astimezone(UTC), self.state.since), self._now)
        # Whoever answers at the very moment at which the next is due, is in time.
        self.run(until=at - datetime.resolution)
        self._change(event_no=event.number)
        match event.kind:
            case Heard.CLOSED:
                self._change(phase=Phase.CLOSED)
            case Heard.ACKNOWLEDGED:
                self._hold(at, self._policy.acknowledged_for)
            case Heard.ON_SITE:
                self._change(help_at=at)
                self._hold(at, self._policy.on_site_for)
            case Heard.UNDER_WAY:
                arrives_at = (event.arrives_at or at).astimezone(UTC)
                travel = min(max(arrives_at - at, _NO_TIME), self._policy.travel_at_most)
                self._change(help_at=event.arrives_at and arrives_at)
                self._hold(at, travel + self._policy.acknowledged_for)
                if event.arrives_at and not self._help_in_time():
                    self._suggest(at)
            case Heard.NOBODY_NEAR:
                self._change(help_at=None)
                self._suggest(at)
            case Heard.WORD:
                # Nobody takes care by writing alone; but who does has plainly not forgotten it.
                if self.state.phase is Phase.HELD:
                    self._hold(at, max(self._step_due() - at, self._policy.acknowledged_for))

    def _happen(self, at: datetime) -> None:
        """Do what is due."""
        if self._suggestion_due() < self._step_due():
            self._suggest(at)
        elif self.state.phase is Phase.HELD:
            self._change(forgotten_at=at)
            self._begin(at, Why.FORGOTTEN)
        elif self.state.step >= len(self._policy.steps):
            self._begin(at, Why.UNANSWERED)
        else:
            self._try(self._policy.steps[self.state.step], at)

    def _try(self, step: Step, at: datetime) -> None:
        if step.how is How.SUGGEST_FIRE_BRIGADE:
            if not self._help_in_time():
                self._suggest(at)
            self._next_step(at)
            return
        attempt = self.state.attempt + 1
        action = self._act(self.state.step, attempt, at)
        if attempt < step.times and not action.nobody:
            self._change(since=at, wait=step.every, attempt=attempt)
        else:
            self._next_step(at, at_once=action.nobody)

    def _next_step(self, at: datetime, *, at_once: bool = False) -> None:
        following = self.state.step + 1
        if following >= len(self._policy.steps):
            wait = self._policy.again_after  # also if nobody is there: else it would never rest
        else:
            wait = _NO_TIME if at_once else self._policy.steps[following].after
        self._change(since=at, wait=wait, step=following, attempt=0)

    def _begin(self, at: datetime, why: Why) -> None:
        self.state = _anew(self.state, at, why, self._policy.steps[0].after)

    def _hold(self, at: datetime, wait: timedelta) -> None:
        self._change(phase=Phase.HELD, since=at, wait=wait)

    def _help_in_time(self) -> bool:
        latest = self.state.opened_at + self._policy.help_within
        return self.state.help_at is not None and self.state.help_at <= latest

    def _suggest(self, at: datetime) -> None:
        """Suggest the fire brigade, if the policy ever does: once a round."""
        number = self._policy.suggestion
        if number is not None and self.state.suggested != self.state.round:
            self._act(number, 1, at)
            self._change(suggested=self.state.round)

    def _act(self, number: int, attempt: int, at: datetime) -> Action:
        state, step = self.state, self._policy.steps[number]
        layers = Layer if step.layer is None else (step.layer,)
        people = (person for layer in layers for person in who_is_on_call(self._rota, layer, at))
        action = Action(
            dedup_key=f"escalation:{state.ticket_id}:{state.round}:{number}:{attempt}",
            ticket_id=state.ticket_id,
            how=step.how,
            layer=step.layer,
            people=tuple(dict.fromkeys(people)),
            why=state.why,
            round=state.round,
            step=number,
            attempt=attempt,
            due_at=at,
        )
        self.actions.append(action)
        return action

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)


def _anew(state: State, at: datetime, why: Why, wait: timedelta) -> State:
    """Return the next round. Help that was promised before is not counted on any more."""
    return replace(
        state,
        phase=Phase.SEEKING,
        why=why,
        since=at,
        wait=wait,
        round=state.round + 1,
        step=0,
        attempt=0,
        help_at=None,
    )
