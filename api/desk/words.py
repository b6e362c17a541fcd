"""The words of the vocabulary that people read; translated through the catalogue like any text."""

from typing import Final


def _(text: str) -> str:
    """Mark for translation; translated where it is shown."""
    return text


FAULTS: Final = {
    "power_down": _("no power"),
    "battery_low": _("battery low"),
    "battery_flat": _("battery flat"),
    "no_charge": _("not charging"),
    "overspeed_governor": _("overspeed governor tripped"),
    "seat_turned": _("seat turned"),
    "key_off": _("key switch off"),
    "final_limit": _("final limit reached"),
    "footrest_up_edge": _("footrest touched, upwards"),
    "footrest_down_edge": _("footrest touched, downwards"),
    "carriage_up_edge": _("carriage touched, upwards"),
    "carriage_down_edge": _("carriage touched, downwards"),
    "belt_open": _("seat belt open"),
    "armrest_open": _("armrest open"),
    "hinge_rail": _("hinge rail not in place"),
    "powered_step": _("powered footrest not in place"),
    "over_current": _("motor current too high"),
    "relay": _("relay fault"),
    "brake": _("brake fault"),
    "joystick": _("joystick fault"),
    "controller": _("controller fault"),
    "charger": _("charger fault"),
    "seat_sensor": _("seat sensor fault"),
}
CONTACTS: Final = {
    "footrest_up": _("footrest touched, upwards"),
    "footrest_down": _("footrest touched, downwards"),
    "carriage_up": _("carriage touched, upwards"),
    "carriage_down": _("carriage touched, downwards"),
    "seat_swivel": _("seat turned"),
    "seat_belt": _("seat belt open"),
    "armrest": _("armrest open"),
    "key_switch": _("key switch off"),
    "overspeed": _("overspeed governor tripped"),
}
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
    "live": _("Live view"),
}
STATES: Final = {"ok": _("works"), "degraded": _("works in part"), "down": _("does not work")}

ALL: Final = {
    "fault": CONTACTS | FAULTS,
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
    "state": STATES,
}
