"""Why an aid needs maintenance."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "fault_stands": "The controller reports a fault that stays: %(fault)s.",
    "maker_code": "The maker's own code for it is %(code)s.",
    "fault_attended": "It came up while the mechanic's key or the hand wheel was in use.",
    "fault_cleared": "The fault has cleared.",
    "fault_flaps": "A fault came back %(times)s times within %(days)s days: %(fault)s.",
    "battery_sags": "Under load the battery falls to %(volt)s V; at %(limit)s V the aid stops.",
    "battery_resistance": (
        "The battery's internal resistance is %(percent)s percent higher than it was."
    ),
    "battery_rest": "At rest the battery has %(volt)s V; %(usual)s V was usual.",
    "battery_capacity": "The battery holds some %(percent)s percent of what it used to.",
    "battery_new": "The battery is like new: it has been replaced.",
    "cold": "It is cold there, some %(degrees)s degrees, and cold makes it worse for a time.",
    "charges_not": (
        "The battery had %(hours)s hours of mains and contact with its charger, and was not "
        "charged."
    ),
    "charges_weakly": "While charging the voltage reaches only %(volt)s V; %(usual)s V was usual.",
    "charges_weakly_always": (
        "On charge for days, its battery reaches only %(volt)s V: no more than a full one holds "
        "by itself."
    ),
    "charges_unsteadily": (
        "Its voltage comes and goes from day to day, between %(low)s and %(high)s V; %(usual)s V "
        "was usual."
    ),
    "charges_wildly": (
        "On %(days)s of the last days its voltage was %(volt)s V, which no charger is meant to "
        "give."
    ),
    "charges_too_high": (
        "The battery is held at %(volt)s V, day after day; %(usual)s V was usual. That boils it "
        "dry."
    ),
    "charges_too_high_always": (
        "The battery is held at %(volt)s V, day after day. That boils it dry."
    ),
    "charges_little": (
        "The battery is charged during only %(percent)s percent of the time that it could be."
    ),
    "charges_again": "The battery is charged again.",
    "off_charge_point": (
        "The lift stood off its charge point for %(percent)s percent of the last days."
    ),
    "on_charge_point": "The lift is parked at its charge point again.",
    "drive_current": (
        "The drive takes %(percent)s percent more current than it used to for the same work: "
        "%(ampere)s A."
    ),
    "drive_local": (
        "It is heaviest in one place of the rail: part %(part)s of %(parts)s, from the bottom."
    ),
    "drive_after_standing": (
        "The drive takes %(percent)s percent more current than it used to when it has stood for "
        "hours; it is less hard once it has run."
    ),
    "drive_at_start": (
        "Starting takes %(percent)s percent more current than it used to, beside the rest of the "
        "way."
    ),
    "drive_at_times": (
        "In its hardest rides, one of five, the drive takes %(percent)s percent more current than "
        "it used to."
    ),
    "drive_slower": "Rides take %(percent)s percent longer.",
    "drive_well": "The drive takes no more current than usual again.",
    "normal_wear": "This is normal wear.",
    "runs_on": "Downwards it stops %(centimetre)s cm later than it used to.",
    "runs_faster": "Downwards it goes %(percent)s percent faster than it used to.",
    "runs_past_end": "It ran past the end of the rail %(times)s times lately.",
    "brake_well": "It stops where it used to again.",
    "edges_more": "Safety edges tripped %(times)s times in the last %(rides)s rides.",
    "edges_usual": "Usual were %(times)s times in a hundred rides.",
    "edges_quiet": "Safety edges have hardly tripped for %(days)s days.",
    "signal_weaker": "The modem hears the mobile network at %(dbm)s dBm; %(usual)s dBm was usual.",
    "signal_always_weak": (
        "The modem has heard the mobile network at no more than %(dbm)s dBm since it was fitted."
    ),
    "signal_back": "The modem hears the mobile network as well as before.",
    "modem_restarts": "The modem started anew %(times)s times within %(days)s days.",
    "service_due": "Its yearly service is due on %(date)s.",
    "service_overdue": "Its yearly service was due on %(date)s and has not been reported.",
    "service_by_count": (
        "The drive has started %(cycles)s times since the last service; service belongs "
        "before %(limit)s."
    ),
    "service_done": "It has been serviced.",
}
