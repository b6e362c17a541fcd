"""Why somebody needs help, or may."""

from typing import Final

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
