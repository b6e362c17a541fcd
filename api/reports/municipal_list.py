"""Reads the municipality's list of aids (*bestandsvergelijking*, Z 68): Excel, its own headings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

from msgspec import Struct

MOST_ROWS: Final = 200_000
MOST_BYTES: Final = 20 * 1024 * 1024
_MOST_ERRORS: Final = 100
_HEADINGS_WITHIN: Final = 20  # a title and remarks may stand above them
# Spelled as they come, without spaces and signs.
_HEADINGS: Final[Mapping[str, Sequence[str]]] = {
    "client": ("klantnummer", "clientnummer", "cliëntnummer", "klantnr", "clientnr"),
    "aid": (
        "identificatienummer",
        "hulpmiddelnummer",
        "idnummer",
        "registratienummer",
        "objectnummer",
    ),
    "kind": ("soort", "categorie", "hulpmiddel", "voorziening", "soorthulpmiddel"),
    "delivered_on": (
        "leverdatum",
        "afleverdatum",
        "datumlevering",
        "installatiedatum",
        "ingangsdatum",
    ),
    "monthly_cents": (
        "maandbedrag",
        "bedragpermaand",
        "onderhoudpermaand",
        "tarief",
        "huurpermaand",
    ),
}
_NEEDED: Final = ("client", "aid")
KINDS: Final[Mapping[str, Sequence[str]]] = {
    "stairlift": ("traplift", "stoellift"),
    "scooter": ("scootmobiel", "scoot"),
    "wheelchair": ("rolstoel",),
    "hoist": ("tillift", "plafondlift", "badlift"),
}


class Line(Struct, frozen=True, kw_only=True):
    """One row of the list; what it does not tell is None or empty."""

    row: int
    client: str
    aid: str
    kind: str | None = None
    delivered_on: date | None = None
    monthly_cents: int | None = None


class Trouble(Struct, frozen=True):
    """A row that cannot be read: where, and what is wrong with it."""

    row: int
    column: str
    text: str


class UnreadableListError(ValueError):
    """The file as a whole cannot be read; says why."""


def read(content: bytes) -> tuple[list[Line], list[Trouble]]:
    """Return the rows that can be read, and what is wrong with the others.

    Raises:
        UnreadableListError: it is no Excel file, too large, or has not the headings.
    """
    # It brings numpy: half a second and 40 MB, which no desk should wait for.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    if len(content) > MOST_BYTES:
        raise UnreadableListError(f"Het bestand is groter dan {MOST_BYTES // 1024 // 1024} MB.")
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UnreadableListError("Dit is geen Excel-bestand (.xlsx).") from error
    try:
        return _read(book.worksheets[0].iter_rows(values_only=True))
    finally:
        book.close()


def _read(rows: Iterator[Sequence[Any]]) -> tuple[list[Line], list[Trouble]]:
    number, columns = 0, dict[str, int]()
    for number, row in enumerate(rows, start=1):
        columns = _columns(row)
        if all(name in columns for name in _NEEDED):
            break
        if number >= _HEADINGS_WITHIN:
            break
    missing = [_HEADINGS[name][0] for name in _NEEDED if name not in columns]
    if missing:
        raise UnreadableListError(
            f"In de eerste {_HEADINGS_WITHIN} regels van het eerste blad ontbreekt de kolom"
            f" {' en '.join(missing)}."
        )
    lines: list[Line] = []
    troubles: list[Trouble] = []
    for at, row in enumerate(rows, start=number + 1):
        if at - number > MOST_ROWS:
            raise UnreadableListError(f"Er zijn meer dan {MOST_ROWS} regels.")
        if all(cell in (None, "") for cell in row):
            continue
        found = _line(at, row, columns)
        if isinstance(found, Line):
            lines.append(found)
        elif len(troubles) < _MOST_ERRORS:
            troubles.append(found)
    return lines, troubles


def _columns(row: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        word = re.sub(r"[^a-zë]", "", str(cell or "").lower())
        for name, spellings in _HEADINGS.items():
            if word in spellings:
                found.setdefault(name, at)
    return found


def _line(number: int, row: Sequence[Any], columns: Mapping[str, int]) -> Line | Trouble:
    def cell(name: str) -> Any:
        at = columns.get(name)
        return None if at is None or at >= len(row) else row[at]

    client = _text(cell("client")).upper()
    aid = _text(cell("aid")).lower()
    if not client and not aid:
        return Trouble(number, "klantnummer", "klantnummer en identificatienummer ontbreken")
    try:
        delivered_on = _day(cell("delivered_on"))
    except ValueError:
        return Trouble(number, "leverdatum", f"{cell('delivered_on')!r} is geen datum")
    try:
        monthly = _cents(cell("monthly_cents"))
    except ValueError:
        return Trouble(number, "maandbedrag", f"{cell('monthly_cents')!r} is geen bedrag")
    said = _text(cell("kind"))
    kind = _kind(said)
    if said and kind is None:
        return Trouble(number, "soort", f"{said!r} is geen bekende soort hulpmiddel")
    return Line(
        row=number,
        client=client,
        aid=aid,
        kind=kind,
        delivered_on=delivered_on,
        monthly_cents=monthly,
    )


def _text(cell: Any) -> str:
    # Excel makes a number of what looks like one.
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell or "").strip()


def _kind(said: str) -> str | None:
    for kind, spellings in KINDS.items():
        if any(spelling in said.lower() for spelling in spellings):
            return kind
    return None


def _day(cell: Any) -> date | None:
    if cell in (None, ""):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    match = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", _text(cell))
    if match:
        return date(int(match[3]), int(match[2]), int(match[1]))
    return date.fromisoformat(_text(cell))


def _cents(cell: Any) -> int | None:
    if cell in (None, ""):
        return None
    if isinstance(cell, int | float):
        return round(cell * 100)
    plain = re.sub(r"[€\s]", "", str(cell))
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    return round(float(plain) * 100)
