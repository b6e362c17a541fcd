"""What a client is given: a readable PDF, the same as JSON, readings as CSV, and the files."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from api.documents.content import Document, Facts, Heading, Paragraph, Table
from api.documents.pdf import pdf
from api.portal.actions import as_csv
from api.queries import Row
from api.subjects.labels import label, said
from api.subjects.service import as_json
from diagnostics.tickets.calendar import ZONE

MOST_READINGS: Final = 500_000
_SHOWN: Final = 200  # rows of a table in the PDF; the JSON has all
_WIDE: Final = 6  # columns of a table; of more, each row is a list of names and values
_LONG: Final = 400
SECTIONS: Final[Mapping[str, str]] = {
    "client": "Cliënt",
    "contact": "Contactgegevens",
    "contact_changes": "Wijzigingen van contactgegevens",
    "looks": "Wie uw gegevens bekeek (functie, moment en reden)",
    "aids": "Hulpmiddelen",
    "tickets": "Meldingen",
    "ticket_log": "Logboek van meldingen",
    "files": "Bestanden",
    "orders": "Opdrachten",
    "order_log": "Logboek van opdrachten",
    "complaints": "Klachten",
    "complaint_log": "Logboek van klachten",
    "letters": "Brieven",
    "misuse_cases": "Signalen over gebruik",
    "misuse_log": "Logboek van signalen",
    "survey_answers": "Antwoorden op het tevredenheidsonderzoek (in het dossier)",
    "survey_links": "Uitnodigingen voor het tevredenheidsonderzoek",
    "assignments": "Toewijzingen voor declaraties",
    "findings": "Bevindingen over het hulpmiddel",
    "calls": "Noodoproepen",
    "days": "Dagtotalen",
    "rides": "Ritten",
    "faults": "Storingen",
    "conditions": "Toestand per dag",
    "requests": "Verzoeken over gegevens",
    "aid_remarks": "Bijzonderheden in het logboek van hulpmiddelen",
    "aid_maintenance": "Onderhoud in het logboek van hulpmiddelen",
}
_RIGHTS: Final = (
    "U kunt vragen om rectificatie, verwijdering of beperking van de verwerking, en bezwaar maken."
    " U kunt een klacht indienen bij de Autoriteit Persoonsgegevens."
)
_WHY: Final = (
    "Doel, grondslag en bewaartermijn van elk gegeven staan in de gegevenscatalogus en de lijst van"
    " bewaartermijnen van het platform. Medewerkers zijn niet met naam genoemd."
)
# What was erased and what kept, as ``erase_subject`` says it.
WHAT: Final[Mapping[str, str]] = {
    "everything": "alle gegevens",
    "contact": "naam, adres en telefoon",
    "contact_versions": "eerdere versies daarvan",
    "bsn": "burgerservicenummer",
    "ticket_texts": "vrije teksten bij meldingen",
    "ticket_facts": "meldingen (soort, data, termijnen)",
    "photos": "foto's",
    "order_texts": "vrije teksten bij opdrachten",
    "order_facts": "opdrachten (soort, data, termijnen)",
    "order_files": "bestanden bij opdrachten",
    "complaint_texts": "teksten van klachten",
    "letters": "brieven",
    "misuse_texts": "signalen over gebruik",
    "survey": "tevredenheidsonderzoek",
    "aid_texts": "vrije teksten in het logboek van hulpmiddelen",
    "aid_files": "foto's en documenten in het logboek van hulpmiddelen",
    "measurements": "meetwaarden van hulpmiddelen",
    "calls": "noodoproepen",
    "billing": "declaraties",
    "looks": "inzagelogboek",
    "reports": "rapporten die al gemaakt zijn",
}
WHY_KEPT: Final[Mapping[str, str]] = {
    "legal_hold": "vastgehouden vanwege een claim of onderzoek (AVG art. 17 lid 3 onder e)",
    "aid_in_use": "nodig om te helpen zolang u een hulpmiddel heeft (art. 17 lid 1 onder a)",
    "open_case": "de zaak loopt nog; daarna opnieuw te wissen",
    "contract": "verantwoording over de uitvoering, vijf jaar (art. 17 lid 3 onder b; eis 79)",
    "loan": "bruikleenovereenkomst en bewijs van levering (art. 17 lid 3 onder e)",
    "legal_claims": "bezwaar en verhaal (art. 17 lid 3 onder e)",
    "billing": "nog niet afgerekende declaratie (art. 17 lid 3 onder b)",
    "fiscal": "fiscale bewaarplicht, zeven jaar (art. 52 AWR)",
    "accountability": "verantwoordingsplicht (AVG art. 5 lid 2)",
    "reports": "gemaakte rapporten noemen cliëntnummers en worden na vijf jaar verwijderd (eis 79)",
}


def package(
    request: Row,
    found: Mapping[str, Sequence[Any]],
    readings: Sequence[Row],
    files: Sequence[Row],
    *,
    now: datetime,
) -> bytes:
    """Return everything as a zip.

    Args:
        request: number, client_number, municipality_code.
        found: sections, as they were gathered.
        readings: one more than ``MOST_READINGS``, if some were left out.
        files: path and content.
        now: the moment that it is dated by.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("overzicht.pdf", overview(request, found, len(readings), now=now))
        archive.writestr("gegevens.json", as_json(found))
        if readings:
            rows = readings[:MOST_READINGS]
            archive.writestr("meetwaarden.csv", as_csv(rows, list(rows[0])))
        for each in files:
            archive.writestr(f"bestanden/{_safe(each['path'])}", bytes(each["content"]))
    return content.getvalue()


def overview(
    request: Row, found: Mapping[str, Sequence[Any]], readings: int, *, now: datetime
) -> bytes:
    """Return what there is, as somebody can read it."""
    return pdf(
        Document(
            title="Uw gegevens",
            subtitle=f"Inzageverzoek {request['number']}, cliëntnummer {request['client_number']}",
            made_at=now,
            reference=f"verzoek {request['number']}",
            blocks=[
                Paragraph(text=_WHY),
                Paragraph(text=_RIGHTS),
                *_blocks(found),
                Heading(text="Losse meetwaarden"),
                Paragraph(text=_readings(readings)),
            ],
        )
    )


def report(request: Row, done: Sequence[Mapping[str, Any]], *, now: datetime) -> bytes:
    """Return what was erased and what was kept, and why, as a PDF."""
    rows = [
        (
            WHAT.get(each["what"], each["what"]),
            str(each["erased"]),
            str(each["kept"]),
            WHY_KEPT.get(each.get("why") or "", ""),
        )
        for each in done
        if each["erased"] or each["kept"]
    ]
    return pdf(
        Document(
            title="Verwijdering van gegevens",
            subtitle=f"Verzoek {request['number']}, cliëntnummer {request['client_number']}",
            made_at=now,
            reference=f"verzoek {request['number']}",
            blocks=[
                Table(
                    caption="Wat is gewist en wat is gebleven",
                    columns=("wat", "gewist", "gebleven", "waarom"),
                    rows=rows or [("niets gevonden", "0", "0", "")],
                    numeric=(1, 2),
                    widths=(3, 1, 1, 4),
                ),
                Paragraph(
                    text="Wat gewist is, staat nog in reservekopieën tot die verlopen. " + _RIGHTS
                ),
            ],
        )
    )


def _blocks(found: Mapping[str, Sequence[Any]]) -> Iterator[Any]:
    for section, rows in found.items():
        if not rows:
            continue
        yield Heading(text=f"{SECTIONS.get(section, section)} ({len(rows)})")
        names = list(dict.fromkeys(name for each in rows for name, v in each.items() if _has(v)))
        shown = rows[:_SHOWN]
        if len(names) <= _WIDE and names:
            yield Table(
                caption=SECTIONS.get(section, section),
                columns=[label(name) for name in names],
                rows=[[_cell(section, name, each.get(name)) for name in names] for each in shown],
            )
        else:
            for each in shown:
                facts = [(label(n), _cell(section, n, v)) for n, v in each.items() if _has(v)]
                yield Facts(facts=facts)
        if len(rows) > _SHOWN:
            yield Paragraph(text=f"Nog {len(rows) - _SHOWN}: zie gegevens.json.")


def _has(value: Any) -> bool:
    return value is not None and value not in ("", [], {})


def _cell(section: str, name: str, value: Any) -> str:
    return _text(said(section, name, value) if isinstance(value, str) else value)


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, dict | list):
        return _short(
            as_json({"": value})[6:-2].decode() if isinstance(value, list) else _said(value)
        )
    return _short(_moment(str(value)))


def _said(value: Mapping[str, Any]) -> str:
    return "; ".join(f"{label(name)}: {_text(each)}" for name, each in value.items() if _has(each))


def _moment(text: str) -> str:
    """Return a moment as people write it, and any other text as it is."""
    if len(text) < len("2026-01-01T00:00") or text[4:5] != "-" or text[10:11] != "T":
        return text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return at.astimezone(ZONE).strftime("%d-%m-%Y %H:%M")


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]} …"


def _safe(path: str) -> str:
    return "/".join(
        "".join(c if c.isalnum() or c in "-_. " else "_" for c in part).lstrip(".") or "_"
        for part in path.split("/")
    )


def _readings(count: int) -> str:
    if not count:
        return "Er zijn geen losse meetwaarden meer (bewaartermijn 120 dagen)."
    left_off = " Oudere zijn weggelaten." if count > MOST_READINGS else ""
    return f"{min(count, MOST_READINGS)} metingen: zie meetwaarden.csv.{left_off}"


def name_of(request: Row, what: str, day: date) -> str:
    """Return what the file is called."""
    return f"{what}-{request['number']}-{day}"
