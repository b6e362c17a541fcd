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
    "overload_reckoned": (
        "The drive took what it takes for some %(most_kg)s kg, by the values measured at delivery, "
        "%(times)s times on %(days)s days; %(max_kg)s kg is the most."
    ),
    "overload_always": (
        "The drive always takes what it takes for some %(usual_kg)s kg, by the values measured at "
        "delivery; %(max_kg)s kg is the most that the aid is made for."
    ),
    "overload_by_now": (
        "The drive has come to take what it takes for some %(usual_kg)s kg, by the values measured "
        "at delivery, while it takes no more than before without that load; %(max_kg)s kg is the "
        "most that the aid is made for."
    ),
    "other_lent_too_light": (
        "A type may have been lent that is too light for the client, who can do nothing about it."
    ),
    "too_fast": (
        "The aid went faster than its specification allows, %(times)s times on %(days)s "
        "days: up to %(top_kmh)s km/h, where %(max_kmh)s km/h is the most."
    ),
    "too_steep": (
        "Slopes were driven that are steeper than the specification allows, %(times)s times"
        " on %(days)s days: up to %(most_deg)s degrees, where %(max_deg)s is the most."
    ),
    "rides_all_day": (
        "It made up to %(rides)s rides in a day, on %(days)s days: many times what one household "
        "needs it for."
    ),
    "duty_cycle": (
        "The drive, made for short trips, ran without rest: up to %(rides)s rides and "
        "%(minutes)s minutes within two hours, on %(days)s days."
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
    "battery_ran_low": (
        "The battery was half empty or worse and left so on %(days)s days, down to %(battery_v)s V."
    ),
    "charged_too_short": (
        "When the charger is connected, it is pulled out again after %(hours)s hours, long before "
        "the battery is full."
    ),
    "unplugged_for_days": (
        "The charger was not connected, or without mains, for days on end while the aid was used: "
        "%(days)s days, in %(times)s spells."
    ),
    "charger_works": "When the charger is connected, it works.",
    "other_no_socket": "There may be no socket where it stands.",
    "other_cannot_plug": (
        "The client may not manage to connect the charger, and need help or instruction."
    ),
    "other_charger_at_times": "The charger or its cable may fail at times.",
    "frost_at_home": (
        "It froze where the aid is kept, on %(days)s days: down to %(celsius)s degrees."
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
    "charges_otherwise": (
        "Since then the battery is charged up to %(now_v)s V; before it was %(before_v)s V."
    ),
    "speed_changed": "Since then its highest speed differs by %(percent)s percent.",
    "length_changed": "Since then its way from end to end differs by %(percent)s percent.",
    "edges_trip_no_more": (
        "Its safety edges, touched %(times)s times in %(rides)s rides before, have not been "
        "touched since."
    ),
    "drive_takes_otherwise": (
        "Since then the drive takes a current that differs by %(percent)s percent."
    ),
    "seat_always_taken": "Since then the seat sensor says all day that somebody sits there.",
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
    "silent_since_opened": (
        "The housing of the controller was opened, and nothing has been heard of the aid since, "
        "for %(days)s days."
    ),
    "other_modem_broken": "The modem may have been damaged or left without power by a repair.",
    "hardly_used": (
        "The aid was used before; in the last %(days)s days it was used on only %(times)s."
    ),
    "other_holiday": "The client may be on holiday.",
    "other_at_workshop": "It may stand in a workshop.",
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
    "boards_otherwise": (
        "From sitting down to leaving takes %(seconds)s seconds; before it was %(before)s."
    ),
    "rides_otherwise": "There are %(rides)s rides a day; before there were %(before)s.",
    "second_pattern": (
        "Beside the usual rides there are others of another pattern: %(share)s percent of all."
    ),
    "second_load": (
        "Beside the usual rides there are others with a load that differs by %(percent)s percent, "
        "there and back, in %(weeks)s of the last five weeks."
    ),
    "other_load": "Nearly all rides bear a load that differs by %(percent)s percent from before.",
    "second_boarding": (
        "Some rides begin otherwise than the usual ones of the same weeks, and their load differs "
        "by %(percent)s percent."
    ),
    "lasts_weeks": "It has been so for %(weeks)s weeks.",
    "other_guest": "A partner, carer or guest may use it by agreement.",
    "other_health": "The client's health or weight may have changed.",
    "other_sensor": "A sensor may be off, or a part was exchanged.",
    "fault_left": "A fault was left for %(days)s days while the aid was used: %(fault)s.",
    "fault_comes_back": (
        "A fault came back on %(days)s of the last %(span)s days and nobody saw to it, while the "
        "aid was used: %(fault)s."
    ),
    "faults_by_turns": (
        "Now one part complained and now another, %(parts)s in all, on %(days)s of the last "
        "%(span)s days, and nobody saw to them, while the aid was used."
    ),
    "fault_in_most_rides": (
        "The same fault stopped %(times)s of the last %(rides)s rides, and nobody saw to it: "
        "%(fault)s."
    ),
    "fault_stood": (
        "The same fault was left over night %(times)s times within %(days)s days, and no mechanic "
        "was there: %(fault)s."
    ),
    "switched_off_and_on": "It was switched off and on again on %(days)s of those days.",
    "edges_trip": "A safety edge was touched %(times)s times on %(days)s days.",
    "left_empty": (
        "The battery was left empty on %(days)s days, in %(times)s spells, without the charger."
    ),
    "other_wear": "It may be ordinary wear, or a defect that nobody has reported.",
    "other_no_help": "The client may not be able to look after it, and need help.",
    "goods_ferried": (
        "Something was taken there and the lift sent straight back empty, time after time: "
        "%(times)s times on %(days)s days."
    ),
    "goods_towed": (
        "The aid had far more to pull than usual and stopped more often, on %(times)s "
        "outings on %(days)s days."
    ),
    "goods_carted": (
        "One way it had far more to carry or pull than on the way back, time after time: "
        "%(times)s times on %(days)s days."
    ),
    "to_and_fro": (
        "It went there and straight back, with nobody on it or with somebody who gets on within "
        "seconds: %(times)s rides on %(days)s days."
    ),
    "light_lifts": (
        "Something far lighter than the client was lifted, time after time: %(times)s lifts on "
        "%(days)s days."
    ),
    "round_after_round": (
        "Somebody who gets on within seconds rode round after round without a goal: "
        "%(times)s rides on %(days)s days."
    ),
    "nights_out": (
        "In %(nights)s of %(days)s nights it was as cold where the aid stood as in the open, in "
        "others as mild as indoors."
    ),
    "nights_at_home": (
        "Nights are as cold where the aid is kept as in the open, usually %(celsius)s degrees."
    ),
    "away_for_long": "The aid has been elsewhere for %(days)s days without a break.",
    "place_not_told": "Where it is, is not kept; only that it is not near home.",
    "mains_switched_off": (
        "The charger was without mains on %(days)s days, in %(times)s spells of days."
    ),
    "other_socket_off": "The socket may be on a switch that is turned off by habit.",
    "runs_harder": "The drive takes %(percent)s percent more current than before.",
}
