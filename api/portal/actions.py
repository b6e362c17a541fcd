"""What is open for a municipality, by kind; filtered, and as a list to take along."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from api.desk import languages
from api.desk import words as desk_words
from api.misuse import words as misuse_words
from api.portal import words
from api.queries import Connection, Row, rows
from api.reports.model import Column, Sheet
from api.reports.workbook import workbook
from api.words import _
from diagnostics.queries import load
from diagnostics.tickets.calendar import ZONE, dutch_day

QUERIES = load("api.portal")
GROUPS: Final = (
    *("delivery", "collection", "other_commission", "repair", "service", "complaint", "misuse"),
)
A_PAGE: Final = 50
_PATHS: Final = {
    "order": "/portal/orders/",
    "ticket": "/portal/tickets/",
    "complaint": "/portal/complaints/",
    "misuse": "/portal/misuse/",
}
# Where the words for its kind are, by what it is.
_KINDS: Final = {
    "order": ("commission_kind",),
    "ticket": ("ticket_kind",),
    "complaint": ("nature",),
    "misuse": ("what", "use_seen"),
    "service": ("what",),
}
_COLUMNS: Final = (
    *("group_", "kind", "number", "client_number", "device", "stage", "since", "due_at"),
    *("expected_on", "late"),
)


class Filters(NamedTuple):
    """Which of them. ``q``: the beginning of a client number or an aid's name."""

    group: str | None = None
    late: bool = False
    q: str = ""


class Actions(NamedTuple):
    """What is open: ``counts`` and ``late`` by group of all, ``found`` by the filters."""

    counts: Counter[str]
    late: Counter[str]
    found: Sequence[Row]


async def actions(connection: Connection, code: str, filters: Filters, now: datetime) -> Actions:
    """Return what is open for a municipality."""
    every = await rows(connection, QUERIES["actions"], {"code": code, "now": now})
    for each in every:
        each["path"] = _path(each)
    q = filters.q.strip().lower()
    found = [
        each
        for each in every
        if (filters.group is None or each["group_"] == filters.group)
        and (not filters.late or each["late"])
        and (
            not q
            or any((each[name] or "").lower().startswith(q) for name in ("client_number", "device"))
        )
    ]
    return Actions(
        Counter(each["group_"] for each in every),
        Counter(each["group_"] for each in every if each["late"]),
        found,
    )


def as_csv(found: Iterable[Row], columns: Sequence[str] = _COLUMNS) -> bytes:
    """Return rows as Excel opens them in the Netherlands: semicolons, and a mark of UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(name.rstrip("_") for name in columns)
    for each in found:
        writer.writerow(_cell(each[name]) for name in columns)
    return "\ufeff".encode() + text.getvalue().encode()


def as_workbook(found: Iterable[Row], language: str, *, now: datetime) -> bytes:
    """Return the same list as an Excel file: a table, with words, and days as days."""
    gettext = languages.catalogue(language).gettext

    def word(value: str | None, *vocabularies: str) -> str:
        known = (words.ALL | desk_words.ALL | misuse_words.ALL)[vocabularies[0]].get(value or "")
        if known is None and len(vocabularies) > 1:
            return word(value, *vocabularies[1:])
        return gettext(known) if known else (value or "").replace("_", " ")

    columns = [
        Column(label=gettext(label), kind=kind)
        for label, kind in (
            (_("Group"), "text"),
            (_("Kind"), "text"),
            (_("Number"), "number"),
            (_("Client number"), "text"),
            (_("Aid"), "text"),
            (_("Stage"), "text"),
            (_("Since"), "date"),
            (_("Last day"), "date"),
            (_("Expected"), "date"),
            (_("Overdue"), "text"),
        )
    ]
    lines = [
        (
            word(each["group_"], "group"),
            word(each["kind"], *_KINDS[each["sort"]]),
            each["number"],
            each["client_number"] or "",
            each["device"] or "",
            word(each["stage"], "stage_of_case"),
            dutch_day(each["since"]),
            # Due before the day after is over: that is its last day.
            None if each["due_at"] is None else dutch_day(each["due_at"] - timedelta(seconds=1)),
            each["expected_on"],
            gettext(_("yes")) if each["late"] else "",
        )
        for each in found
    ]
    title = gettext(_("Open actions"))
    sheet = Sheet(name=title, note="", columns=columns, rows=lines)
    return workbook([sheet], title=title, made_at=now)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    text = str(value)
    # What a client wrote must not become a formula.
    return "'" + text if text[:1] in "=+-@\t\r" and text else text


def _path(action: Row) -> str:
    if action["sort"] == "service":
        return f"/portal/aids/{action['device']}"
    return _PATHS[action["sort"]] + str(action["number"])
