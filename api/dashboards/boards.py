"""Which dashboards there are, as data: what is asked, and how it is drawn.

Titles are in English here, and translated where the dashboards are built.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct


def _(text: str) -> str:
    """Mark for translation; translated where it is built."""
    return text


class Draw(StrEnum):
    """How a query's rows are shown."""

    NUMBERS = "numbers"  # one row, each column a number
    TABLE = "table"
    LINES = "lines"  # ``time``, and a column for each line; or ``metric`` and one column
    BARS = "bars"  # the same, as columns
    CATEGORIES = "categories"  # the first column is a word, the others are numbers


class Panel(Struct, frozen=True, kw_only=True):
    """One query, drawn.

    Attributes:
        query: its name in ``queries.sql``.
        columns: what is drawn, and what people call it; nothing else may come.
        unit: of the numbers, as Grafana calls it.
        width: of 24.
        target: what is still good; above it is red, or below it if ``least``.
    """

    title: str
    query: str
    draw: Draw
    columns: Mapping[str, str]
    unit: str = ""
    width: int = 12
    height: int = 8
    target: float | None = None
    least: bool = False


class Board(Struct, frozen=True, kw_only=True):
    """One dashboard. ``uid`` is in its address, and never changes."""

    uid: str
    title: str
    panels: tuple[Panel, ...]
    municipalities: bool = True
    device: bool = False
    since: str = "now-30d"


_TIME: Final = {"time": _("Time")}
_METRIC: Final = {"time": _("Time"), "metric": _("Kind")}
_AID: Final = {"device": _("Aid"), "kind": _("Kind")}

FLEET: Final = Board(
    uid="liftwacht-fleet",
    title=_("Fleet"),
    panels=(
        Panel(
            title=_("Connected now"),
            query="connected_share",
            draw=Draw.NUMBERS,
            columns={"connected": _("Connected")},
            unit="percentunit",
            width=6,
            target=0.9,
            least=True,
        ),
        Panel(
            title=_("Aids"),
            query="aids_by_kind",
            draw=Draw.CATEGORIES,
            columns={"kind": _("Kind"), "aids": _("Aids"), "connected": _("Connected")},
            width=9,
        ),
        Panel(
            title=_("Open tickets"),
            query="open_tickets",
            draw=Draw.CATEGORIES,
            columns={"kind": _("Kind"), "open": _("Open")},
            width=9,
        ),
        Panel(
            title=_("Rides"),
            query="rides_by_day",
            draw=Draw.BARS,
            columns=_TIME | {"rides": _("Rides")},
            width=24,
        ),
        Panel(
            title=_("Without a connection"),
            query="silent_aids",
            draw=Draw.TABLE,
            columns=_AID
            | {
                "municipality": _("Municipality"),
                "since": _("Since"),
                "heard_at": _("Last heard"),
            },
        ),
        Panel(
            title=_("With a fault"),
            query="active_faults",
            draw=Draw.TABLE,
            columns=_AID
            | {
                "municipality": _("Municipality"),
                "fault": _("Fault"),
                "heard_at": _("Last heard"),
            },
        ),
    ),
)
DEVICE: Final = Board(
    uid="liftwacht-device",
    title=_("One aid"),
    device=True,
    since="now-7d",
    panels=(
        Panel(
            title=_("Position and speed"),
            query="device_position",
            draw=Draw.LINES,
            columns=_TIME | {"position_mm": _("Position (mm)"), "speed_mm_s": _("Speed (mm/s)")},
            width=24,
        ),
        Panel(
            title=_("Battery"),
            query="device_battery",
            draw=Draw.LINES,
            columns=_TIME | {"battery_v": _("Battery (V)")},
            unit="volt",
        ),
        Panel(
            title=_("Motor current"),
            query="device_current",
            draw=Draw.LINES,
            columns=_TIME | {"current_a": _("Current (A)")},
            unit="amp",
        ),
        Panel(
            title=_("Rides"),
            query="device_rides",
            draw=Draw.BARS,
            columns=_TIME | {"rides": _("Rides"), "stops": _("Stops on the way")},
        ),
        Panel(
            title=_("Faults"),
            query="device_faults",
            draw=Draw.TABLE,
            columns=_TIME | {"code": _("Fault"), "edge": _("Came or went")},
        ),
        Panel(
            title=_("Found"),
            query="device_findings",
            draw=Draw.TABLE,
            columns=_TIME
            | {
                "detector": _("Detector"),
                "what": _("What"),
                "asks": _("Asks for"),
                "level": _("Level"),
                "ended_at": _("Ended"),
            },
        ),
        Panel(
            title=_("Tickets"),
            query="device_tickets",
            draw=Draw.TABLE,
            columns=_TIME
            | {
                "ticket_id": _("Ticket"),
                "kind": _("Kind"),
                "what": _("What"),
                "priority": _("Priority"),
                "stage": _("Stage"),
            },
        ),
    ),
)
EMERGENCIES: Final = Board(
    uid="liftwacht-emergencies",
    title=_("Emergencies and response times"),
    since="now-90d",
    panels=(
        Panel(
            title=_("Open now"),
            query="emergencies_open",
            draw=Draw.NUMBERS,
            columns={"open": _("Open"), "unanswered": _("Taken on by nobody")},
            width=8,
            target=0,
        ),
        Panel(
            title=_("Somebody on site in time (priority 1)"),
            query="on_site_in_time",
            draw=Draw.NUMBERS,
            columns={"in_time": _("In time")},
            unit="percentunit",
            width=8,
            target=0.95,
            least=True,
        ),
        Panel(
            title=_("Emergencies"),
            query="emergencies_by_day",
            draw=Draw.BARS,
            columns=_TIME | {"emergencies": _("Emergencies")},
            width=8,
        ),
        Panel(
            title=_("Half were quicker than"),
            query="response_times",
            draw=Draw.LINES,
            columns=_TIME
            | {
                "acknowledged_min": _("Taken on"),
                "on_site_min": _("On site"),
                "released_min": _("Person safe"),
            },
            unit="m",
            width=24,
        ),
        Panel(
            title=_("The newest emergencies"),
            query="emergencies_listed",
            draw=Draw.TABLE,
            columns=_TIME
            | {
                "ticket_id": _("Ticket"),
                "device": _("Aid"),
                "stage": _("Stage"),
                "acknowledged_s": _("Taken on after (s)"),
                "on_site_s": _("On site after (s)"),
                "released_s": _("Person safe after (s)"),
            },
            width=24,
            height=10,
        ),
    ),
)
DETECTORS: Final = Board(
    uid="liftwacht-detectors",
    title=_("Health of the detectors"),
    municipalities=False,
    panels=(
        Panel(
            title=_("Found by each detector"),
            query="findings_by_detector",
            draw=Draw.BARS,
            columns=_METRIC | {"findings": _("Found")},
            width=24,
        ),
        Panel(
            title=_("What it asked for"),
            query="findings_by_ask",
            draw=Draw.BARS,
            columns=_METRIC | {"findings": _("Found")},
        ),
        Panel(
            title=_("What became of it"),
            query="detectors",
            draw=Draw.TABLE,
            columns={
                "detector": _("Detector"),
                "version": _("Version"),
                "findings": _("Found"),
                "certain": _("Certain"),
                "passed": _("Passed by itself"),
                "tickets": _("Tickets"),
                "last_on": _("Last on"),
            },
        ),
    ),
)
INGEST: Final = Board(
    uid="liftwacht-ingest",
    title=_("The platform itself"),
    municipalities=False,
    since="now-2d",
    panels=(
        Panel(
            title=_("What the platform promises itself"),
            query="objectives",
            draw=Draw.TABLE,
            columns={
                "name": _("Promise"),
                "label": _("Of what"),
                "value": _("Value"),
                "missed_since": _("Missed since"),
                "measured_at": _("Measured at"),
            },
        ),
        Panel(
            title=_("Books of messages"),
            query="books",
            draw=Draw.TABLE,
            columns={
                "stage": _("Stage"),
                "made": _("Came in"),
                "done": _("Done"),
                "waiting": _("Waiting"),
                "missing": _("Missing"),
            },
        ),
        Panel(
            title=_("How it stood"),
            query="objective_history",
            draw=Draw.LINES,
            columns=_METRIC | {"value": _("Value")},
            unit="s",
        ),
        Panel(
            title=_("Messages stored"),
            query="stored_by_hour",
            draw=Draw.BARS,
            columns=_TIME | {"messages": _("Messages")},
        ),
        Panel(
            title=_("Who hears the lifts"),
            query="workers",
            draw=Draw.TABLE,
            columns={
                "worker": _("Process"),
                "first_shard": _("First shard"),
                "last_shard": _("Last shard"),
                "listening_since": _("Listening since"),
                "beat_at": _("Last heard"),
                "received": _("Came in"),
                "stored": _("Stored"),
                "duplicate": _("Came twice"),
                "quarantined": _("In quarantine"),
                "waiting": _("Waiting"),
            },
            width=24,
        ),
        Panel(
            title=_("Behind the log"),
            query="lags",
            draw=Draw.TABLE,
            columns={
                "lane": _("Lane"),
                "shard": _("Shard"),
                "unread": _("Unread"),
                "lag_s": _("Behind (s)"),
            },
        ),
        Panel(
            title=_("Sent to people and systems"),
            query="messages_by_channel",
            draw=Draw.TABLE,
            columns={
                "channel": _("Channel"),
                "made": _("Made"),
                "sent": _("Sent"),
                "given_up": _("Given up"),
                "waiting": _("Waiting"),
                "slowest_delay_s": _("Slowest of twenty (s)"),
            },
        ),
        Panel(
            title=_("What was ill"),
            query="troubles",
            draw=Draw.TABLE,
            columns=_TIME
            | {
                "part": _("Part"),
                "detail": _("What"),
                "paged_at": _("People told"),
                "ended_at": _("Ended"),
            },
            width=24,
        ),
    ),
)
QUALITY: Final = Board(
    uid="liftwacht-quality",
    title=_("Quality of the data"),
    panels=(
        Panel(
            title=_("Age on arrival"),
            query="delays",
            draw=Draw.NUMBERS,
            columns={"half_s": _("Half"), "slowest_5_percent_s": _("Slowest of twenty (s)")},
            unit="s",
            target=120,
        ),
        Panel(
            title=_("Values missing in readings of the last hour"),
            query="missing_values",
            draw=Draw.NUMBERS,
            columns={
                "position": _("Position"),
                "current": _("Current"),
                "battery": _("Battery"),
            },
            unit="percentunit",
            target=0.2,
        ),
        Panel(
            title=_("In quarantine"),
            query="quarantined_by_hour",
            draw=Draw.BARS,
            columns=_METRIC | {"messages": _("Messages")},
            width=24,
        ),
        Panel(
            title=_("Clocks that are off"),
            query="clocks",
            draw=Draw.TABLE,
            columns=_AID | {"clock_skew_s": _("Off by (s)"), "firmware": _("Firmware")},
        ),
        Panel(
            title=_("Firmware"),
            query="firmware",
            draw=Draw.CATEGORIES,
            columns={"firmware": _("Firmware"), "aids": _("Aids")},
        ),
    ),
)
MUNICIPALITIES: Final = Board(
    uid="liftwacht-municipalities",
    title=_("Figures of municipalities"),
    since="now-90d",
    panels=(
        Panel(
            title=_("In the period"),
            query="municipality_figures",
            draw=Draw.TABLE,
            columns={
                "municipality": _("Municipality"),
                "aids": _("Aids"),
                "emergencies": _("Emergencies"),
                "repairs": _("Repairs"),
                "on_site_in_time": _("Somebody on site in time (priority 1)"),
                "repaired_in_time": _("Repaired in time (priorities 2 and 3)"),
            },
            width=24,
            height=10,
        ),
        Panel(
            title=_("Rides"),
            query="rides_by_municipality",
            draw=Draw.LINES,
            columns=_METRIC | {"rides": _("Rides")},
            width=24,
        ),
    ),
)
BOARDS: Final = (FLEET, DEVICE, EMERGENCIES, DETECTORS, INGEST, QUALITY, MUNICIPALITIES)
