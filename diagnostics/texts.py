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

from diagnostics.sentences import SENTENCES

DEFAULT_LANGUAGE: Final = "nl"
LANGUAGES: Final = ("nl", "en")

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
    "over_voltage": "voltage too high",
    "drive_hot": "drive too hot",
    "motor": "motor",
    "inhibited": "drive blocked by the controls",
    "overload": "overload",
    "emergency_stop": "emergency stop pressed",
    "actuator": "lifting motor",
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
        return translated(text, language) % shown
    except (KeyError, ValueError, TypeError):
        return code  # of another version than this one


def fault(code: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return what a fault or open contact is called; an unknown code as it is."""
    text = FAULTS.get(code)
    return code if text is None else translated(text, language)


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


def translated(text: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return an English sentence of the catalogue in another language; unknown: as it is."""
    return _catalogue(language).get(text, text)


@lru_cache
def _catalogue(language: str) -> Mapping[str, str]:
    if language not in LANGUAGES:
        return {}
    path = files("diagnostics") / "locale" / language / "LC_MESSAGES" / "diagnostics.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
