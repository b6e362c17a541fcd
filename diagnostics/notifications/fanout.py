"""Which of somebody's ways a message takes, and when: pure.

The first way at once, the next ones at set delays, until somebody has answered; what asks for no
answer, until one of them is proven to be delivered. In an emergency all the rest at once as soon as
none of those tried works. Quiet hours hold back everything but emergencies.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from diagnostics.escalation.hours import Hours
from diagnostics.notifications.message import EMERGENCY_PRIORITY

# Between one way and the next, by priority. Assumptions, to be agreed with those on call.
DELAY: Final = {1: timedelta(minutes=1), 2: timedelta(minutes=10)}
OTHER_DELAY: Final = timedelta(minutes=30)
# When to look again if nothing is heard of what was sent; whatever is heard wakes it earlier.
LOOK_AGAIN: Final = timedelta(minutes=5)


class State(StrEnum):
    """How a message on one way is doing."""

    WAITING = "waiting"  # not tried yet
    FAILING = "failing"  # tried, and will be tried again
    DELIVERED = "delivered"  # with proof
    DEAD = "dead"  # given up


class End(StrEnum):
    """How it ends for a person."""

    DELIVERED = "delivered"
    NEEDLESS = "needless"  # answered before it arrived
    UNREACHABLE = "unreachable"  # no way leads there


class Way(Struct, frozen=True):
    """One way to a person. ``way_id`` is None for the account's own e-mail address."""

    way_id: int | None
    kind: str


class Sent(Struct, frozen=True):
    """A message that takes a way already."""

    way_id: int | None
    at: datetime
    state: State


class Request(Struct, frozen=True, kw_only=True):
    """What a person is to hear.

    Attributes:
        priority: of the ticket; None: there is none.
        seeks_answer: whether it asks somebody to take care; else it only has to arrive.
        answered: whether somebody takes care by now.
        quiet: when the person wants to be left alone.
    """

    priority: int | None
    seeks_answer: bool
    answered: bool = False
    quiet: Hours | None = None

    @property
    def emergency(self) -> bool:
        """Whether somebody needs help now."""
        return self.priority == EMERGENCY_PRIORITY


class Plan(Struct, frozen=True, kw_only=True):
    """Which ways to take now, and when to look again; or how it ended."""

    take: tuple[Way, ...] = ()
    again_at: datetime | None = None
    end: End | None = None


def plan(request: Request, ways: Sequence[Way], sent: Sequence[Sent], *, now: datetime) -> Plan:
    """Decide what to do for one person.

    Args:
        request: what it is about.
        ways: that there are now, in their order.
        sent: on which ways it is already.
        now: aware.
    """
    arrived = any(message.state is State.DELIVERED for message in sent)
    if request.seeks_answer and request.answered:
        return Plan(end=End.DELIVERED if arrived else End.NEEDLESS)
    if arrived and not request.seeks_answer:
        return Plan(end=End.DELIVERED)
    taken = {message.way_id for message in sent}
    left = tuple(way for way in ways if way.way_id not in taken)
    if not left:
        return _at_the_end(sent, arrived=arrived, now=now)
    if request.quiet and not request.emergency and (stretch := request.quiet.covering(now)):
        return Plan(again_at=stretch[1])
    take = _to_take(request, left, sent, now)
    last = now if take else max(min(message.at, now) for message in sent)
    wait = _delay(request) if len(take) < len(left) else LOOK_AGAIN
    return Plan(take=take, again_at=last + wait)


def _at_the_end(sent: Sequence[Sent], *, arrived: bool, now: datetime) -> Plan:
    """Every way was taken: what is on them still may arrive."""
    if any(message.state in (State.WAITING, State.FAILING) for message in sent):
        return Plan(again_at=now + LOOK_AGAIN)
    return Plan(end=End.DELIVERED if arrived else End.UNREACHABLE)


def _to_take(
    request: Request, left: tuple[Way, ...], sent: Sequence[Sent], now: datetime
) -> tuple[Way, ...]:
    none_works = all(message.state in (State.FAILING, State.DEAD) for message in sent)
    if request.emergency and sent and none_works:
        return left
    if all(message.state is State.DEAD for message in sent):  # also the first way
        return left[:1]
    # A clock that was ahead must not make anybody wait.
    newest = max(min(message.at, now) for message in sent)
    return left[:1] if now - newest >= _delay(request) else ()


def _delay(request: Request) -> timedelta:
    return DELAY.get(request.priority or 0, OTHER_DELAY)
