"""The words of the vocabulary that people read; translated through the catalogue like any text."""

from typing import Final


def _(text: str) -> str:
    """Mark for translation; translated where it is shown."""
    return text


FAULT_CLASSES: Final = {
    "technician_needed": _("technician needed"),
    "informative": _("for information"),
    "self_clearing": _("clears by itself"),
}
KINDS: Final = {
    "stairlift": _("stairlift"),
    "scooter": _("scooter"),
    "wheelchair": _("power wheelchair"),
    "hoist": _("hoist"),
}
SEATS: Final = {"unknown": _("unknown"), "empty": _("empty"), "occupied": _("occupied")}
LANDINGS: Final = {
    "unknown": _("unknown"),
    "between": _("between landings"),
    "bottom": _("bottom"),
    "top": _("top"),
    "middle": _("middle landing"),
}
LINKS: Final = {
    "online": _("connected"),
    "offline": _("not connected"),
    "unknown": _("never connected"),
}
LINK_REASONS: Final = {
    "connected": _("connected"),
    "clock": _("clock set"),
    "lost": _("connection lost"),
    "shutdown": _("modem switched off"),
}
LEVELS: Final = {
    "suspected": _("suspected"),
    "certain": _("certain"),
    "passed": _("passed"),
}
EVENTS: Final = {
    "opened": _("Emergency opened"),
    "evidence_added": _("More evidence"),
    "called": _("The lift calls for help"),
    "acknowledged": _("Acknowledged"),
    "noted": _("Note"),
    "all_clear": _("The lift says that it is over (not confirmed)"),
    "alarm_again": _("The alarm is back"),
    "lift_heard": _("The lift told its rider"),
    "lift_refused": _("The lift could not tell its rider"),
    "released": _("Release confirmed"),
}
CALL_STATES: Final = {
    "help_coming": _("help is coming"),
    "answered": _("a person has answered"),
    "released": _("it is over"),
}
HOW: Final = {
    "mechanic_on_site": _("The mechanic on site says that the rider is free"),
    "client_by_phone": _("The client says so by telephone"),
}
PARTS: Final = {
    "database": _("Database"),
    "ingest": _("Reception"),
    "engine": _("Diagnostics"),
    "notifications": _("Notifications"),
    "calls": _("Calls for help"),
    "live": _("Live view"),
}
DETECTORS: Final = {"stuck": _("stuck on the stairs"), "calls": _("call for help")}
UNREAD: Final = {
    "unknown_device": _("this lift is not registered"),
    "identity": _("sent under another lift's name"),
    "payload": _("the message cannot be read"),
    "too_large": _("the message cannot be read"),
    "storage": _("the message cannot be stored"),
    "topic": _("the message cannot be read"),
}
STATES: Final = {"ok": _("works"), "degraded": _("works in part"), "down": _("does not work")}

ALL: Final = {
    "fault_class": FAULT_CLASSES,
    "kind": KINDS,
    "seat": SEATS,
    "landing": LANDINGS,
    "link": LINKS,
    "link_reason": LINK_REASONS,
    "level": LEVELS,
    "event": EVENTS,
    "call_state": CALL_STATES,
    "how": HOW,
    "part": PARTS,
    "detector": DETECTORS,
    "unread": UNREAD,
    "state": STATES,
}
