"""What people do with a campaign: begin, pause, resume and stop it."""

from datetime import datetime
from typing import Final

from diagnostics.campaigns import repository
from diagnostics.campaigns.model import Aids, Plan, State, ring_of
from diagnostics.campaigns.repository import Connection
from gateway.protocol.messages import RemoteSettings

# From where each may be reached, and what is written down.
_CHANGES: Final = {
    State.PAUSED: (frozenset({State.RUNNING}), "paused"),
    State.RUNNING: (frozenset({State.PAUSED}), "resumed"),
    State.STOPPED: (frozenset({State.RUNNING, State.PAUSED}), "stopped"),
}


async def begin(
    conn: Connection,
    *,
    name: str,
    what: str | RemoteSettings,
    aids: Aids,
    plan: Plan,
    actor: str,
    now: datetime,
) -> tuple[int, int]:
    """Begin a campaign; return its number, and how many aids are in it.

    Args:
        conn: with the caller's transaction.
        name: for people.
        what: the version of a package, or settings.
        aids: for whom; decided now, who comes later is not in it.
        plan: how it goes on.
        actor: who.
        now: the platform's clock.

    Raises:
        LookupError: there is no such package, or no such aid.
        ValueError: no name, or nothing is set.
    """
    if not 1 <= len(name) <= 80:
        raise ValueError("a campaign needs a name of at most 80 letters")
    if what == RemoteSettings():
        raise ValueError("nothing is set")
    version = what if isinstance(what, str) else None
    settings = what if isinstance(what, RemoteSettings) else None
    if version is not None and not await repository.package_exists(conn, version):
        raise LookupError(f"there is no package {version}")
    meant = await repository.aids_of(conn, aids, version)
    if not meant:
        raise LookupError("there is no aid for it")
    number = await repository.insert(
        conn,
        name=name,
        version=version,
        settings=settings,
        aids=aids,
        plan=plan,
        actor=actor,
        now=now,
    )
    members = [(device, ring_of(number, aid, plan.rings)) for device, aid in meant]
    await repository.insert_members(conn, number, members)
    await repository.tell(
        conn, number, "begun", actor=actor, now=now, detail={"aids": len(members)}
    )
    return number, len(members)


async def change(
    conn: Connection, campaign_id: int, state: State, *, actor: str, now: datetime, why: str = ""
) -> None:
    """Pause, resume or stop a campaign.

    Raises:
        LookupError: there is none.
        ValueError: it does not stand where that can be done.
    """
    before, kind = _CHANGES[state]
    present = await repository.lock(conn, campaign_id)
    if present not in before:
        raise ValueError(f"campaign {campaign_id} is {present.value}")
    await repository.set_state(conn, campaign_id, state, now)
    detail = {"why": why} if why else None
    await repository.tell(conn, campaign_id, kind, actor=actor, now=now, detail=detail)
