"""The repair quote as a document for the municipality: in Dutch, accessible, with its photos."""

from asyncio import to_thread
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from api.desk import words as desk_words
from api.desk.languages import catalogue
from api.desk.rendering import ZONE
from api.documents.content import (
    AnyBlock,
    Document,
    Facts,
    Heading,
    Notice,
    Paragraph,
    Picture,
    Table,
)
from api.documents.pdf import pdf, readable
from api.misuse import chart, words
from api.misuse.service import CaseView
from api.queries import Connection
from diagnostics.misuse import evidence, files
from diagnostics.misuse.items import WEAR_EXCLUDED, WORDING
from diagnostics.misuse.model import EventKind
from diagnostics.misuse.quote import Line, LineKind, totals
from diagnostics.tickets import attachments
from diagnostics.tickets.commands import By

_NL: Final = "nl"
_PHOTOS_AT_MOST: Final = 12
_TRIAL: Final = Document(title="-", made_at=datetime(2000, 1, 1, tzinfo=UTC), blocks=())
_NO_PROOF: Final = (
    "Dit is geen beschuldiging. De gemeente besluit of de kosten op de cliënt worden verhaald. Zij"
    " weegt daarbij wat de cliënt zelf zegt en wat het gebruik anders kan verklaren."
)


def nl(vocabulary: dict[str, str], word: str) -> str:
    """Return a word of a vocabulary in Dutch."""
    return str(catalogue(_NL).gettext(vocabulary[word])) if word in vocabulary else word


def use(kind: str) -> str:
    """Return what a kind of use is called, in Dutch."""
    return nl(words.SEEN | desk_words.WHATS, kind)


def euro(value: Decimal) -> str:
    """Write money as people in the Netherlands do."""
    return str(format_currency(value, "EUR", locale="nl_NL"))


async def document(
    connection: Connection,
    view: CaseView,
    lines: Sequence[Line],
    *,
    number: int,
    by: By,
    explanation: str,
    advice: str,
) -> bytes:
    """Return the quote as a PDF."""
    case = view.case
    blocks: list[AnyBlock] = [
        Notice(text=_NO_PROOF),
        *_about(view),
        Heading(text="Toelichting"),
        Paragraph(text=explanation),
        Heading(text="Kosten"),
        _costs(lines),
    ]
    if advice:
        blocks += [Heading(text="Advies"), Paragraph(text=advice)]
    blocks += _client(view)
    blocks += drawings(view)
    photos = await pictures(connection, view)
    if photos:
        blocks += [Heading(text="Foto's"), *photos]
    made = Document(
        title="Reparatieofferte",
        subtitle=f"Zaak {case.case_id}, offerte {number}",
        made_at=by.now,
        reference=f"Zaak {case.case_id}, offerte {number}",
        blocks=blocks,
    )
    # On a thread: whoever waits for an emergency does not wait for a document.
    return await to_thread(pdf, made)


def drawings(view: CaseView) -> list[AnyBlock]:
    """Return what the aid told, as pictures with their text."""
    drawn = view.detail.evidence
    if drawn is None:
        return []
    stored = evidence.read(drawn.model_dump(mode="json", by_alias=False))
    assert stored is not None  # noqa: S101 - it was there
    began = evidence.began(view.case.since, stored)
    blocks: list[AnyBlock] = [Heading(text="Wat het hulpmiddel zelf meldde")]
    for curve in stored.curves:
        texts = chart.Texts(nl(words.CURVES, curve.name), catalogue(_NL).gettext(words.SINCE), _NL)
        blocks.append(
            Picture(
                content=chart.svg(stored.days, curve.values, began, curve.name, texts).encode(),
                text=chart.described(stored.days, curve.values, began, texts),
                caption=chart.described(stored.days, curve.values, began, texts),
            )
        )
    return blocks


async def pictures(connection: Connection, view: CaseView) -> list[AnyBlock]:
    """Return the photographs of the case and of its visits."""
    found: list[AnyBlock] = []
    for kept in await files.list_of(connection, view.case.case_id):
        if kept.media_type.startswith("image/"):
            read = await files.content_of(connection, view.case.case_id, kept.file_id)
            if read is not None:
                found.append(
                    await to_thread(
                        _photo, read[1], kept.name, f"toegevoegd {_day(kept.attached_at)}"
                    )
                )
    for each in view.photos:
        shown = await attachments.content_of(connection, each["ticket_id"], each["attachment_id"])
        if shown is not None:
            when = f"bij bezoek {each['ticket_id']}, {_day(each['attached_at'])}"
            found.append(await to_thread(_photo, shown[1], each["name"], when))
    return found[:_PHOTOS_AT_MOST]


def _photo(content: bytes, name: str, when: str) -> AnyBlock:
    text = f"Foto {name}, {when}"
    picture = Picture(content=content, text=text, caption=text, width=0.7)
    if readable(picture, _TRIAL):
        return picture
    # The file itself is in the case; a quote does not wait for it.
    return Paragraph(text=f"{text}: kan hier niet worden getoond, zie het bestand.")


def _about(view: CaseView) -> list[AnyBlock]:
    case, aid = view.case, view.aid
    article = view.detail.requirement.article
    facts = [
        ("Gemeente", aid["municipality_name"]),
        ("Cliëntnummer", case.client_number or "onbekend"),
        ("Hulpmiddel", f"{case.device_name} ({aid['maker']} {aid['model']})".replace(" )", ")")),
        ("Wat er gezien is", use(case.kind)),
        ("Sinds", _day(case.since)),
        ("Onderdeel van eis 61", f"{WORDING[case.item]}. {WEAR_EXCLUDED}"),
    ]
    if article:
        facts.append(("Bruikleenovereenkomst", article))
    return [Facts(facts=facts)]


def _costs(lines: Sequence[Line]) -> Table:
    sums = totals(lines)
    rows = [
        [
            line.text,
            "uur" if line.kind is LineKind.LABOUR else "stuks",
            str(format_decimal(line.amount, locale="nl_NL")),
            euro(line.price),
            f"{format_decimal(line.vat, locale='nl_NL')}%",
            euro(line.net),
        ]
        for line in lines
    ]
    rows.append(["Totaal zonder btw", "", "", "", "", euro(sums.net)])
    rows += [
        [
            f"Btw {format_decimal(rate, locale='nl_NL')}% over {euro(base)}",
            *("", "", "", ""),
            euro(part),
        ]
        for rate, base, part in sums.vat
    ]
    rows.append(["Totaal met btw", "", "", "", "", euro(sums.gross)])
    return Table(
        caption="Onderdelen en arbeid, in euro",
        columns=["Omschrijving", "Per", "Aantal", "Prijs", "Btw", "Bedrag"],
        rows=rows,
        numeric=[2, 3, 4, 5],
        widths=[9, 2, 2, 3, 2, 3],
        total=True,
    )


def _client(view: CaseView) -> list[AnyBlock]:
    said = [event for event in view.file.events if event.kind is EventKind.CLIENT_SAID]
    blocks: list[AnyBlock] = [Heading(text="Wat de cliënt zegt")]
    if not said:
        return [*blocks, Paragraph(text="De cliënt is nog niet gehoord.")]
    for event in said:
        teller = nl(words.TELLERS, event.detail["teller"])
        way = nl(words.WAYS, event.detail["way"])
        at = format_datetime(event.moment.astimezone(ZONE), "d MMMM yyyy HH:mm", locale=_NL)
        blocks.append(Paragraph(text=f"{teller}, {way}, {at}:\n{event.detail['text']}"))
    return blocks


def _day(at: datetime) -> str:
    return str(format_date(at.astimezone(ZONE).date(), "d MMMM yyyy", locale=_NL))
