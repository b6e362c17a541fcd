"""What a package says of itself, to people: in Dutch, from the same schemas."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from babel.dates import format_date

from api.handover.tables import Field, Table
from diagnostics.tickets.calendar import dutch_day

_TYPES: Final = {
    "string": "tekst",
    "integer": "geheel getal",
    "boolean": "true of false",
    "date": "datum, jjjj-mm-dd",
    "datetime": "moment, UTC",
}
_ABOUT: Final = "Alles wat het digitaal logboek (eis 23 en 73) van elk hulpmiddel bevat."
_PACKAGE: Final = (
    "Dit is een [Frictionless Data Package](https://specs.frictionlessdata.io):"
    " `datapackage.json` beschrijft elke tabel (CSV, UTF-8, komma's) met haar kolommen, sleutels en"
    " verwijzingen, en geeft van elk bestand de grootte en de SHA-256. Foto's en documenten staan"
    " als bestand in `documents/`, onder hun SHA-256; `documents.csv` zegt waar ze bij horen."
)
_CLIENTS: Final = (
    "Cliënten staan er met hun nummer in, niet met naam of adres{names}. Handtekeningen en"
    " bruikleenovereenkomsten zitten er niet in."
)
_READING: Final = (
    "Inlezen in Liftwacht: `liftwacht-api handover import PAD` controleert en verandert niets; met"
    " `--apply` wordt alles ingelezen, of niets."
)


def text(
    name: str, code: str, tables: Sequence[Table], counts: Mapping[str, int], now: datetime
) -> str:
    """Return the text, as Markdown.

    Args:
        name: of the municipality.
        code: its CBS code.
        tables: what is in the package.
        counts: how many rows each has.
        now: when it was made.
    """
    day = format_date(dutch_day(now), "d MMMM yyyy", locale="nl")
    names = ", behalve in `contacts.csv`" if "contacts" in counts else ""
    parts = [f"# Overdracht hulpmiddelenpark {name} ({code})", f"Gemaakt op {day}. {_ABOUT}"]
    parts += [_PACKAGE, _CLIENTS.format(names=names), _READING]
    for table in tables:
        parts += [
            f"## {table.path}: {table.title}",
            f"{counts[table.name]} regels. Sleutel: {', '.join(table.key)}.",
            "| kolom | inhoud | soort |\n|---|---|---|\n" + "\n".join(map(_row, table.fields)),
        ]
    return "\n\n".join(parts) + "\n"


def _row(field: Field) -> str:
    kind = _TYPES[field.type]
    if field.values:
        kind = " / ".join(field.values)
    if field.required:
        kind += ", verplicht"
    return f"| `{field.name}` | {field.description} | {kind} |"
