"""Reads their list in: what is new, what changed, what cannot be read. Once, however often."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile

from msgspec import to_builtins
from psycopg import Connection, Rollback, sql
from psycopg.rows import TupleRow, dict_row
from psycopg.types.json import Jsonb

from api.desk.languages import catalogue
from api.takeover import words
from api.takeover.mapping import (
    DAYS,
    LISTS,
    NEEDED,
    SIZES,
    TEXTS,
    Fault,
    Mapped,
    convert,
    text_of,
)
from diagnostics.queries import load
from diagnostics.tickets.calendar import dutch_day
from gateway.protocol.topics import shard_of

QUERIES = load("api.takeover")
_HEADINGS_WITHIN: Final = 20
_MOST_ROWS: Final = 200_000
MOST_FAULTS: Final = 500  # rows of which it is kept what is wrong
_REGISTER: Final = (*TEXTS, *SIZES, "max_load_kg", *DAYS, "postcode4", "client_number")
_SORTS: Final = {"standard_adaptations": "standard", "individual_adaptations": "individual"}
WHY: Final = "Wat is er mis"


class UnreadableListError(ValueError):
    """The file as a whole cannot be read; why: a word of ``words.LISTS``, with what it is about."""

    def __init__(self, what: str, about: str = "") -> None:
        super().__init__(words.LISTS[what] + (f": {about}" if about else ""))
        self.what = what
        self.about = about


class Difference(NamedTuple):
    """A field of which their list says something else. ``taken``: else ours stays."""

    row: int
    name: str
    field: str
    ours: str
    theirs: str
    taken: bool


class Judged(NamedTuple):
    """A row that was left out or is odd, as it was, and why."""

    row: int
    cells: Sequence[Any]
    faults: Sequence[Fault]


class Result(NamedTuple):
    """What came of a list. ``counts``: new, changed, same, rejected; ``odd``: read in, but told."""

    counts: Counter[str]
    differences: list[Difference]
    rejected: list[Judged]
    odd: list[Judged]
    headings: Sequence[str]


def read_in(
    connection: Connection[TupleRow],
    takeover: Mapping[str, Any],
    mapping: Mapped,
    content: bytes,
    *,
    file: str,
    mapping_file: tuple[str, str],
    apply: bool,
    now: datetime,
    actor: str,
) -> Result:
    """Read a list in; rows that cannot be are left out. Without ``apply`` all is undone.

    Args:
        connection: in autocommit, as the owner of the tables.
        takeover: ``takeover_id`` and ``municipality_code`` of the one it belongs to.
        mapping: which column is what.
        content: of the Excel file.
        file: its name.
        mapping_file: the mapping as a file: its name, and what stands in it.
        apply: else all is tried, and undone.
        now: the moment that it is dated by.
        actor: who does it.

    Raises:
        UnreadableListError: it is no Excel file, or lacks a heading.
    """
    rows = list(_rows(mapping, content))
    headings = [text_of(cell) if cell is not None else "" for cell in rows[0][1]]
    asked = {
        "number": takeover["takeover_id"],
        "code": takeover["municipality_code"],
        "now": now,
        "today": dutch_day(now),
        "actor": actor,
    }
    with connection.transaction() as transaction:
        connection.execute("SELECT set_config('liftwacht.actor', %s, true)", (actor,))
        result = _Reading(connection, mapping, asked, headings).read(rows[1:])
        kept = {
            "file": file,
            "counts": Jsonb(dict(result.counts)),
            "faults": Jsonb(faults_of(result)),
            "mapping_name": mapping_file[0],
            "mapping": mapping_file[1],
        }
        connection.execute(QUERIES["record"], asked | kept)
        if not apply:
            raise Rollback(transaction)
    return result


def faults_of(result: Result) -> list[dict[str, Any]]:
    """Return what is wrong with rows, then what is odd, cell by cell, as JSON has it."""
    return [
        {"row": each.row, **to_builtins(fault)}
        for each in (*result.rejected[:MOST_FAULTS], *result.odd[:MOST_FAULTS])
        for fault in each.faults
    ]


def said(judged: Judged, mapping: Mapped, language: str) -> str:
    """Return what is wrong with a row, or odd: column, value and why, in a language."""
    gettext = catalogue(language).gettext
    return "; ".join(
        f"{mapping.columns.get(each.field, each.field)}: {each.value!r}"
        f" {gettext(words.FAULTS[each.what])}" + (f" ({each.about})" if each.about else "")
        for each in judged.faults
    )


def rejected_workbook(result: Result, said: Mapping[int, str]) -> bytes:
    """Return the rows that were left out as an Excel file with why, to be mended and read again."""
    import xlsxwriter  # noqa: PLC0415 - only who reads lists in needs it

    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    page = book.add_worksheet()
    for at, heading in enumerate([*result.headings, WHY]):
        page.write_string(0, at, heading)
    for number, each in enumerate(result.rejected, start=1):
        for at, cell in enumerate(each.cells):
            if isinstance(cell, date):
                page.write_datetime(number, at, cell, day)
            elif cell is not None:
                page.write(number, at, cell)
        page.write_string(number, len(result.headings), said[each.row])
    book.close()
    return content.getvalue()


def _rows(mapping: Mapped, content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield the row of headings and all that follow, with their numbers in the sheet."""
    from openpyxl import load_workbook  # noqa: PLC0415 - it brings numpy
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UnreadableListError("no_excel") from error
    try:
        if mapping.sheet is not None and mapping.sheet not in book.sheetnames:
            raise UnreadableListError("no_sheet", mapping.sheet)
        sheet = book[mapping.sheet] if mapping.sheet else book.worksheets[0]
        wanted = {mapping.columns[each] for each in NEEDED}
        begun = False
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if not begun:
                begun = wanted <= {text_of(cell) for cell in row if cell is not None}
                if not begun and number >= _HEADINGS_WITHIN:
                    break
            if begun and number <= _MOST_ROWS and any(cell not in (None, "") for cell in row):
                yield number, row
    finally:
        book.close()
    if not begun:
        raise UnreadableListError("no_headings", ", ".join(sorted(wanted)))


class _Reading:
    """One list on its way in."""

    def __init__(
        self,
        connection: Connection[TupleRow],
        mapping: Mapped,
        asked: Mapping[str, Any],
        headings: Sequence[str],
    ) -> None:
        self._connection = connection
        self._mapping = mapping
        self._asked = asked
        self._headings = headings
        self._result = Result(Counter(), [], [], [], headings)
        with connection.cursor(row_factory=dict_row) as cursor:
            known = cursor.execute(QUERIES["known_aids"], asked).fetchall()
        self._by_number = {each["number"]: each for each in known if each["number"] is not None}
        self._by_name = {each["name"]: each for each in known}
        self._by_serial = {
            (each["maker_key"], each["serial_key"]): each for each in known if each["serial_key"]
        }
        self._seen: set[str] = set()

    def read(self, rows: Sequence[tuple[int, Sequence[Any]]]) -> Result:
        """Read all rows."""
        at = {heading: number for number, heading in enumerate(self._headings)}
        places = {field: at.get(name) for field, name in self._mapping.columns.items()}
        converted = []
        for number, row in rows:
            cells = {
                field: row[place] if place is not None and place < len(row) else None
                for field, place in places.items()
            }
            told, faults = convert(self._mapping, cells, self._asked["today"])
            converted.append((number, row, told, faults))
        clients = [told["client_number"] for _, _, told, _ in converted if "client_number" in told]
        foreign = {
            each[0]
            for each in self._connection.execute(
                QUERIES["foreign_clients"], {**self._asked, "clients": clients}
            )
        }
        for number, row, told, faults in converted:
            if told.get("client_number") in foreign:
                faults.append(Fault("client_number", told["client_number"], "other_client"))
            wrong = [each for each in faults if not each.odd]
            aid = None if wrong else self._known(told, wrong)
            if wrong:
                self._result.counts["rejected"] += 1
                self._result.rejected.append(Judged(number, row, wrong))
                continue
            self._store(number, told, aid)
            if faults:
                self._result.odd.append(Judged(number, row, faults))
        return self._result

    def _known(self, told: dict[str, Any], faults: list[Fault]) -> dict[str, Any] | None:
        """Return the aid of a row if it is here already."""
        if told["number"] in self._seen:
            faults.append(Fault("number", told["number"], "twice"))
            return None
        self._seen.add(told["number"])
        if told["number"] in self._by_number:
            return self._by_number[told["number"]]
        serial = (told.get("maker", "").lower(), told.get("serial_number", "").lower())
        found = self._by_name.get(told["name"]) or (
            self._by_serial.get(serial) if serial[1] else None
        )
        if found is not None and (
            found["municipality_code"] != self._asked["code"] or found["number"] is not None
        ):
            faults.append(Fault("number", told["number"], "elsewhere", found["name"]))
        return found

    def _store(self, number: int, told: dict[str, Any], aid: dict[str, Any] | None) -> None:
        asked = {**self._asked, **told, "number": self._asked["number"], "theirs": told["number"]}
        if told.get("client_number"):
            self._connection.execute(QUERIES["add_client"], asked)
        if aid is None:
            new = asked | {"shard": shard_of(told["name"])}
            found = self._connection.execute(QUERIES["add_aid"], new).fetchone()
            assert found is not None  # noqa: S101 - an insert returns its row
            aid = {"device_id": found[0], "told": None, "name": told["name"]}
            aid |= dict.fromkeys(_REGISTER) | {"postcode4": told["postcode4"]}
            aid["new"] = True
            self._by_name[told["name"]] = aid | {"number": told["number"], **_code(asked)}
            if told.get("serial_number"):
                key = (told.get("maker", "").lower(), told["serial_number"].lower())
                self._by_serial[key] = self._by_name[told["name"]]
        taken = self._compare(number, told, aid)
        self._update(aid["device_id"], taken)
        asked |= {"device_id": aid["device_id"], "told": Jsonb(told)}
        self._connection.execute(QUERIES["tell"], asked)
        self._lists(told, asked)
        kind = "new" if aid.get("new") else "changed" if taken else "same"
        self._result.counts[kind] += 1

    def _compare(
        self, number: int, told: Mapping[str, Any], aid: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return what is to be taken over; what people wrote here since stays, and is told."""
        before = aid["told"] or {}
        taken = {}
        for field in _REGISTER:
            theirs = told.get(field)
            ours = aid[field].isoformat() if isinstance(aid[field], date) else aid[field] or None
            if theirs is None or theirs == ours or before.get(field) == theirs:
                continue
            takes = ours is None or (bool(before) and before.get(field) == ours)
            if takes:
                taken[field] = theirs
            if not aid.get("new"):
                said = ("" if ours is None else str(ours), str(theirs))
                self._result.differences.append(
                    Difference(number, aid["name"], field, *said, takes)
                )
        return taken

    def _update(self, device_id: int, taken: Mapping[str, Any]) -> None:
        if not taken:
            return
        parts: list[sql.Composable] = [
            sql.SQL("{} = {}").format(sql.Identifier(each), sql.Placeholder(each))
            for each in taken
            if each != "client_number"
        ]
        if "client_number" in taken:
            lent = (
                "client_id = (SELECT client_id FROM client WHERE client_number = %(client_number)s)"
            )
            parts.append(sql.SQL(lent))
        self._connection.execute(
            sql.SQL("UPDATE device SET {} WHERE device_id = %(device_id)s").format(
                sql.SQL(", ").join(parts)
            ),
            {**taken, "device_id": device_id},
        )

    def _lists(self, told: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
        for field in LISTS:
            for text in told.get(field, ()):
                digest = hashlib.sha256(text.encode()).hexdigest()[:16]
                said = {**asked, "text": text, "reference": f"overname-{digest}"}
                if field in _SORTS:
                    said["sort"] = _SORTS[field]
                    self._connection.execute(QUERIES["add_adaptation"], said)
                else:
                    self._connection.execute(QUERIES["add_remark"], said)


def _code(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"municipality_code": asked["code"]}
