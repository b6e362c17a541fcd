"""How far a ticket is, and what comes next: pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct

from api.accounts.roles import Permission
from api.accounts.ticket_commands import ASKS
from diagnostics.tickets import commands


class Standing(Struct, kw_only=True):
    """How far a ticket is, and whose it is."""

    kind: str
    reported_at: datetime
    acknowledged_at: datetime | None = None
    unanswered: bool = True
    under_way_at: datetime | None = None
    arrives_at: datetime | None = None
    on_site_at: datetime | None = None
    released_at: datetime | None = None
    repaired_at: datetime | None = None
    closed_at: datetime | None = None
    appointment_begin: datetime | None = None
    appointment_end: datetime | None = None
    assigned_to: int | None = None
    assigned_name: str | None = None


class Step(NamedTuple):
    """One stage of the way: ``word`` of the vocabulary; ``at``: None if it was not reached."""

    word: str
    at: datetime | None
    now: bool


class Act(StrEnum):
    """What can be done with a ticket from its page, by the names of its dialogs."""

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    UNDER_WAY = "under_way"
    ARRIVE = "on_site"
    RELEASE = "release"
    REPAIRED = "repaired"
    CLOSE = "close"
    APPOINT = "appoint"
    NOTE = "note"
    PRIORITY = "priority"
    PAUSE = "pause"
    NOBODY_NEAR = "nobody_near"
    CALAMITY = "calamity"
    JOIN = "join"
    SPLIT = "split"


def steps(ticket: Standing) -> list[Step]:
    """Return the way of ``ticket`` with the moments at which each stage was reached."""
    emergency = ticket.kind == "emergency"
    moments = [
        ("reported", ticket.reported_at),
        ("acknowledged", None if ticket.unanswered else ticket.acknowledged_at),
        ("under_way", ticket.under_way_at),
        ("on_site", ticket.on_site_at),
    ]
    if emergency:
        moments.append(("released", ticket.released_at))
    if emergency or ticket.kind == "repair":
        moments.append(("repaired", ticket.repaired_at))
    moments.append(("closed", ticket.closed_at))
    # The first stage that is not behind us: later ones may be skipped, but never before it.
    reached = max((n for n, (_, at) in enumerate(moments) if at is not None), default=0)
    return [
        Step(word, at, now=n == reached and ticket.closed_at is None)
        for n, (word, at) in enumerate(moments)
    ]


def acts(ticket: Standing, *, dispatches: bool) -> list[Act]:
    """Return what can be done now, what comes next first.

    ``dispatches``: whether whoever looks may also plan and decide, and not only do.
    """
    return [
        act
        for act in dict.fromkeys(_acts(ticket))
        if dispatches or (act in _COMMANDS and ASKS[_COMMANDS[act]] is Permission.WORK_TICKETS)
    ]


_COMMANDS: Final[Mapping[Act, type[commands.Command]]] = {
    Act.ACKNOWLEDGE: commands.Acknowledge,
    Act.ASSIGN: commands.Assign,
    Act.UNDER_WAY: commands.UnderWay,
    Act.ARRIVE: commands.Arrive,
    Act.RELEASE: commands.ConfirmRelease,
    Act.REPAIRED: commands.Repair,
    Act.CLOSE: commands.Close,
    Act.APPOINT: commands.Appoint,
    Act.NOTE: commands.Note,
    Act.PRIORITY: commands.ChangePriority,
    Act.PAUSE: commands.Pause,
    Act.NOBODY_NEAR: commands.NobodyNear,
    Act.CALAMITY: commands.ReportCalamity,
}


def _acts(ticket: Standing) -> Iterator[Act]:
    if ticket.closed_at is not None:
        yield Act.NOTE
        return
    emergency = ticket.kind == "emergency" and ticket.released_at is None
    repair = ticket.kind in {"emergency", "repair"}
    if ticket.unanswered:
        yield Act.ACKNOWLEDGE
    if ticket.on_site_at is not None:
        yield Act.RELEASE if emergency else Act.REPAIRED if repair else Act.CLOSE
    if ticket.under_way_at is not None and ticket.on_site_at is None:
        yield Act.ARRIVE
    if ticket.on_site_at is None:
        yield from (Act.ASSIGN, Act.UNDER_WAY, Act.ARRIVE)
    if emergency:
        # Somebody in the house may have helped meanwhile.
        yield from (Act.RELEASE, Act.NOBODY_NEAR, Act.CALAMITY)
    else:
        if repair:
            yield Act.REPAIRED
        yield from (Act.APPOINT, Act.PAUSE, Act.CLOSE, Act.ASSIGN)
    yield from (Act.NOTE, Act.PRIORITY) if repair else (Act.NOTE,)
    yield from (Act.JOIN, Act.SPLIT)
