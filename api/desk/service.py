"""Reads what the pages show."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from api.devices import service as devices
from api.devices.schemas import DeviceDetail, Reading
from api.findings import service as findings
from api.findings.schemas import FindingStatus, FoundInDevice
from api.health.service import UNREAD_COUNTS_FOR
from api.incidents import service as incidents
from api.incidents.schemas import Incident, IncidentStatus
from api.queries import Connection, Row, row, rows
from api.tickets import service as tickets
from api.tickets.schemas import Asks, Suspicion, Ticket, TicketKind, TicketStatus
from diagnostics.escalation.gaps import coming
from diagnostics.escalation.rota import Shift
from diagnostics.queries import load

QUERIES = load("api.desk")
_MOST_EMERGENCIES = 200
_LISTED = 30
# What is due within a working day stands apart.
BREACH_SOON = timedelta(hours=8)


class Alarm(NamedTuple):
    """What every page must say: how many emergencies there are, and which nobody took on."""

    emergencies: list[Ticket]

    @property
    def unacknowledged(self) -> list[Ticket]:
        """The ones that nobody has, or not any more: who took it on has not been heard of since."""
        return [ticket for ticket in self.emergencies if ticket.unanswered]


class Board(NamedTuple):
    """The desk at one moment.

    ``unread_calls`` are calls for help that the platform could not judge: a person must.
    """

    unread_calls: list[Row]
    suspicions: list[Suspicion]
    incidents: list[Incident]
    soon: list[Row]
    repairs: list[Row]
    notices: list[FoundInDevice]
    faults: list[Row]
    offline: list[Row]
    counts: Row
    gaps: Sequence[Shift]


class DeviceView(NamedTuple):
    """One aid with its last ride, its tickets, and what is found of it now.

    ``signals`` are apart from the rest: they are for people of the municipality to weigh.
    """

    device: DeviceDetail
    ride: list[Reading]
    tickets: list[Ticket]
    findings: list[FoundInDevice]
    signals: list[FoundInDevice]


async def alarm(connection: Connection) -> Alarm:
    """Return the open emergencies: those that nobody took on first, then the longest open."""
    page = await tickets.page(
        connection,
        kind=TicketKind.EMERGENCY,
        status=TicketStatus.OPEN,
        limit=_MOST_EMERGENCIES,
    )
    active = [ticket for ticket in page.items if ticket.released_at is None]
    return Alarm(sorted(active, key=lambda each: (not each.unanswered, each.opened_at)))


async def board(connection: Connection, *, now: datetime) -> Board:
    """Return what stands under the emergencies."""
    recent = {"after": now - UNREAD_COUNTS_FOR, "limit": _LISTED}
    listed: dict[str, Any] = {"limit": _LISTED}
    counts = await row(connection, QUERIES["counts"])
    outages = await incidents.page(connection, status=IncidentStatus.OPEN, limit=_LISTED)
    return Board(
        unread_calls=list(await rows(connection, QUERIES["unread_calls"], recent)),
        suspicions=await tickets.suspicions(connection),
        incidents=outages.items,
        soon=list(await rows(connection, QUERIES["soon"], listed | {"before": now + BREACH_SOON})),
        repairs=list(await rows(connection, QUERIES["repairs"], listed)),
        notices=await findings.notices(connection, limit=_LISTED),
        faults=list(await rows(connection, QUERIES["faults"], listed)),
        offline=list(await rows(connection, QUERIES["offline"], listed)),
        counts=counts or {},
        gaps=await coming(connection, now=now),
    )


async def device_view(connection: Connection, name: str, *, now: Any) -> DeviceView:
    """Return one aid in full.

    Raises:
        NotFoundError: there is no aid of that name.
    """
    device_id, device = await devices.one(connection, name)
    ride = await devices.ride(connection, device_id, now=now)
    page = await tickets.page(connection, device=name, limit=20)
    live = await findings.page(connection, device=name, status=FindingStatus.OPEN, limit=_LISTED)
    return DeviceView(
        device=device,
        ride=list(ride),
        tickets=page.items,
        findings=[each for each in live.items if each.asks is not Asks.SIGNAL],
        signals=[each for each in live.items if each.asks is Asks.SIGNAL],
    )
