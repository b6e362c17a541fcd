"""What is found is stored, emergencies become tickets, and calls are answered, on every lane.

Nothing here commits. Everything may be done twice: a finding has one ticket, a message one answer.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from diagnostics import store
from diagnostics.detectors.contract import Finding, Level
from diagnostics.facts import Called, Fact
from diagnostics.judge import Verdict
from diagnostics.store import Device
from diagnostics.tickets import repository, service

Connection = AsyncConnection[Any]

logger = logging.getLogger(__name__)


async def found(  # noqa: PLR0917 - a finding in its circumstances
    conn: Connection,
    device: Device,
    heard: Sequence[Fact],
    verdict: Verdict,
    finding: Finding,
    now: datetime,
) -> int | None:
    """Store a finding, and open its emergency if it is a certain one; return that ticket if it did.

    ``heard`` are the facts that brought it, as far as they are at hand.
    """
    stored = await store.save_finding(
        conn, device, finding, detector=verdict.detector, version=verdict.version, now=now
    )
    if finding.level is Level.SUSPECTED and stored.ticket_id is None:
        await store.link_suspicions(conn, device)  # who is being helped is not also suspected
    certain = finding.level is Level.CERTAIN and finding.emergency
    if not certain or (stored.ticket_id is not None and await store.acted_upon(conn, stored)):
        return None  # an episode that had its ticket gets no second one, closed or not
    released_at = await repository.last_release(conn, device.aid.device_id)
    if released_at is not None and finding.evidence.last_at <= released_at:
        return None  # nothing of it is newer than the release: it was that emergency's
    evidence_at = [fact.received_at for fact in heard if fact.log_no in finding.evidence.log_nos]
    opening = await service.open_emergency(
        conn,
        device.aid.device_id,
        actor=f"system:{verdict.detector}",
        detail={
            "finding": stored.finding_id,
            "reasons": store.reasons_of(finding),
            "evidence": store.evidence_of(finding, device.shard),
        },
        evidence_at=min(evidence_at, default=finding.evidence.last_at),
        since=finding.since,
        now=now,
    )
    if opening.created:
        logger.warning("device %s: emergency: %s", device.name, finding.reasons[0].code)
    await store.link_finding(conn, stored.finding_id, opening.ticket.ticket_id)
    await store.link_suspicions(conn, device)
    return opening.ticket.ticket_id if opening.created else None


async def answer(conn: Connection, device: Device, call: Called, now: datetime) -> None:
    """Tell a lift that calls how its emergency stands."""
    await service.hear_call(
        conn,
        device.aid.device_id,
        call.call_id,
        repetition=f"{call.order.outbox_no}:{call.order.seq}",
        detail={"reason": call.reason, "attempt": call.attempt},
        now=now,
    )


async def answer_held(conn: Connection, device: Device, call_id: str, now: datetime) -> None:
    """The same for a call that is certain only after waiting for more."""
    await service.hear_call(
        conn, device.aid.device_id, call_id, repetition="held", detail={}, now=now
    )
