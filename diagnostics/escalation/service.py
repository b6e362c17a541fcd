"""Has tickets escalate: load → decide → apply, one ticket a transaction.

Nothing is in memory: a timer is a row, what happens to a ticket makes its row due, and state,
events and messages are stored together. So it may be killed at any moment, and run several times.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg

from diagnostics.escalation import repository
from diagnostics.escalation.hours import local_day
from diagnostics.escalation.policy import How, Policy
from diagnostics.escalation.repository import Connection, Entry, Timer
from diagnostics.escalation.timers import (
    Action,
    Heard,
    Phase,
    State,
    TicketEvent,
    decide,
    reprioritised,
    started,
    worth_sending,
)
from diagnostics.tickets import repository as tickets
from diagnostics.tickets.model import Event, EventKind, Notice

logger = logging.getLogger(__name__)

PERSON: Final = "person"
ACTOR: Final = "system:escalation"
# What cannot be decided is tried again after this time: somebody may have mended it.
SNOOZE: Final = timedelta(seconds=30)
_HEARD: Final = {
    "acknowledged": Heard.ACKNOWLEDGED,
    "assigned": Heard.ACKNOWLEDGED,
    "under_way": Heard.UNDER_WAY,
    "on_site": Heard.ON_SITE,
    "nobody_near": Heard.NOBODY_NEAR,
    # A visit or another term that was agreed is awaited as an arrival is.
    "appointment_made": Heard.UNDER_WAY,
    "appointment_moved": Heard.UNDER_WAY,
    "agreed_later": Heard.UNDER_WAY,
}
_AWAITED: Final = ("arrives_at", "end", "due_at")


async def escalate(conn: Connection, *, now: datetime) -> bool:
    """Decide the ticket that is due first; return whether there was one."""
    async with conn.transaction():
        ticket_id = await repository.claim(conn, now)
        if ticket_id is None:
            return False
        try:
            async with conn.transaction():
                await _advance(conn, await repository.timer(conn, ticket_id), now)
        except psycopg.OperationalError:
            raise  # the database itself is away
        except Exception:
            # One ticket's odd values must not keep others from being heard of.
            logger.exception("ticket %d cannot be escalated", ticket_id)
            await repository.snooze(conn, ticket_id, now + SNOOZE)
    return True


async def _advance(conn: Connection, timer: Timer, now: datetime) -> None:
    if timer.closed:
        await repository.close(conn, timer.state, now)
        return
    day = local_day(timer.state.opened_at)
    policy = await repository.policy(conn, timer.kind, timer.priority, day)
    before = _begun(timer, now, policy)
    log = await repository.news(conn, before.ticket_id, before.event_no)
    decision = decide(
        before,
        heard(log),
        now,
        policy=policy,
        rota=await repository.present_rota(conn, now),
    )
    after = decision.state
    written = _events(before, after, decision.actions, now)
    if written:
        dossier = await tickets.lock(conn, before.ticket_id)
        notices = _notices(after, decision.actions)
        await tickets.write(conn, dossier, written, now, notices=notices)
    await repository.save(conn, after, decision.next_due)


def _begun(timer: Timer, now: datetime, policy: Policy) -> State:
    """Return the timer as it stood, under the policy of what the ticket is now."""
    state = timer.state
    if not timer.begun:
        return started(
            state.ticket_id,
            kind=timer.kind,
            priority=timer.priority,
            opened_at=state.opened_at,
            policy=policy,
        )
    return reprioritised(state, kind=timer.kind, priority=timer.priority, now=now, policy=policy)


def heard(log: Iterable[Entry]) -> Iterator[TicketEvent]:
    """Yield what escalation has to know of what happened to a ticket."""
    for entry in log:
        kind = _HEARD.get(entry.kind)
        if entry.kind == "assigned" and entry.detail.get("account") is None:
            kind = Heard.WORD  # it was taken from somebody
        if entry.kind == "released":
            # The ticket goes on as a repair: whoever helped the rider off is there, or has it.
            there = entry.detail.get("how") == "mechanic_on_site"
            kind = Heard.ON_SITE if there else Heard.ACKNOWLEDGED
        elif kind is None and not entry.actor.startswith("system:"):
            kind = Heard.WORD
        if kind is None:
            continue
        awaited = next((entry.detail[name] for name in _AWAITED if entry.detail.get(name)), None)
        yield TicketEvent(
            number=entry.event_no,
            kind=kind,
            at=entry.at,
            arrives_at=datetime.fromisoformat(awaited) if awaited else None,
        )


def _events(
    before: State, after: State, actions: Sequence[Action], now: datetime
) -> tuple[Event, ...]:
    events = []
    if after.forgotten_at is not None and after.forgotten_at != before.forgotten_at:
        since = {"since": after.forgotten_at.isoformat()}
        events.append(Event(EventKind.FORGOTTEN, now, ACTOR, since))
    times = Counter((each.step, each.nobody) for each in actions)
    for action in worth_sending(actions):
        detail = _told(action)
        detail |= {"nobody": True} if action.nobody else {"people": list(action.people)}
        missed = times[action.step, action.nobody] - 1
        if missed:
            detail["missed"] = missed  # earlier attempts that nobody was here to make
        if not _wanted(action, after):
            detail["answered"] = True  # before it could be sent
        events.append(Event(EventKind.ESCALATED, now, ACTOR, detail))
    return tuple(events)


def _notices(after: State, actions: Sequence[Action]) -> Iterator[Notice]:
    about = {"ticket": after.ticket_id, "kind": after.kind.value, "priority": after.priority}
    for action in worth_sending(actions):
        for login in action.people if _wanted(action, after) else ():
            yield Notice(
                dedup_key=f"{action.dedup_key}:{login}",
                channel=PERSON,
                recipient=login,
                payload=about | _told(action),
            )


def _told(action: Action) -> dict[str, Any]:
    return {
        "step": action.step,
        "how": action.how.value,
        "layer": action.layer and action.layer.value,
        "round": action.round,
        "attempt": action.attempt,
        "why": action.why.value,
        "due_at": action.due_at.isoformat(),
    }


def _wanted(action: Action, after: State) -> bool:
    """Tell whether people should still get it: not if somebody answered while we were away."""
    return after.phase is Phase.SEEKING or action.how is How.SUGGEST_FIRE_BRIGADE
