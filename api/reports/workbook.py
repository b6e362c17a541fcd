"""Writes sheets as an Excel file: tables, filters, Dutch formats. The same bytes each time."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

from api.reports.model import Cell, Column, Sheet

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Excel shows numbers as the reader's language does; [$-413] is Dutch wherever it is opened.
_FORMATS: Final = {
    "text": "@",
    "number": "#,##0",
    "decimal": "#,##0.0",
    "percent": "0.0%",
    "money": "[$€-413] #,##0.00",
    "date": "[$-413]dd-mm-yyyy",
    "moment": "[$-413]dd-mm-yyyy hh:mm",
}
_WIDTHS: Final = {"date": 13, "moment": 17, "money": 15}
_FIT_A_PAGE: Final = 16  # columns
_HEAD_ROW: Final = 3  # title, note, an empty row
_SUMMED: Final = frozenset({"number", "money"})


def workbook(
    sheets: Iterable[Sheet],
    *,
    title: str,
    made_at: datetime,
    chart: tuple[str, str] | None = None,
    author: str = "Liftwacht",
) -> bytes:
    """Return ``sheets`` as a workbook.

    Args:
        sheets: in order; each becomes a table with a filter.
        title: of the file and over each sheet.
        made_at: the moment that it is dated by (aware): part of the bytes.
        chart: labels of a column of percentages and of one with names, on the sheet with both.
        author: who answers for it.
    """
    import xlsxwriter  # noqa: PLC0415 - only who writes a report needs it

    file = BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            # Sheets wait in temporary files, in memory a character of theirs takes four bytes.
            "in_memory": False,
            "strings_to_formulas": False,  # what people typed never becomes a formula
            "strings_to_urls": False,
            "default_date_format": _FORMATS["date"],
        },
    )
    book.set_properties(
        {"title": title, "author": author, "created": made_at.astimezone(UTC).replace(tzinfo=None)}
    )
    formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    formats["head"] = book.add_format({"text_wrap": True, "bold": True, "valign": "top"})
    heading = book.add_format({"bold": True, "font_size": 14})
    faint = book.add_format({"font_color": "#51606d"})
    for number, sheet in enumerate(sheets):
        page = book.add_worksheet(sheet.name[:31])
        page.write_string(0, 0, f"{title}: {sheet.name}", heading)
        page.write_string(1, 0, sheet.note, faint)
        _table(page, number, sheet, formats)
        if chart is not None:
            _chart(book, page, sheet, *chart)
        page.freeze_panes(_HEAD_ROW + 1, 1)
        page.set_landscape()
        if len(sheet.columns) <= _FIT_A_PAGE:
            page.fit_to_pages(1, 0)
        page.repeat_rows(_HEAD_ROW)
        page.set_footer(f"&L{title}&R&P/&N")
    book.close()
    return file.getvalue()


def _table(page: Any, number: int, sheet: Sheet, formats: dict[str, Any]) -> None:
    begin = _HEAD_ROW + 1
    rows: Sequence[Sequence[Cell]] = sheet.rows or [[None] * len(sheet.columns)]
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, _width(at, column, rows), formats[column.kind])
    page.set_row(_HEAD_ROW, 48)
    for row_at, row in enumerate(rows, start=begin):
        for at, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
            _write(page, row_at, at, cell, column=column, format_=formats[column.kind])
    page.add_table(
        _HEAD_ROW,
        0,
        _HEAD_ROW + len(rows) + sheet.total,
        len(sheet.columns) - 1,
        {
            "name": f"tabel_{number + 1}",
            "style": "Table Style Light 9",
            "total_row": sheet.total,
            "columns": [
                _column(at, column, sheet, formats) for at, column in enumerate(sheet.columns)
            ],
        },
    )


def _width(at: int, column: Column, rows: Sequence[Sequence[Cell]]) -> int:
    """Return how wide a column is to be: texts by their first rows, within reason."""
    if column.kind != "text":
        return _WIDTHS.get(column.kind, 13)
    longest = max((len(str(row[at] or "")) for row in rows[:200]), default=0)
    return min(max(longest + 2, 14), 60)


def _column(at: int, column: Column, sheet: Sheet, formats: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "header": column.label,
        "format": formats[column.kind],
        "header_format": formats["head"],
    }
    if sheet.total and at == 0:
        found["total_string"] = "Totaal"
    elif sheet.total and column.kind in _SUMMED:
        found["total_function"] = "sum"
        # What the cell shows where nobody calculates: in previews, and for programs that read it.
        values = [row[at] for row in sheet.rows]
        whole = sum(value for value in values if isinstance(value, int | float))
        found["total_value"] = whole / 100 if column.kind == "money" else whole
    return found


def _write(page: Any, row: int, at: int, cell: Cell, *, column: Column, format_: Any) -> None:
    if cell is None:
        page.write_blank(row, at, None, format_)
    elif isinstance(cell, str):
        page.write_string(row, at, cell, format_)
    elif isinstance(cell, datetime):
        page.write_datetime(row, at, cell, format_)
    elif isinstance(cell, int | float):
        page.write_number(row, at, cell / 100 if column.kind == "money" else cell, format_)
    else:
        page.write_datetime(row, at, datetime(cell.year, cell.month, cell.day), format_)  # noqa: DTZ001 - a day


def _chart(book: Any, page: Any, sheet: Sheet, values: str, names: str) -> None:
    labels = [column.label for column in sheet.columns]
    if values not in labels or names not in labels or not sheet.rows:
        return
    drawn = book.add_chart({"type": "column"})
    first, last = _HEAD_ROW + 1, _HEAD_ROW + len(sheet.rows)
    drawn.add_series(
        {
            "name": values,
            "categories": [sheet.name[:31], first, labels.index(names), last, labels.index(names)],
            "values": [sheet.name[:31], first, labels.index(values), last, labels.index(values)],
            "data_labels": {"value": True, "num_format": "0.0%"},
        }
    )
    drawn.set_title({"name": f"{sheet.name}: {values.lower()}"})
    drawn.set_y_axis({"num_format": "0%", "min": 0, "max": 1})
    drawn.set_legend({"none": True})
    said = "; ".join(
        f"{row[labels.index(names)]}: {share:.1%}"
        for row in sheet.rows
        if isinstance(share := row[labels.index(values)], float)
    )
    page.insert_chart(
        last + 3,
        0,
        drawn,
        {"description": f"Staafdiagram van {values.lower()}: {said}", "x_scale": 1.5},
    )
