"""What an alarm receiving centre is told about an event: its SIA DC-03 code. Pure."""

from collections.abc import Mapping
from typing import Any, Final

_EMERGENCY: Final = ("QA", "QH")
# What is to be repaired, to the codes of the trouble and of its end.
_REPAIRS: Final = {
    "charger_failed": ("AT", "AR"),  # mains trouble: it does not charge
    "battery_worn": ("YT", "YR"),
    "offline": ("YC", "YK"),  # communication
    "mute": ("YC", "YK"),
    "test_calls_missed": ("YC", "YK"),
}
_BEGINS: Final = "nl.liftwacht.ticket.opened"
_ENDS: Final = {
    "emergency": "nl.liftwacht.ticket.released",
    "repair": "nl.liftwacht.ticket.repaired",
}
CODES: Final = frozenset(code for pair in (_EMERGENCY, *_REPAIRS.values()) for code in pair)


def code_of(event: Mapping[str, Any]) -> str | None:
    """Return the code of a ticket's CloudEvent; None if centres do not hear of such things."""
    data = event.get("data", {})
    kind = data.get("kind")
    pair = _EMERGENCY if kind == "emergency" else _REPAIRS.get(data.get("what") or "")
    if pair is None:
        return None
    if event.get("type") == _BEGINS:
        return pair[0]
    return pair[1] if event.get("type") == _ENDS.get(kind or "") else None
