"""Which events of tickets are news for a municipality's people who chose so. Pure; numbers only."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

URGENT: Final = "repair_urgent"
LATE: Final = "repair_late"
KINDS: Final = (URGENT, LATE)
_TYPE: Final = "nl.liftwacht.ticket."
# With these a ticket can begin to be urgent; told once, whichever comes first.
_BEGINS: Final = frozenset({"opened", "reported", "priority_raised", "priority_changed"})
_REPAIRS: Final = frozenset({"emergency", "repair"})
_TERMS: Final = {"on_site": "ter plaatse", "repaired": "gerepareerd"}


class RepairNews(NamedTuple):
    """What is told. ``key`` tells it from all others: it is told once."""

    kind: str
    key: str
    title: str
    path: str


def news_of(event: Mapping[str, Any]) -> RepairNews | None:
    """Return the news in an event of a ticket, as it goes to webhooks; None: it is none."""
    kind = str(event.get("type", "")).removeprefix(_TYPE)
    data = event.get("data", {})
    number = data.get("ticket")
    if number is None or data.get("kind") not in _REPAIRS:
        return None
    path = f"/portal/tickets/{number}"
    if kind in _BEGINS and data.get("priority") == 1:
        title = f"Spoedreparatie {number} (P1) is gemeld"
        return RepairNews(URGENT, f"ticket-{number}-urgent", title, path)
    target = data.get("target")
    if kind == "breached" and target in _TERMS:
        title = f"Reparatie {number} overschrijdt de termijn: {_TERMS[target]}"
        return RepairNews(LATE, f"ticket-{number}-late-{target}", title, path)
    return None
