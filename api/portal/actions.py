"""What is open for a municipality, by kind; filtered, and as a list to take along."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from api.queries import Connection, Row, rows
from diagnostics.queries import load
from diagnostics.tickets.calendar import ZONE

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
