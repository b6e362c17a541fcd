"""Why the use of an aid may not be proper, and what else could explain it."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "no_longer_seen": "It has not been seen since.",
    "other_over": "Whatever it was, it is over.",
    "overload_weighed": (
        "More was lifted than the aid is made for, %(times)s times on %(days)s days: up to "
        "%(most_kg)s kg, where %(max_kg)s kg is the most."
    ),
    "overload_refused": (
        "The controller refused a load as too heavy, %(times)s times on %(days)s days."
    ),
    "overload_current": (
        "The drive had far more to carry than the aid is made for, %(times)s times on "
        "%(days)s days."
    ),
    "too_fast": (
        "The aid went faster than its specification allows, %(times)s times on %(days)s "
        "days: up to %(top_kmh)s km/h, where %(max_kmh)s km/h is the most."
    ),
    "too_steep": (
        "Slopes were driven that are steeper than the specification allows, %(times)s times"
        " on %(days)s days: up to %(most_deg)s degrees, where %(max_deg)s is the most."
    ),
    "duty_cycle": (
        "The drive, made for short trips, ran for up to %(minutes)s minutes within an hour,"
        " on %(days)s days."
    ),
    "drive_was_hot": "The drive was too hot %(times)s times.",
    "other_scale_off": "The scale may be off.",
    "other_two_persons": "A carer may have leaned on it.",
    "other_speed_sensor": "The speed sensor may be off, or the tyres are of another size.",
    "other_serviced_wrong": "It may have been set wrongly when it was delivered or serviced.",
    "other_tilt_sensor": "The tilt sensor may be off.",
    "other_no_other_way": "There may be no other way to or from the home.",
    "other_busy_time": "It may have been a busy time in the household.",
    "other_drive_heavy": "The drive may run heavily and need maintenance.",
    "not_charged_after_use": (
        "After use the battery was not charged, on %(times)s of %(days)s days on which the "
        "aid was used."
    ),
    "battery_ran_low": "The battery was all but empty on %(days)s days, down to %(battery_v)s V.",
    "charger_works": "When the charger is connected, it works.",
    "other_no_socket": "There may be no socket where it stands.",
    "other_cannot_plug": (
        "The client may not manage to connect the charger, and need help or instruction."
    ),
    "other_charger_at_times": "The charger or its cable may fail at times.",
    "frost_at_home": (
        "It froze where the aid is kept, on %(days)s days: down to %(celsius)s degrees."
    ),
    "heat_at_home": (
        "It grew as hot as in the sun where the aid is kept, on %(days)s days: up to "
        "%(celsius)s degrees."
    ),
    "swings_at_home": (
        "Warmest and coldest of a day differ by %(degrees)s degrees there, as they do out of doors."
    ),
    "other_open_shed": (
        "It may stand in a shed or shelter that keeps the rain off and not the cold."
    ),
    "other_thermometer": "The temperature sensor may be off.",
    "parameters_changed": "The settings of the controller were changed.",
    "hardware_changed": "The controller was exchanged.",
    "housing_opened": "The housing of the controller was opened on %(days)s days.",
    "no_service_known": "No visit of a mechanic is known of at that time.",
    "other_service_unregistered": "A visit of a mechanic may not have been registered.",
    "other_updated": "The maker may have updated the controller.",
    "other_contact": "The contact of the housing may be faulty.",
    "unused_for": "The aid was used before, and has not been used for %(days)s days.",
    "never_used": "The aid has not been used since it was lent, %(days)s days ago.",
    "aid_is_well": "The aid itself is connected and reports no reason why it could not be used.",
    "other_ill": "The client may be ill or in hospital: please ask with care.",
    "other_stays_elsewhere": "The client may stay elsewhere for a time.",
    "other_walks_again": "The client may be able to do without it now.",
    "away_uncharged": (
        "The aid has been elsewhere for %(days)s days without a break and was not charged there."
    ),
    "silent_since_away": "The aid left home and nothing has been heard of it for %(days)s days.",
    "not_used_there": "It was hardly used or not at all since it left.",
    "other_holiday": "The client may be on holiday.",
    "other_at_workshop": "It may stand in a workshop.",
    "goods_loaded": (
        "Something heavy rode along %(times)s times on %(days)s days, not in the way of a person."
    ),
    "goods_no_seat": "On %(times)s of these rides nobody sat on the seat.",
    "goods_not_boarded": "On %(times)s of these rides nobody took the time to sit down.",
    "empty_rides": (
        "The lift was sent up and down empty, many times in a row: %(times)s rides on "
        "%(days)s days."
    ),
    "other_seat_sensor": "The seat sensor may be off.",
    "other_luggage": "The client may send up shopping that is too heavy to carry.",
    "other_remote": "A remote control may be pressed by accident.",
    "other_children": "Visiting children may play with it.",
    "other_testing": "Somebody may be testing it because it does not run well.",
    "load_differs": (
        "What rides along weighs lastingly otherwise than before: the drive notices a "
        "difference of %(percent)s percent."
    ),
    "weight_differs": (
        "What is lifted weighs lastingly otherwise than before: %(load_kg)s kg, where it "
        "was %(before_kg)s kg."
    ),
    "boards_otherwise": (
        "From sitting down to leaving takes %(seconds)s seconds; before it was %(before)s."
    ),
    "rides_otherwise": "There are %(rides)s rides a day; before there were %(before)s.",
    "second_pattern": (
        "Beside the usual rides there are others of another pattern: %(share)s percent of all."
    ),
    "lasts_weeks": "It has been so for %(weeks)s weeks.",
    "other_guest": "A partner, carer or guest may use it by agreement.",
    "other_health": "The client's health or weight may have changed.",
    "other_sensor": "A sensor may be off, or a part was exchanged.",
    "fault_left": (
        "A fault that needs a mechanic was left for %(days)s days, while the aid was still used."
    ),
    "faults_repeat": "Faults that stop the aid came back on %(days)s days.",
    "edges_trip": "A safety edge was touched %(times)s times on %(days)s days.",
    "left_empty": "The battery was left all but empty on %(days)s days.",
    "left_in_cold": "It stood in frost or heat on %(days)s days.",
    "knocked": "It was knocked or overloaded on %(days)s days.",
    "other_wear": "It may be ordinary wear, or a defect that nobody has reported.",
    "other_no_help": "The client may not be able to look after it, and need help.",
}
