"""What a campaign does next, and what an aid's answer makes of it there. Pure."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, structs

from diagnostics.campaigns.model import ENDED, Answer, Member, MemberState, Plan, State
from gateway.protocol.vocabulary import Refusal, Stage

# An aid is ordered while it is there; an order that it did not take by then is forgotten.
VALID_FOR: Final = timedelta(hours=1)
# By then an aid that took it has said so, if its line is not down.
ANSWERED_WITHIN: Final = timedelta(hours=2)
RETRY_AFTER: Final = timedelta(hours=1)
MOST_ATTEMPTS: Final = 20
ENDS_WITHIN: Final = timedelta(days=7)
# What is seen would be chance less often than this.
CHANCE: Final = 0.01
# Not the aid's trouble with it: it has something newer, or we took it back.
_NO_FAILURE: Final = (Refusal.NOT_NEWER, Refusal.SUPERSEDED, Refusal.WITHDRAWN)
_INSTALLED: Final = frozenset({Stage.INSTALLED, Stage.STARTED})


class Ring(Struct, frozen=True, kw_only=True):
    """How one ring stands.

    Attributes:
        begun_at: None: not yet.
        reached_at: when enough of it had confirmed.
    """

    number: int
    waiting: int = 0
    ordered: int = 0
    confirmed: int = 0
    failed: int = 0
    passed_over: int = 0
    begun_at: datetime | None = None
    reached_at: datetime | None = None

    @property
    def members(self) -> int:
        """How many count: not those that are passed over."""
        return self.waiting + self.ordered + self.confirmed + self.failed

    @property
    def aids(self) -> int:
        """All of them."""
        return self.members + self.passed_over


class Seen(Struct, frozen=True, kw_only=True):
    """What was seen since somebody last looked, and what would be expected without a campaign."""

    confirmed: int = 0
    failed: int = 0
    emergencies: int = 0
    emergencies_expected: float = 0
    silent: int = 0
    silent_expected: float = 0


class Trouble(Struct, frozen=True):
    """Why a campaign pauses: ``count`` of ``what``, against how many ended or were expected."""

    what: str
    count: int
    against: float

    def __str__(self) -> str:
        """Write it for a log."""
        if self.what == "failures":
            return f"failures: {self.count} of {self.against:g}"
        return f"{self.what}: {self.count} where {self.against:.1f} were expected"


class Decision(Struct, frozen=True, kw_only=True):
    """What to do now.

    Attributes:
        pause: why it pauses; None: it does not.
        reached: the ring of which enough have confirmed by now.
        begin: the ring that begins.
        room: how many may be ordered now, of rings up to ``until_ring``.
        finish: everybody has had it.
    """

    pause: Trouble | None = None
    reached: int | None = None
    begin: int | None = None
    room: int = 0
    until_ring: int = -1
    finish: bool = False


def decide(state: State, plan: Plan, rings: Sequence[Ring], seen: Seen, now: datetime) -> Decision:
    """Return what a campaign does next.

    Args:
        state: where it stands: only one that runs does anything.
        plan: how it is to go on.
        rings: all of them, in order.
        seen: what came of it.
        now: the platform's clock.
    """
    if state is not State.RUNNING:
        return Decision()
    trouble = _trouble(plan, seen)
    if trouble is not None:
        return Decision(pause=trouble)
    begun = [ring for ring in rings if ring.begun_at is not None]
    present = begun[-1] if begun else None
    reached = None
    if present is not None and present.reached_at is None and _reached(plan, present):
        reached = present.number
        present = structs.replace(present, reached_at=now)
    begin = _next(plan, rings, present, now)
    until = begin if begin is not None else present.number if present is not None else -1
    ordered = sum(ring.ordered for ring in rings)
    waiting = sum(ring.waiting for ring in rings)
    return Decision(
        reached=reached,
        begin=begin,
        until_ring=until,
        room=max(plan.outstanding - ordered, 0),
        finish=until == len(rings) - 1 and ordered == 0 and waiting == 0,
    )


def choose(candidates: Sequence[Member], decision: Decision, now: datetime) -> list[Member]:
    """Return whom to order now.

    Args:
        candidates: members that are free: there, and without an open ticket or call.
        decision: as ``decide`` made it.
        now: the platform's clock.
    """
    chosen = [
        member
        for member in candidates
        if member.state is MemberState.WAITING
        and member.ring <= decision.until_ring
        and (member.retry_at is None or member.retry_at <= now)
    ]
    return [] if decision.pause is not None else chosen[: decision.room]


def ordered(member: Member, command_id: str, now: datetime) -> Member:
    """It was ordered."""
    return structs.replace(
        member,
        state=MemberState.ORDERED,
        stage="",
        detail="",
        command_id=command_id,
        attempts=member.attempts + 1,
        ordered_at=now,
        retry_at=None,
    )


def answered(member: Member, answer: Answer, now: datetime, *, settings: bool) -> Member:
    """Return what an answer makes of a member; what has ended does not change.

    Args:
        member: one of the campaign.
        answer: to its present order.
        now: the platform's clock.
        settings: whether the order was for settings: those hold as soon as they are taken.
    """
    if member.state is not MemberState.ORDERED:
        return member
    if answer.outcome == "expired" or answer.detail.startswith(Refusal.BUSY):
        return _later(member, answer.detail or "expired", now)
    if answer.outcome == "refused":
        passed = answer.detail.startswith(_NO_FAILURE)
        state = MemberState.PASSED_OVER if passed else MemberState.FAILED
        return _ended(member, state, Stage.REFUSED, answer.detail, now)
    if answer.stage == Stage.ROLLED_BACK:
        return _ended(member, MemberState.FAILED, answer.stage, answer.detail, now)
    if answer.stage == Stage.CONFIRMED:
        return _ended(member, MemberState.CONFIRMED, answer.stage, answer.detail, now)
    stage = answer.stage or (Stage.INSTALLED if settings else "accepted")
    at = now if stage in _INSTALLED and member.installed_at is None else member.installed_at
    return structs.replace(member, stage=stage, installed_at=at)


def overdue(member: Member, now: datetime) -> Member:
    """Return what time makes of a member that was ordered."""
    if member.state is not MemberState.ORDERED or member.ordered_at is None:
        return member
    age = now - member.ordered_at
    if member.stage == "" and age >= ANSWERED_WITHIN:
        return _later(member, "no answer", now)
    if age >= ENDS_WITHIN:
        return _ended(member, MemberState.FAILED, member.stage, "no word since", now)
    return member


def _later(member: Member, why: str, now: datetime) -> Member:
    if member.attempts >= MOST_ATTEMPTS:
        return _ended(member, MemberState.FAILED, member.stage, f"{why}, every time", now)
    return structs.replace(
        member, state=MemberState.WAITING, stage="", detail=why, retry_at=now + RETRY_AFTER
    )


def _ended(member: Member, state: MemberState, stage: str, detail: str, now: datetime) -> Member:
    assert state in ENDED  # noqa: S101 - else it has not ended
    installed_at = member.installed_at
    if state is MemberState.CONFIRMED and installed_at is None:
        installed_at = now
    return structs.replace(
        member, state=state, stage=stage, detail=detail, ended_at=now, installed_at=installed_at
    )


def _trouble(plan: Plan, seen: Seen) -> Trouble | None:
    ended = seen.confirmed + seen.failed
    if seen.failed >= plan.min_failures and seen.failed > ended * plan.max_failure_percent / 100:
        return Trouble("failures", seen.failed, ended)
    for what, count, expected in (
        ("emergencies", seen.emergencies, seen.emergencies_expected),
        ("silent aids", seen.silent, seen.silent_expected),
    ):
        if count >= plan.min_failures and at_least(count, expected) < CHANCE:
            return Trouble(what, count, expected)
    return None


def at_least(count: int, expected: float) -> float:
    """Return how likely ``count`` or more are by chance (Poisson), where so many are expected."""
    if expected <= 0:
        return 0.0 if count > 0 else 1.0
    term = math.exp(-expected)
    less = 0.0
    for number in range(count):
        less += term
        term *= expected / (number + 1)
    return max(0.0, 1.0 - less)


def _reached(plan: Plan, ring: Ring) -> bool:
    return ring.confirmed >= math.ceil(ring.members * plan.done_percent / 100)


def _next(plan: Plan, rings: Sequence[Ring], present: Ring | None, now: datetime) -> int | None:
    """Return the ring that begins now: after one that nobody is in, at once."""
    if present is None:
        return 0
    if present.number == len(rings) - 1 or present.reached_at is None:
        return None
    rest = timedelta(hours=plan.rest_h) if present.members else timedelta(0)
    return present.number + 1 if now - present.reached_at >= rest else None
