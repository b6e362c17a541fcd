"""Reads a package and says what is wrong with it, by file and row, before anything is stored."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from api.handover.package import DESCRIPTION, Source
from api.handover.tables import ALWAYS, CONTACTS, FORMAT, TABLES, VERSION, Field, Table

MOST_FAULTS: Final = 200
_MOST_DESCRIBED: Final = 4 << 20
_SHOWN: Final = 60
_LARGEST_CELL: Final = 1 << 20


class Fault(NamedTuple):
    """Something wrong: in which file, row (1 is the header; None: the file) and column."""

    file: str
    row: int | None
    column: str
    text: str

    def __str__(self) -> str:
        """Return it on one line."""
        where = [self.file]
        where += [] if self.row is None else [f"row {self.row}"]
        where += [f"column {self.column}"] if self.column else []
        return f"{', '.join(where)}: {self.text}"


class Description(NamedTuple):
    """What a package says that it is. ``hashes``: size and SHA-256 of each file, by table."""

    municipality: str
    tables: list[Table]
    hashes: Mapping[str, tuple[int, str]]


class UnreadablePackageError(ValueError):
    """It is no package of this kind; says why."""


def describe(source: Source) -> Description:
    """Return what a package says that it is.

    Raises:
        UnreadablePackageError: it is none that can be read here.
    """
    try:
        with source.open(DESCRIPTION) as file:
            said = json.loads(file.read(_MOST_DESCRIBED))
    except (KeyError, OSError, ValueError) as error:
        raise UnreadablePackageError(f"{DESCRIPTION} is missing or no JSON") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise UnreadablePackageError(f"{DESCRIPTION} does not say that its format is {FORMAT}")
    if said.get("formatVersion") != VERSION:
        raise UnreadablePackageError(
            f"it is version {said.get('formatVersion')!r} of the format; {VERSION} can be read"
        )
    try:
        hashes = {
            str(each["name"]): (int(each["bytes"]), str(each["hash"]).removeprefix("sha256:"))
            for each in said["resources"]
        }
        code = str(said["municipality"])
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadablePackageError(f"{DESCRIPTION} is not complete: {error}") from error
    missing = [table.name for table in ALWAYS if table.name not in hashes]
    if missing:
        raise UnreadablePackageError(f"{DESCRIPTION} does not name {', '.join(missing)}")
    tables = [*ALWAYS, *([CONTACTS] if CONTACTS.name in hashes else [])]
    return Description(code, tables, {name: hashes[name] for name in TABLES if name in hashes})


def check(source: Source, description: Description) -> Iterator[Fault]:
    """Yield what is wrong with the files of a package, each for itself, documents included."""
    for table in description.tables:
        size, sha256 = description.hashes[table.name]
        try:
            found = source.checksum(table.path)
        except (KeyError, OSError):
            yield Fault(table.path, None, "", "is missing")
            continue
        if found != (size, sha256):
            yield Fault(table.path, None, "", "is not what its checksum says")
            continue
        yield from _rows(source, table)


def _rows(source: Source, table: Table) -> Iterator[Fault]:
    csv.field_size_limit(_LARGEST_CELL)
    checks = [_checker(field) for field in table.fields]
    with source.open(table.path) as file:
        lines = csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline=""), strict=True)
        number = 1
        try:
            header = next(lines, [])
            if header != table.columns:
                yield Fault(table.path, 1, "", f"the columns are to be {', '.join(table.columns)}")
                return
            for number, row in enumerate(lines, start=2):
                if len(row) != len(checks):
                    yield Fault(table.path, number, "", f"{len(row)} cells of {len(checks)}")
                    continue
                wrong = False
                for field, wrong_with, cell in zip(table.fields, checks, row, strict=True):
                    if (text := wrong_with(cell)) is not None:
                        wrong = True
                        yield Fault(table.path, number, field.name, text)
                if table.name == "documents" and not wrong:
                    yield from _document(source, table, number, row)
        except (csv.Error, UnicodeDecodeError) as error:
            yield Fault(table.path, number + 1, "", f"cannot be read: {error}")


def _document(source: Source, table: Table, number: int, row: list[str]) -> Iterator[Fault]:
    said = dict(zip(table.columns, row, strict=True))
    try:
        found = source.checksum(said["path"])
    except (KeyError, OSError):
        yield Fault(table.path, number, "path", f"{said['path']} is missing")
        return
    if found != (int(said["bytes"]), said["sha256"]):
        yield Fault(table.path, number, "sha256", f"{said['path']} is not what its checksum says")


def _checker(field: Field) -> Callable[[str], str | None]:
    """Return what says what is wrong with a cell, None: nothing."""
    pattern = None if field.pattern is None else re.compile(field.pattern)

    def wrong(cell: str) -> str | None:
        if cell == "":
            return "is empty" if field.required else None
        shown = repr(cell if len(cell) <= _SHOWN else cell[:_SHOWN] + "…")
        try:
            value: Any = _PARSED[field.type](cell)
        except ValueError:
            return f"{shown} is no {field.type}"
        measure = value if field.type == "integer" else len(cell)
        said = None
        if field.values and cell not in field.values:
            said = f"is none of {', '.join(field.values)}"
        elif pattern is not None and pattern.fullmatch(cell) is None:
            said = f"is not like {field.pattern}"
        elif field.least is not None and measure < field.least:
            said = f"is less than {field.least}"
        elif field.most is not None and measure > field.most:
            said = f"is more than {field.most}"
        return None if said is None else f"{shown} {said}"

    return wrong


def _string(cell: str) -> str:
    if "\x00" in cell:  # which no database takes
        raise ValueError(cell)
    return cell


def _boolean(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError(cell)
    return cell == "true"


def _integer(cell: str) -> int:
    if re.fullmatch(r"-?[0-9]{1,12}", cell) is None:
        raise ValueError(cell)
    return int(cell)


def _date(cell: str) -> date:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell) is None:
        raise ValueError(cell)
    return date.fromisoformat(cell)


def _datetime(cell: str) -> datetime:
    found = datetime.fromisoformat(cell)
    if found.tzinfo is None:
        raise ValueError(cell)
    return found


_PARSED: Final[Mapping[str, Callable[[str], Any]]] = {
    "string": _string,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
}
