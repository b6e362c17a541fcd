"""The report form (*meldformulier*) for the supervisor: what its own form asks, in Dutch."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from api.breaches.decisions import BreachKind, Risk
from api.breaches.schemas import BreachDetail, BreachMunicipality
from api.documents.content import Document, Facts, Heading, Notice, Paragraph, Table
from api.documents.pdf import pdf
from diagnostics.tickets.calendar import ZONE

KINDS: Final = {
    BreachKind.SENT_WRONGLY: "persoonsgegevens aan de verkeerde gestuurd of gegeven",
    BreachKind.LOST: "apparaat, gegevensdrager of papier kwijtgeraakt",
    BreachKind.STOLEN: "apparaat, gegevensdrager of papier gestolen",
    BreachKind.SEEN_WITHOUT_NEED: "ingezien door iemand zonder noodzaak",
    BreachKind.INTRUSION: "hacking, malware of phishing",
    BreachKind.PUBLISHED: "persoonsgegevens gepubliceerd",
    BreachKind.DESTROYED: "persoonsgegevens vernietigd of gewijzigd",
    BreachKind.UNAVAILABLE: "persoonsgegevens niet beschikbaar",
    BreachKind.OTHER: "anders",
}
RISKS: Final = {
    Risk.UNKNOWN: "nog niet beoordeeld",
    Risk.NONE: "niet waarschijnlijk dat het een risico inhoudt",
    Risk.LOW: "risico",
    Risk.HIGH: "hoog risico",
}
_LATE: Final = (
    "De termijn van 72 uur is voorbij. De melding moet een motivering van de vertraging bevatten"
    " (AVG art. 33 lid 1)."
)


def form(breach: BreachDetail, own: BreachMunicipality, *, now: datetime) -> bytes:
    """Return the form of a municipality for a breach."""
    return pdf(
        Document(
            title="Melding van een datalek",
            subtitle=f"Voor de melding bij de Autoriteit Persoonsgegevens: {own.municipality}",
            made_at=now,
            reference=f"datalek {breach.number}",
            blocks=list(_blocks(breach, own, now)),
        )
    )


def _blocks(breach: BreachDetail, own: BreachMunicipality, now: datetime) -> Iterator[Any]:
    if own.reported_at is None and now > breach.report_due_at:
        yield Notice(text=_LATE)
    yield Heading(text="Wie")
    yield Facts(
        facts=[
            ("Verwerkingsverantwoordelijke", f"Gemeente {own.municipality}"),
            ("Verwerker", "de opdrachtnemer (leverancier van de Wmo-hulpmiddelen)"),
            ("Gemeente ingelicht", _at(own.told_at)),
        ]
    )
    yield Heading(text="Wat er gebeurde")
    yield Facts(
        facts=[
            ("Aard", KINDS[breach.kind]),
            ("Begonnen", _at(breach.began_at)),
            ("Ontdekt", _at(breach.discovered_at)),
            ("Uiterlijk te melden", _at(breach.report_due_at)),
            ("Aantal betrokkenen", "onbekend" if breach.people is None else str(breach.people)),
            ("Soorten gegevens", ", ".join(breach.data) or "nog niet vastgesteld"),
        ]
    )
    yield Paragraph(text=breach.description)
    yield Heading(text="Gevolgen en maatregelen")
    yield Facts(facts=[("Risico voor betrokkenen", RISKS[breach.risk])])
    for text in filter(None, (breach.risk_reason, breach.measures)):
        yield Paragraph(text=text)
    yield Heading(text="Besluiten van de gemeente")
    yield Facts(
        facts=[
            ("Melden bij de AP", _decided(own.report, "report")),
            ("Waarom", own.report_reason or "-"),
            ("Besloten door", _by(own.report_decided_by, own.report_decided_at)),
            ("Gemeld", f"{_at(own.reported_at)} {own.report_reference or ''}".strip()),
            ("Betrokkenen inlichten", _decided(own.tell, "tell")),
            ("Waarom (betrokkenen)", own.tell_reason or "-"),
            ("Besloten door (betrokkenen)", _by(own.tell_decided_by, own.tell_decided_at)),
            ("Betrokkenen ingelicht", _at(own.clients_told_at)),
        ]
    )
    yield Table(
        caption="Wat er wanneer is vastgelegd",
        columns=("wanneer", "wie", "wat", "toelichting"),
        rows=[
            (_at(each.at), each.actor, _EVENTS[each.kind], str(each.detail.get("text", "")))
            for each in breach.events
        ],
        widths=(2, 2, 2, 5),
    )


_EVENTS: Final = {
    "registered": "geregistreerd, gemeente ingelicht",
    "assessed": "risico beoordeeld",
    "added": "maatregelen aangevuld",
    "report_decided": "besluit over melden",
    "reported": "gemeld",
    "tell_decided": "besluit over betrokkenen",
    "clients_told": "betrokkenen ingelicht",
    "municipality_closed": "afgesloten door de gemeente",
    "closed": "afgesloten",
    "reminded": "herinnerd",
}


def _decided(decision: str | None, yes: str) -> str:
    if decision is None:
        return "nog niet besloten"
    return "ja" if decision == yes else "nee"


def _by(login: str | None, at: datetime | None) -> str:
    return "-" if login is None else f"{login}, {_at(at)}"


def _at(at: datetime | None) -> str:
    return "-" if at is None else at.astimezone(ZONE).strftime("%d-%m-%Y %H:%M")
