"""What people and the engine do with cases: load → decide → apply, in the caller's transaction.

No function commits; each raises a ``MisuseError`` or leaves a complete change behind: the events,
the case that follows from them, and the messages to send after commit.
"""

from datetime import datetime
from typing import Any

from diagnostics.misuse import decisions, evidence, life, repository
from diagnostics.misuse.commands import AddSignal, AnyCommand
from diagnostics.misuse.items import KINDS
from diagnostics.misuse.model import Case, Source
from diagnostics.misuse.repository import Connection
from diagnostics.tickets.commands import By


async def signal(
    conn: Connection,
    device_id: int,
    what: str,
    *,
    source: Source,
    since: datetime,
    detail: dict[str, Any],
    by: By,
) -> Case:
    """Register a signal: it joins the open case of this aid, client and kind, or opens one.

    What the aid itself told of that time is kept with it. The same ``by.request_id`` is written
    once, however often it is sent.

    Args:
        conn: in the caller's transaction.
        device_id: which aid.
        what: a word of ``items.KINDS``.
        source: who or what noticed it.
        since: since when it has been so, as far as known.
        detail: see ``commands.AddSignal``.
        by: who writes it down.

    Raises:
        LookupError: there is no such device.
        ValueError: no such kind of use, or a moment makes no sense.
    """
    if what not in KINDS:
        raise ValueError(f"no such kind of use: {what}")
    if by.request_id is not None:
        before = await repository.find_request(conn, by.request_id)
        if before is not None:
            return life.case_of(await repository.read(conn, before))
    aid = await repository.aid(conn, device_id)
    file = await repository.find_or_open(conn, device_id, aid, what, since=since, now=by.now)
    told = await evidence.gather(conn, device_id, what, until=by.now)
    if told is not None:
        detail = detail | {"evidence": told}
    command = AddSignal(source=source, what=what, since=since, detail=detail)
    events = decisions.decide(life.case_of(file), command, by, life.terms_at(file, by.now))
    return await repository.write(conn, file, events, by.now)


async def carry_out(
    conn: Connection,
    case_id: int,
    command: AnyCommand,
    by: By,
    *,
    expected_version: int | None = None,
) -> Case:
    """Do one of ``commands`` with a case; return how it stands then.

    A request (``by.request_id``) that was carried out before changes nothing, whatever the version.

    Args:
        conn: in the caller's transaction.
        case_id: which case.
        command: what to do.
        by: who asks, when it was and is.
        expected_version: the one that the actor saw, of what must rest on all that is known; None:
            what they tell is so, whatever was written meanwhile.

    Raises:
        CaseNotFound, CaseChanged: nothing is changed.
        CaseNotNow: likewise; as the case stands it cannot be done.
        ValueError: a moment or a value makes no sense.
    """
    file = await repository.lock(conn, case_id)
    case = life.case_of(file)
    if by.request_id is not None and any(e.request_id == by.request_id for e in file.events):
        return case
    decisions.check_version(file.head, expected_version)
    events = decisions.decide(case, command, by, life.terms_at(file, by.now))
    return await repository.write(conn, file, events, by.now)
