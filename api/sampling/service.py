"""Draws samples of a municipality's own cases, and writes them as sheets. Nothing is kept of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from api.desk import words as desk_words
from api.desk.languages import catalogue
from api.misuse import words as misuse_words
from api.portal import words as portal_words
from api.queries import Connection, Row, rows
from api.reports.model import Cell, Column, Sheet
from api.sampling.drawing import Item, Strata, draw
from diagnostics.queries import load
from diagnostics.tickets.calendar import ZONE, dutch_day

QUERIES = load("api.sampling")
MOST: Final = 500
_VOCABULARIES: Final = portal_words.ALL | desk_words.ALL | misuse_words.ALL
_NO_MONTH: Final = "-"


class SampleKind(StrEnum):
    """Of what a sample is."""

    TICKETS = "tickets"
    ORDERS = "orders"
    AIDS = "aids"
    COMPLAINTS = "complaints"
    MISUSE = "misuse"


PATHS: Final[Mapping[SampleKind, str]] = {
    SampleKind.TICKETS: "/portal/tickets/{number}",
    SampleKind.ORDERS: "/portal/orders/{number}",
    SampleKind.AIDS: "/portal/aids/{aid}",
    SampleKind.COMPLAINTS: "/portal/complaints/{number}",
    SampleKind.MISUSE: "/portal/misuse/{number}",
}
DUTCH: Final[Mapping[SampleKind, str]] = {
    SampleKind.TICKETS: "Meldingen",
    SampleKind.ORDERS: "Opdrachten",
    SampleKind.AIDS: "Hulpmiddelen",
    SampleKind.COMPLAINTS: "Klachten",
    SampleKind.MISUSE: "Signalen over gebruik",
}
COLUMNS: Final[Mapping[str, str]] = {
    "number": "Nummer",
    "kind": "Soort",
    "priority": "Prioriteit",
    "what": "Wat",
    "aid": "Hulpmiddel",
    "client": "Cliënt",
    "reported_at": "Gemeld",
    "on_site_due_at": "Uiterlijk ter plaatse",
    "on_site_at": "Ter plaatse",
    "repaired_due_at": "Uiterlijk hersteld",
    "repaired_at": "Hersteld",
    "closed_at": "Gesloten",
    "stage": "Stand",
    "breaches": "Overschrijdingen",
    "reference": "Kenmerk gemeente",
    "aid_kind": "Soort hulpmiddel",
    "received_at": "Ontvangen",
    "contact_due_at": "Uiterlijk contact",
    "contacted_at": "Contact",
    "confirm_due_at": "Uiterlijk bevestigd",
    "confirmed_at": "Bevestigd",
    "due_at": "Uiterlijk gedaan",
    "due_without_delay_at": "Uiterlijk, zonder vertraging",
    "done_at": "Gedaan",
    "ended_at": "Afgerond",
    "aid_source": "Nieuw of herverstrekt",
    "via": "Via",
    "take_up_due_at": "Uiterlijk opgepakt",
    "taken_up_at": "Opgepakt",
    "handle_due_at": "Uiterlijk afgehandeld",
    "handled_at": "Afgehandeld",
    "outcome": "Uitkomst",
    "item": "Onderdeel eis 61",
    "since": "Sinds",
    "decide_by": "Uiterlijk besluit",
    "decided_at": "Besloten",
    "decision": "Besluit",
    "client_heard": "Cliënt gehoord",
    "maker": "Merk",
    "model": "Type",
    "serial_number": "Serienummer",
    "built_on": "Gebouwd",
    "lent_on": "Uitgeleend",
    "serviced_on": "Onderhoud",
    "registered_at": "Geregistreerd",
    "event_no": "Regel",
    "at": "Vastgelegd",
    "happened_at": "Gebeurd",
    "actor": "Door",
    "detail": "Bijzonderheden",
}


# Which vocabulary says what a column of a kind of case holds; what has none is written as it is.
WORDS: Final[Mapping[SampleKind, Mapping[str, str]]] = {
    SampleKind.TICKETS: {"kind": "ticket_kind", "what": "what", "stage": "stage_of_case"},
    SampleKind.ORDERS: {
        "kind": "commission_kind",
        "aid_kind": "kind",
        "stage": "stage_of_case",
        "aid_source": "source",
    },
    SampleKind.AIDS: {"kind": "kind"},
    SampleKind.COMPLAINTS: {
        "kind": "nature",
        "via": "complaint_via",
        "stage": "stage_of_case",
        "outcome": "complaint_outcome",
    },
    SampleKind.MISUSE: {
        "kind": "what",
        "item": "use_item",
        "stage": "case_stage",
        "outcome": "case_outcome",
        "decision": "decision",
    },
}


# …and in their logs: of the event itself, and of what is told with it.
EVENTS: Final[Mapping[SampleKind, Sequence[str]]] = {
    SampleKind.TICKETS: ("event", "repair_event"),
    SampleKind.ORDERS: ("commission_event",),
    SampleKind.AIDS: ("ticket_kind",),
    SampleKind.COMPLAINTS: ("complaint_event",),
    SampleKind.MISUSE: ("case_event",),
}
_TOLD: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    "text": ("tekst", ()),
    "note": ("notitie", ()),
    "reason": ("reden", ("delay_reason",)),
    "evidence": ("bewijs", ()),
    "target": ("termijn", ("target", "commission_target", "complaint_target")),
    "on": ("dag", ()),
    "to": ("aan", ("addressee",)),
    "by": ("door", ()),
    "name": ("naam", ()),
    "what": ("wat", ("what",)),
    "kind": ("soort", ("ticket_kind", "commission_kind", "file_kind")),
    "stage": ("stand", ("stage_of_case", "stage", "case_stage")),
    "outcome": ("uitkomst", ("complaint_outcome", "case_outcome")),
    "decision": ("besluit", ("decision",)),
    "source": ("herkomst", ("source",)),
    "attributable": ("toe te rekenen", ()),
    "priority": ("prioriteit", ()),
    "device": ("hulpmiddel", ()),
    "ticket": ("melding", ()),
    "part": ("onderdeel", ()),
    "number": ("aantal", ()),
    "instruction": ("instructie gegeven", ()),
}
_SPREAD: Final[Mapping[Strata, str]] = {
    Strata.NONE: "niet verdeeld",
    Strata.KIND: "soort",
    Strata.MONTH: "maand",
}


class Plan(Struct, frozen=True, kw_only=True):
    """What is drawn: the same plan gives the same sample, as long as no case is added.

    Attributes:
        begin: of the time in which cases came (of aids: it does not count).
        end: the first moment after.
    """

    kind: SampleKind
    begin: datetime
    end: datetime
    size: int
    seed: str
    strata: Strata


class Sample(Struct, frozen=True, kw_only=True):
    """A sample. ``population``: how many there were to draw from, by stratum."""

    plan: Plan
    population: Mapping[str, int]
    drawn: Mapping[str, int]
    facts: Sequence[Row]
    log: Sequence[Row]


async def sample(connection: Connection, plan: Plan) -> Sample:
    """Draw a sample of what who asks may see."""
    asked = {"begin": plan.begin, "end": plan.end}
    found = await rows(connection, QUERIES[f"items_{plan.kind.value}"], asked)
    items = [Item(each["key"], _stratum(each, plan.strata)) for each in found]
    drawn = draw(items, plan.size, plan.seed)
    keys = {"keys": [item.key for item in drawn]}
    return Sample(
        plan=plan,
        population=_counted(items),
        drawn=_counted(drawn),
        facts=await rows(connection, QUERIES[f"facts_{plan.kind.value}"], keys),
        log=await rows(connection, QUERIES[f"log_{plan.kind.value}"], keys),
    )


def path_of(kind: SampleKind, facts: Row) -> str:
    """Return where one case is shown with its log and terms."""
    return PATHS[kind].format_map(facts)


def sheets(found: Sample) -> list[Sheet]:
    """Return the sample as sheets: how it was drawn, what is recorded, the log."""
    plan = found.plan
    how: list[tuple[Cell, ...]] = [
        ("Soort", DUTCH[plan.kind]),
        ("Vanaf", f"{dutch_day(plan.begin)}"),
        ("Tot", f"{dutch_day(plan.end)}"),
        ("Gevraagd aantal", str(plan.size)),
        ("Startgetal", plan.seed),
        ("Verdeeld naar", _SPREAD[plan.strata]),
        ("Getrokken", str(len(found.facts))),
        ("Trekking", "per deel de laagste SHA-256 van “startgetal:nummer”"),
        *(
            (f"Deel {_word(name, *_of_kind(plan))}", f"{found.drawn.get(name, 0)} van {count}")
            for name, count in sorted(found.population.items())
        ),
    ]
    return [
        Sheet(
            "Steekproef", "Hoe deze steekproef is getrokken.", (_text("Wat"), _text("Waarde")), how
        ),
        _sheet(
            "Feiten",
            "Wat is vastgelegd, met de berekende termijnen.",
            found.facts,
            {column: (vocabulary,) for column, vocabulary in WORDS[plan.kind].items()},
        ),
        _sheet(
            "Logboek",
            "Wat er gebeurde, zoals het is vastgelegd.",
            found.log,
            {"kind": EVENTS[plan.kind]},
        ),
    ]


def _sheet(name: str, note: str, found: Sequence[Row], words: Mapping[str, Sequence[str]]) -> Sheet:
    names = list(found[0]) if found else ["number"]
    columns = [Column(COLUMNS.get(each, each), _kind(each, found)) for each in names]
    cells = [[_cell(each[n], words.get(n, ())) for n in names] for each in found]
    return Sheet(name, note, columns, cells)


def _of_kind(plan: Plan) -> Sequence[str]:
    """Return which vocabulary says what the parts of a sample are."""
    return (WORDS[plan.kind]["kind"],) if plan.strata is Strata.KIND else ()


def _word(value: str, *vocabularies: str) -> str:
    """Return a word of one of the vocabularies in Dutch; one that we lack as it is."""
    for each in vocabularies:
        known = _VOCABULARIES.get(each, {}).get(value)
        if known:
            return catalogue("nl").gettext(known)
    return value


def _kind(name: str, found: Sequence[Row]) -> str:
    values = [each[name] for each in found if each[name] is not None]
    if values and all(isinstance(value, datetime) for value in values):
        return "moment"
    if values and all(isinstance(value, date) for value in values):
        return "date"
    return "text"


def _cell(value: Any, vocabularies: Sequence[str] = ()) -> Cell:
    match value:
        case datetime():
            return value.astimezone(ZONE).replace(tzinfo=None)
        case date() | None:
            return value
        case bool():
            return "ja" if value else "nee"
        case dict():
            return "; ".join(_told(name, each) for name, each in value.items())
    return _word(str(value), *vocabularies)


def _told(name: str, value: Any) -> str:
    label, vocabularies = _TOLD.get(name, (name.replace("_", " "), ()))
    return f"{label}: {_cell(value, vocabularies)}"


def _text(label: str) -> Column:
    return Column(label)


def _counted(items: Sequence[Item]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for item in items:
        counts[item.stratum] = counts.get(item.stratum, 0) + 1
    return counts


def _stratum(found: Row, strata: Strata) -> str:
    match strata:
        case Strata.KIND:
            return str(found["kind"])
        case Strata.MONTH:
            at = found["at"]
            return _NO_MONTH if at is None else f"{at.astimezone(ZONE):%Y-%m}"
    return ""
