"""Reads what is loaded for billing, from CSV or Excel: rows as they are, or what is wrong. Pure."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

_CENTS: Final = 100
_BSN_DIGITS: Final = 9
_MOST_BYTES: Final = 20 * 1024 * 1024
_ZIP: Final = b"PK\x03\x04"
# What municipalities call the columns.
_ALSO: Final = {
    "gemeente": "municipality",
    "gemeentecode": "municipality",
    "agb": "agb_code",
    "agbcode": "agb_code",
    "clientnummer": "client_number",
    "cliëntnummer": "client_number",
    "klantnummer": "client_number",
    "soort": "kind",
    "toewijzingnummer": "number",
    "productcategorie": "product_category",
    "productcode": "product_code",
    "eenheid": "unit",
    "tarief": "tariff",
    "ingangsdatum": "begins_on",
    "begindatum": "begins_on",
    "einddatum": "ends_on",
    "geldig_vanaf": "valid_from",
    "hulpmiddel": "device",
    "identificatienummer": "device",
}
_KINDS: Final = {"onderhoud": "maintenance", "levering": "delivery"}


class BadTableError(ValueError):
    """The file cannot be read at all; says why."""


class Fault(NamedTuple):
    """What is wrong with a row. ``row`` counts as the file does: the heading is 1."""

    row: int
    column: str
    text: str


class Line(NamedTuple):
    """A row that makes sense by itself."""

    row: int
    values: dict[str, Any]


class Field(NamedTuple):
    """A column: how to read it, and whether it may be empty."""

    read: Callable[[str], Any]
    optional: bool = False


def read(content: bytes, kind: str) -> tuple[list[Line], list[Fault]]:
    """Return the rows of a file, and what is wrong with the others.

    Args:
        content: CSV (semicolons or commas) in UTF-8, or the first sheet of an Excel file.
        kind: of ``TABLES``.

    Raises:
        BadTableError: it is neither, or a column is missing.
    """
    fields = TABLES[kind]
    rows = list(_rows(content))
    if not rows:
        raise BadTableError("the file is empty")
    heading = [_name(each) for each in rows[0]]
    missing = [name for name, field in fields.items() if not field.optional and name not in heading]
    if missing:
        raise BadTableError(f"a column is missing: {', '.join(missing)}")
    strange = [name for name in heading if name and name not in fields]
    if strange:
        raise BadTableError(f"nobody knows the column {', '.join(strange)}")
    lines: list[Line] = []
    faults: list[Fault] = []
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        said = dict(zip(heading, (cell.strip() for cell in cells), strict=False))
        found = list(_faults(fields, said, number))
        if found:
            faults += found
        else:
            lines.append(Line(number, _values(fields, said)))
    return lines, faults


def _values(fields: Mapping[str, Field], said: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: field.read(said[name]) if said.get(name) else None for name, field in fields.items()
    }


def _faults(fields: Mapping[str, Field], said: Mapping[str, str], row: int) -> Iterator[Fault]:
    for name, field in fields.items():
        text = said.get(name, "")
        if not text:
            if not field.optional:
                yield Fault(row, name, "is empty")
            continue
        try:
            field.read(text)
        except ValueError as error:
            yield Fault(row, name, str(error))


def _rows(content: bytes) -> Iterable[Sequence[str]]:
    if len(content) > _MOST_BYTES:
        raise BadTableError("the file is larger than 20 MB")
    if content.startswith(_ZIP):
        return _sheet(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTableError(f"the file is no text in UTF-8: {error}") from error
    first = text.partition("\n")[0]
    return csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",")


def _sheet(content: bytes) -> Iterator[Sequence[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - only who loads a workbook needs it

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # whatever is in the archive
        raise BadTableError(f"this is no Excel file: {error}") from error
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield [_cell(each) for each in row]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.2f}"
    return str(value)


def _name(text: str) -> str:
    name = text.strip().lower().replace(" ", "_")
    return _ALSO.get(name, name)


def code(text: str) -> str:
    """Read a municipality's CBS code.

    Raises:
        ValueError: it is none.
    """
    plain = text.upper()
    if len(plain) != len("GM0405") or not plain.startswith("GM") or not plain[2:].isdigit():
        raise ValueError(f"{text} is no CBS code, such as GM0405")
    return plain


def money(text: str) -> int:
    """Read euros as cents: 12,50 or 12.50; a dot for thousands only with a comma.

    Raises:
        ValueError: it is no amount.
    """
    plain = text.removeprefix("€").strip()
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    whole, dot, rest = plain.partition(".")
    cents = rest.ljust(2, "0")
    if not (whole.isascii() and whole.isdigit()) or (
        dot and not (len(rest) in (1, 2) and rest.isdigit())
    ):
        raise ValueError(f"{text} is no amount of euros")
    return int(whole) * _CENTS + int(cents)


def day(text: str) -> date:
    """Read a day: 2026-09-01 or 01-09-2026.

    Raises:
        ValueError: it is none.
    """
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    raise ValueError(f"{text} is no day, such as 01-09-2026")


def kind_of(text: str) -> str:
    """Read what an assignment is for.

    Raises:
        ValueError: neither maintenance nor a delivery.
    """
    plain = _KINDS.get(text.lower(), text.lower())
    if plain not in ("maintenance", "delivery"):
        raise ValueError(f"{text} is neither onderhoud nor levering")
    return plain


def assignment(text: str) -> str:
    """Read the number of an assignment (*toewijzing*).

    Raises:
        ValueError: it is no number of up to nine digits.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _BSN_DIGITS):
        raise ValueError(f"{text} is no number of up to nine digits")
    return text


def bsn(text: str) -> str:
    """Read a citizen service number; what is wrong is said without it.

    Raises:
        ValueError: not nine digits, or they fail the test of eleven.
    """
    plain = text.rjust(_BSN_DIGITS, "0")
    if not (plain.isascii() and plain.isdigit() and len(plain) == _BSN_DIGITS):
        raise ValueError("is no citizen service number of nine digits")
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    if sum(int(digit) * weight for digit, weight in zip(plain, weights, strict=True)) % 11:
        raise ValueError("is no citizen service number: the test of eleven fails")
    return plain


def agb(text: str) -> str:
    """Read an AGB code.

    Raises:
        ValueError: not eight digits.
    """
    if not (text.isascii() and text.isdigit() and len(text) == len("12345678")):
        raise ValueError(f"{text} is no AGB code of eight digits")
    return text


def words(text: str) -> str:
    """Read a code or a name as the municipality writes it.

    Raises:
        ValueError: longer than any is.
    """
    if len(text) > len("x" * 60) or "\0" in text:
        raise ValueError("is too long")
    return text


TABLES: Final[Mapping[str, Mapping[str, Field]]] = {
    "contracts": {"municipality": Field(code), "agb_code": Field(agb)},
    "assignments": {
        "municipality": Field(code),
        "client_number": Field(words),
        "kind": Field(kind_of),
        "number": Field(assignment),
        "product_category": Field(words),
        "product_code": Field(words),
        "unit": Field(words),
        "tariff": Field(money),
        "begins_on": Field(day),
        "ends_on": Field(day, optional=True),
        "device": Field(words, optional=True),
    },
    "tariffs": {
        "municipality": Field(code),
        "kind": Field(kind_of),
        "product_category": Field(words),
        "product_code": Field(words),
        "valid_from": Field(day),
        "tariff": Field(money),
    },
    "bsns": {"client_number": Field(words), "bsn": Field(bsn)},
}
