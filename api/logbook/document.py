"""A logbook as a document: in Dutch, accessible, the fields of Z 23."""

from asyncio import to_thread
from datetime import date, datetime

from babel.dates import format_date

from api.desk import words as desk_words
from api.desk.languages import catalogue
from api.documents.content import AnyBlock, Document, Facts, Heading, Notice, Paragraph, Table
from api.documents.pdf import pdf
from api.logbook import words
from api.logbook.service import Logbook

_NOT_KNOWN = "niet bekend"
_WHATS = desk_words.WHATS | desk_words.TICKET_KINDS


async def document(found: Logbook, *, now: datetime) -> bytes:
    """Return a logbook as a PDF, dated ``now``."""
    name = found.aid["name"]
    made = Document(
        title=f"Logboek {name}",
        subtitle=" ".join(filter(None, (_nl(desk_words.KINDS, found.aid["kind"]).capitalize(),
                                        found.aid["maker"], found.aid["model"]))),
        made_at=now,
        reference=f"Logboek {name}",
        blocks=_blocks(found),
    )  # fmt: skip
    # On a thread: whoever waits for an emergency does not wait for a document.
    return await to_thread(pdf, made)


def _nl(vocabulary: dict[str, str], word: str) -> str:
    return str(catalogue("nl").gettext(vocabulary[word])) if word in vocabulary else word


def _day(day: date | None) -> str:
    return _NOT_KNOWN if day is None else str(format_date(day, "d MMMM yyyy", locale="nl"))


def _month(day: date | None) -> str:
    return _NOT_KNOWN if day is None else str(format_date(day, "MMMM yyyy", locale="nl"))


def _blocks(found: Logbook) -> list[AnyBlock]:
    aid = found.aid
    sizes = ", ".join(f"{_nl(words.FIELDS, name)} {mm} mm" for name, mm in found.sizes)
    facts = (
        ("Identificatienummer", aid["name"]),
        ("Cliëntnummer nu", aid["client_number"] or "bij niemand in gebruik"),
        ("Voorziening", aid["provision"] or _NOT_KNOWN),
        ("Merk en type", f"{aid['maker']} {aid['model']}".strip() or _NOT_KNOWN),
        ("Serienummer", aid["serial_number"] or _NOT_KNOWN),
        ("Maatvoering", sizes or _NOT_KNOWN),
        ("Bouwjaar en bouwmaand", _month(aid["built_on"])),
        ("Datum eerste inzet", _day(aid["first_used_on"])),
        ("Laatst afgeleverd", _day(aid["delivered_on"])),
        ("Laatste servicebeurt", _day(aid["serviced_on"])),
        ("Volgende servicebeurt uiterlijk", _day(found.service_due_on)),
    )
    blocks: list[AnyBlock] = [Facts(facts=facts)]
    if aid["missing"]:
        lacks = ", ".join(_nl(words.FIELDS, name) for name in aid["missing"])
        blocks.insert(0, Notice(text=f"Nog niet in het logboek: {lacks}."))
    blocks += [
        Heading(text="Cliënten, nu en eerder"),
        _table(
            "Wie het hulpmiddel had",
            ("Cliëntnummer", "Van", "Tot"),
            [
                (
                    each["client_number"] or "cliënt van een andere gemeente",
                    _day(each["since"]),
                    "heden" if each["until"] is None else _day(each["until"]),
                )
                for each in found.holders
            ],
        ),
        Heading(text="Standaard- en individuele aanpassingen"),
        _table(
            "Aanpassingen",
            ("Soort", "Aanpassing", "Aangebracht", "Door", "Verwijderd"),
            [
                (
                    _nl(words.ADAPTATIONS, each["sort"]),
                    each["description"],
                    _day(each["fitted_on"]),
                    each["fitted_by"],
                    "" if each["removed_on"] is None else _day(each["removed_on"]),
                )
                for each in found.adaptations
            ],
        ),
        Heading(text="Correctief en preventief onderhoud"),
        _table(
            "Onderhoud, het nieuwste eerst",
            ("Datum", "Soort", "Werkzaamheden", "Onderdelen"),
            [
                (
                    _day(each["done_on"]),
                    _nl(words.MAINTENANCE, each["sort"]),
                    ": ".join(filter(None, (_nl(_WHATS, each["what"]), each["work"]))),
                    each["parts"],
                )
                for each in found.maintenance
            ],
        ),
        Heading(text="Bijzonderheden"),
        _table(
            "Bijzonderheden, de nieuwste eerst",
            ("Datum", "Bijzonderheid"),
            [(_day(each["noted_on"]), each["remark"]) for each in found.remarks],
        ),
    ]
    return blocks


def _table(
    caption: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]
) -> Table | Paragraph:
    if not rows:
        return Paragraph(text="Geen.")
    return Table(caption=caption, columns=columns, rows=rows)
