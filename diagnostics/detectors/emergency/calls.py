"""The modem's own calls: every one is an emergency, unless it is history that ended well."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.emergency.limits import Limits
from diagnostics.facts import Called, Order, PresenceChanged
from gateway.protocol.vocabulary import CallPhase, CallReason

_CALLS_KEPT: Final = 16


class CallStage(StrEnum):
    """How far our judgement of a call is."""

    TEST = "test"
    HELD = "held"  # an old one: the rest of the backlog may show that it ended well
    CERTAIN = "certain"
    PASSED = "passed"


class CallMemo(Struct, frozen=True, array_like=True, kw_only=True):
    """What is known of one call. ``held_until`` is when waiting for more ends."""

    call_id: str
    stage: CallStage
    order: Order
    log_nos: tuple[int, ...]
    since: datetime
    heard_at: datetime
    reason: str = ""
    cleared: bool = False
    held_until: datetime | None = None
    reported: bool = False


Calls = tuple[CallMemo, ...]


def find(calls: Calls, call_id: str) -> CallMemo | None:
    """Return what is known of a call."""
    return next((memo for memo in calls if memo.call_id == call_id), None)


def hear(calls: Calls, fact: Called, limits: Limits) -> Calls:
    """Take in a message about a call."""
    known = find(calls, fact.call_id)
    memo = known or CallMemo(
        call_id=fact.call_id,
        stage=CallStage.HELD,
        order=fact.order,
        log_nos=(),
        since=fact.since,
        heard_at=fact.received_at,
    )
    if fact.phase is CallPhase.CLEARED:
        # Alone it is no emergency: the call itself is on its way, or was judged long ago.
        return _with(calls, replace(memo, cleared=True))
    if fact.reason == CallReason.TEST:
        stage = CallStage.TEST if known is None or not known.reason else memo.stage
        return _with(calls, replace(memo, stage=stage, held_until=None))
    if memo.stage is CallStage.CERTAIN and not memo.reason:
        # Presence spoke of it; now we know why it called, and since when.
        since = min(memo.since, fact.since)
        told = replace(memo, reason=fact.reason, since=since, order=fact.order, reported=False)
        return _with(calls, replace(told, log_nos=(*memo.log_nos, fact.log_no)))
    if memo.stage in (CallStage.CERTAIN, CallStage.PASSED):
        return calls
    history = fact.age > limits.fresh
    return _with(
        calls,
        replace(
            memo,
            stage=CallStage.HELD if history else CallStage.CERTAIN,
            order=max(memo.order, fact.order),
            log_nos=memo.log_nos or (fact.log_no,),
            reason=fact.reason,
            held_until=(memo.held_until or fact.received_at + limits.settle_history)
            if history
            else None,
        ),
    )


def announce(calls: Calls, fact: PresenceChanged) -> Calls:
    """Take in which call the lift says is open as it connects: that is a call for help itself."""
    if fact.call_id is None:
        return calls
    known = find(calls, fact.call_id)
    if known is None:
        return _with(
            calls,
            CallMemo(
                call_id=fact.call_id,
                stage=CallStage.CERTAIN,
                order=fact.order,
                log_nos=(fact.log_no,),
                since=fact.measured_at,
                heard_at=fact.received_at,
            ),
        )
    if known.stage is CallStage.HELD and known.reason:
        return _with(calls, replace(known, stage=CallStage.CERTAIN, held_until=None))
    return calls


def judge(calls: Calls, *, at: datetime, rest_since: Order | None, born: Order | None) -> Calls:
    """Decide on calls that were held.

    Args:
        calls: all that are known.
        at: now.
        rest_since: where, in the device's order, it said to stand at rest as it connected: a call
            up to there that the lift itself cleared is over. Anything else is not.
        born: where its order stood as it connected last, at rest or not; None: not known.
    """
    return tuple(_judge(memo, at=at, rest_since=rest_since, born=born) for memo in calls)


def _judge(
    memo: CallMemo, *, at: datetime, rest_since: Order | None, born: Order | None
) -> CallMemo:
    if memo.held_until is None:
        return memo
    rested = rest_since is not None and memo.order <= rest_since
    if memo.stage is CallStage.HELD and memo.cleared and rested:
        return replace(memo, stage=CallStage.PASSED, held_until=None)
    # It can still turn out to be over only if the lift has said, since, that it is at rest. A call
    # made over this very connection is no history, whatever its clock says.
    settled = memo.stage is CallStage.HELD and born is not None and not rested
    if at < memo.held_until and not settled:
        return memo
    return replace(memo, stage=CallStage.CERTAIN, held_until=None)


def _with(calls: Calls, memo: CallMemo) -> Calls:
    if any(known.call_id == memo.call_id for known in calls):
        return tuple(memo if known.call_id == memo.call_id else known for known in calls)
    surplus = len(calls) + 1 - _CALLS_KEPT
    # The oldest go, but never one that is still to be judged.
    gone = [known for known in calls if known.held_until is None][: max(surplus, 0)]
    return (*(known for known in calls if known not in gone), memo)
