"""Reasons as sentences, in the languages that people read: Dutch first.

The English sentence is the key of the gettext catalogue in ``locale/``, which is read from its
``.po`` file when it is first needed, so that nothing has to be built.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

DEFAULT_LANGUAGE: Final = "nl"
LANGUAGES: Final = ("nl", "en")

# Reason code to sentence. A parameter stands in it as %(name)s.
SENTENCES: Final = {
    "sos_pressed": "The emergency button is pressed.",
    "call_sos": "The lift calls for help: the emergency button.",
    "call_stopped_between_landings": "The lift calls for help: it stands still between landings.",
    "call_drive_refused": "The lift calls for help: it does not obey the joystick.",
    "call_fault_while_riding": "The lift calls for help: a fault during the ride.",
    "call_rider_gone": "The lift calls for help: the seat emptied on the way. Possibly a fall.",
    "call_power_too_low": "The lift calls for help: not enough power to reach a landing.",
    "call_other": "The lift calls for help, for a reason that is not known here: %(reason)s.",
    "call_open": "The lift says that it is calling for help; its call has not arrived.",
    "stopped": "The lift stands still between landings, without a known reason.",
    "blocked": "The lift stands still between landings: %(fault)s.",
    "refused": "The lift stands still between landings and does not obey the joystick.",
    "power_low": "The lift stands between landings, with too little power (%(battery_v)s V).",
    "power_low_unknown": "The lift stands between landings, with too little power.",
    "rider_gone": "The seat emptied between landings, after somebody rode on it. Possibly a fall.",
    "block_cleared": "It stood still because of: %(fault)s. That has cleared.",
    "silent": "Nothing has been heard of the lift in the middle of a ride for %(seconds)s seconds.",
    "silent_now": "Nothing is heard of the lift in the middle of a ride.",
    "connection_lost": "The connection was lost in the middle of a ride.",
    "rider_aboard": "Somebody sits on the lift.",
    "rider_unknown": "Whether somebody sits on the lift is not known.",
    "seat_empty": "The seat is empty.",
    "position": "The lift is %(metres)s m from the bottom end of the rail.",
    "position_unknown": "Where the lift is on the rail is not known.",
    "went_on": "The lift went on by itself.",
    "arrived": "The lift has reached a landing.",
    "from_backlog": "This was reported later, when the connection came back.",
}

# Our word for a fault or an open contact, to what people call it.
FAULTS: Final = {
    "power_down": "no power",
    "battery_low": "battery low",
    "battery_flat": "battery flat",
    "no_charge": "does not charge",
    "overspeed_governor": "overspeed governor",
    "overspeed": "overspeed governor",
    "seat_turned": "seat turned",
    "seat_swivel": "seat turned",
    "key_off": "key switched off",
    "key_switch": "key switched off",
    "final_limit": "final limit switch",
    "footrest_up_edge": "safety edge of the footrest, upwards",
    "footrest_up": "safety edge of the footrest, upwards",
    "footrest_down_edge": "safety edge of the footrest, downwards",
    "footrest_down": "safety edge of the footrest, downwards",
    "carriage_up_edge": "safety edge of the carriage, upwards",
    "carriage_up": "safety edge of the carriage, upwards",
    "carriage_down_edge": "safety edge of the carriage, downwards",
    "carriage_down": "safety edge of the carriage, downwards",
    "belt_open": "seat belt open",
    "seat_belt": "seat belt open",
    "armrest_open": "armrest up",
    "armrest": "armrest up",
    "hinge_rail": "hinged rail not in place",
    "powered_step": "powered step not in place",
    "over_current": "motor current too high",
    "relay": "relay",
    "brake": "brake",
    "joystick": "joystick",
    "controller": "controller",
    "charger": "charger",
    "seat_sensor": "seat sensor",
    "unknown_contact": "a safety contact",
}


def sentence(code: str, parameters: Mapping[str, Any], language: str = DEFAULT_LANGUAGE) -> str:
    """Return what a reason says. A code without a sentence is shown as it is, never hidden."""
    wording = _wording(code, parameters)
    if wording == "call_other":
        parameters = {**parameters, "reason": code.removeprefix("call_")}
    text = SENTENCES.get(wording)
    if text is None:
        return code
    shown = {name: _shown(name, value, language) for name, value in parameters.items()}
    try:
        return _translated(text, language) % shown
    except (KeyError, ValueError, TypeError):
        return code  # of another version than this one


def fault(code: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return what a fault or open contact is called; an unknown code as it is."""
    text = FAULTS.get(code)
    return code if text is None else _translated(text, language)


def _wording(code: str, parameters: Mapping[str, Any]) -> str:
    """Return the code of the sentence that fits what is known."""
    if code == "power_low" and "battery_v" not in parameters:
        return "power_low_unknown"
    if code == "silent" and "seconds" not in parameters:
        return "silent_now"
    if code.startswith("call_") and code not in SENTENCES:
        return "call_other"  # of a later modem
    return code


def _shown(name: str, value: Any, language: str) -> str:
    if name == "fault":
        return fault(str(value), language)
    if isinstance(value, int | float):
        return str(format_decimal(value, locale=language))
    return str(value)


def _translated(text: str, language: str) -> str:
    return _catalogue(language).get(text, text)


@lru_cache
def _catalogue(language: str) -> Mapping[str, str]:
    if language not in LANGUAGES:
        return {}
    path = files("diagnostics") / "locale" / language / "LC_MESSAGES" / "diagnostics.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
