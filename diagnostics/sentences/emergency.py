"""Why somebody needs help, or may."""

from typing import Final

SENTENCES: Final = {
    "sos_pressed": "The emergency button is pressed.",
    "call_sos": "Call for help: the emergency button.",
    "call_stopped_between_landings": "The lift calls for help: it stands still between landings.",
    "call_drive_refused": "Call for help: it does not obey its controls.",
    "call_fault_while_riding": "Call for help: a fault during the ride.",
    "call_rider_gone": "The lift calls for help: the seat emptied on the way. Possibly a fall.",
    "call_power_too_low": "Call for help: not enough power to go on.",
    "call_stranded_away": "The aid calls for help: away from home, and it cannot go on.",
    "call_tilted": "The aid calls for help: it has tipped over, or leans too far. Possibly a fall.",
    "call_load_hanging": "The hoist calls for help: somebody hangs in it, and it does not move.",
    "call_other": "Call for help, for a reason that is not known here: %(reason)s.",
    "call_open": "It reports that it is calling for help; its call has not arrived.",
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
    "lost_as_boarded": (
        "Somebody sat down on the lift, then the connection was lost, and it has not come back."
    ),
    "rider_aboard": "Somebody sits on the lift.",
    "rider_unknown": "Whether somebody sits on the lift is not known.",
    "seat_empty": "The seat is empty.",
    "position": "The lift is %(metres)s m from the bottom end of the rail.",
    "position_unknown": "Where the lift is on the rail is not known.",
    "went_on": "The lift went on by itself.",
    "arrived": "The lift has reached a landing.",
    "from_backlog": "This was reported later, when the connection came back.",
    "ride_overlong": (
        "A ride with somebody aboard has lasted for more than %(minutes)s minutes, without "
        "reaching a landing."
    ),
    "ride_usual": "The longest usual ride of this lift takes %(seconds)s seconds.",
    "tilted": (
        "It has tipped over, or leans too far, with somebody aboard until then. Possibly a fall."
    ),
    "stranded_blocked": "It stands still away from home and cannot go on: %(fault)s.",
    "stranded_refused": "It stands still away from home and does not obey its controls.",
    "stranded_power": "It stands still away from home, with too little power to go on.",
    "stranded_silent": (
        "Nothing has been heard of it for %(minutes)s minutes. It was under way, away from "
        "home, with a low battery."
    ),
    "battery_at": "The battery is at %(battery_v)s V.",
    "client_aboard": "Somebody sits on it.",
    "client_unknown": "Whether somebody sits on it is not known.",
    "aid_went_on": "It went on by itself.",
    "aid_at_home": "It is at home, or on its charger.",
    "hanging_blocked": "The hoist has stopped with a load hanging: %(fault)s.",
    "hanging_refused": "The hoist has stopped with a load hanging and does not go down.",
    "hanging_power": "The hoist has stopped with a load hanging, with too little power to go down.",
    "hanging_long": "A load hangs in the hoist for far longer than its transfers take.",
    "hanging_silent": (
        "Nothing has been heard of the hoist for %(minutes)s minutes, while a load hung in it."
    ),
    "load_hangs": "Somebody hangs in it.",
    "load_none": "Nothing hangs in it.",
    "load_unknown": "Whether somebody hangs in it is not known.",
    "laid_down": "Nothing hangs in it any more.",
}
