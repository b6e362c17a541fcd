"""Campaigns go on: answers are read, rings begin, orders leave, and what goes wrong pauses them."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import msgspec

from diagnostics.campaigns import decisions, repository
from diagnostics.campaigns.decisions import VALID_FOR, Decision
from diagnostics.campaigns.model import Member, State
from diagnostics.campaigns.repository import Campaign, Connection
from diagnostics.turns import in_turn
from gateway.protocol.messages import SetSettings, Update

logger = logging.getLogger(__name__)

LOOK_EVERY: Final = timedelta(seconds=15)
AT_ONCE: Final = 20
ACTOR: Final = "system:campaigns"
# When one that could not be read is tried again.
_LATER: Final = timedelta(minutes=5)


async def tick(conn: Connection, now: datetime) -> int:
    """Bring campaigns that are due a step on; return how many were looked at."""
    return await in_turn(
        conn,
        claim=lambda: repository.claim(conn, now),
        work=lambda number: look(conn, number, now),
        postpone=lambda number: repository.look_again(conn, number, now + _LATER),
        at_most=AT_ONCE,
        logger=logger,
        failed="campaign %d cannot be brought on",
    )


async def look(conn: Connection, campaign_id: int, now: datetime) -> None:
    """Bring one campaign a step on, in the caller's transaction, which has locked it."""
    campaign = await repository.read(conn, campaign_id)
    under_way = await _read_answers(conn, campaign, now)
    if campaign.state is not State.RUNNING:
        await repository.recall(conn, campaign_id, now)
        over = campaign.state is not State.PAUSED and not under_way
        await repository.look_again(conn, campaign_id, None if over else now + LOOK_EVERY)
        return
    await repository.pass_over(conn, campaign_id, campaign.version, now)
    rings = await repository.rings(conn, campaign_id, len(campaign.plan.rings))
    seen = await repository.seen(conn, campaign_id, now)
    decision = decisions.decide(campaign.state, campaign.plan, rings, seen, now)
    await repository.look_again(conn, campaign_id, now + LOOK_EVERY)
    await _carry_out(conn, campaign, decision, now)


async def _read_answers(conn: Connection, campaign: Campaign, now: datetime) -> int:
    """Take in what aids said; return how many orders are under way still."""
    answers = await repository.answers(conn, campaign.campaign_id)
    left = 0
    for member in await repository.ordered(conn, campaign.campaign_id):
        known, reply_no = member, None
        for log_no, answer in answers.get(member.device_id, ()):
            known = decisions.answered(known, answer, now, settings=campaign.settings is not None)
            reply_no = log_no
        known = decisions.overdue(known, now)
        if known != member or reply_no is not None:
            await repository.update(conn, campaign.campaign_id, known, reply_no=reply_no)
        left += known.ended_at is None
    return left


async def _carry_out(
    conn: Connection, campaign: Campaign, decision: Decision, now: datetime
) -> None:
    number = campaign.campaign_id

    async def tell(kind: str, **detail: Any) -> None:
        await repository.tell(conn, number, kind, actor=ACTOR, now=now, detail=detail)

    if decision.pause is not None:
        await repository.set_state(conn, number, State.PAUSED, now)
        await tell("paused", why=str(decision.pause), **msgspec.structs.asdict(decision.pause))
        logger.warning("campaign %d pauses: %s", number, decision.pause)
        return
    if decision.reached is not None:
        await repository.reach_ring(conn, number, decision.reached, now)
        await tell("ring_reached", ring=decision.reached)
    if decision.begin is not None:
        await repository.begin_ring(conn, number, decision.begin, now)
        await tell("ring_begun", ring=decision.begin)
    if decision.finish:
        await repository.set_state(conn, number, State.FINISHED, now)
        await repository.look_again(conn, number, None)
        await tell("finished")
        return
    found = await repository.candidates(
        conn,
        number,
        campaign.version,
        until_ring=decision.until_ring,
        room=decision.room,
        now=now,
    )
    for member in decisions.choose(found, decision, now):
        await _order(conn, campaign, decisions.ordered(member, uuid4().hex, now), now)


async def _order(conn: Connection, campaign: Campaign, member: Member, now: datetime) -> None:
    assert member.command_id is not None  # noqa: S101 - it was ordered just now
    expires_at = now + VALID_FOR
    command: Update | SetSettings
    header: dict[str, Any] = {
        "command_id": member.command_id,
        "expires_ms": round(expires_at.timestamp() * 1000),
    }
    if campaign.package is not None:
        command = Update(**header, **msgspec.structs.asdict(campaign.package))
    else:
        assert campaign.settings is not None  # noqa: S101 - it brings either
        # Campaigns count up, and so do revisions: a later one is never undone by an earlier.
        command = SetSettings(**header, revision=campaign.campaign_id, settings=campaign.settings)
    payload = msgspec.to_builtins(command)
    await repository.update(conn, campaign.campaign_id, member, reply_no=0)
    await repository.send(
        conn,
        member,
        kind=payload["kind"],
        payload=payload,
        actor=f"system:campaign-{campaign.campaign_id}",
        now=now,
        expires_at=expires_at,
    )
