"""The words that cases are told in. They say what was seen, and accuse nobody."""

from typing import Final

from api.words import _

# What a drawing shows, for those who do not see it.
DESCRIBED: Final = _(
    "%(name)s, by day, from %(first)s to %(last)s: %(before)s on average before %(begins)s and"
    " %(since)s since; lowest %(low)s, highest %(high)s."
)
# Of what only people see; the rest are the detectors' words.
SEEN: Final = {
    "other_purpose": _("used for something else than it was lent for"),
    "against_instructions": _("used otherwise than the instructions say"),
    "damaged": _("damage that is no ordinary wear"),
}
ITEMS: Final = {
    "no_use": _("not used, or not adequately"),
    "other_user": _("(also) used by somebody else"),
    "other_purpose": _("used for another purpose"),
    "outside_specification": _("used outside specification or instructions"),
    "basic_care": _("basic care left undone (charging, sheltered storage)"),
    "unauthorised_change": _("changed or repaired without permission"),
    "neglect": _("damage by neglect or carelessness"),
    "loss": _("loss or theft, by carelessness"),
}
STAGES: Final = {
    "signalled": _("To be reviewed"),
    "visit": _("Somebody looks first"),
    "reported": _("Before the municipality"),
    "decided": _("Decided"),
    "closed": _("Closed"),
}
OUTCOMES: Final = {
    "rejected": _("It was nothing (desk)"),
    "unfounded": _("Unfounded (municipality)"),
    "decided": _("Done"),
}
REASONS: Final = {
    "explained": _("There is another explanation"),
    "wear": _("Normal wear: expressly excluded"),
    "measurement": _("A sensor is off"),
    "permitted": _("The municipality gave permission"),
    "not_confirmed": _("A visit did not show it"),
    "other": _("Another reason"),
}
DECISIONS: Final = {
    "talk": _("Talk to the client"),
    "warning": _("Warning"),
    "recover": _("Recover the costs from the client"),
    "no_action": _("No action"),
    "withdraw_aid": _("Withdraw the aid"),
    "unfounded": _("Unfounded: the signal is withdrawn"),
}
SOURCES: Final = {
    "detector": _("Detector"),
    "mechanic": _("Mechanic"),
    "desk": _("Service desk"),
}
TELLERS: Final = {
    "client": _("The client"),
    "representative": _("The client's representative"),
}
WAYS: Final = {
    "phone": _("by telephone"),
    "visit": _("during a visit"),
    "letter": _("by letter"),
    "mail": _("by e-mail"),
    "talk": _("in a talk with the municipality"),
}
EVENTS: Final = {
    "signalled": _("Signal"),
    "signal_over": _("Not found any more"),
    "visit_asked": _("A visit is asked for"),
    "accepted": _("Reviewed: passed on"),
    "rejected": _("Reviewed: it is nothing"),
    "reported": _("Reported to the municipality"),
    "reminded": _("The municipality is reminded"),
    "client_said": _("The client's side"),
    "noted": _("Note"),
    "attached": _("File added"),
    "quoted": _("Repair quote"),
    "decided": _("The municipality decides"),
    "closed": _("Closed"),
}
CURVES: Final = {
    "rides": _("Rides a day"),
    "empty_rides": _("Rides a day with nobody on it"),
    "ride_minutes": _("Minutes ridden a day"),
    "boarding_s": _("Seconds from sitting down to leaving (median)"),
    "load_kg": _("Heaviest load (kg)"),
    "current_a": _("Highest mean current of a ride (A)"),
    "speed_kmh": _("Highest speed (km/h)"),
    "incline_deg": _("Steepest slope (degrees)"),
    "edges": _("Safety edges touched"),
    "battery_v": _("Lowest battery voltage at rest (V)"),
    "battery_top_v": _("Highest battery voltage (V)"),
    "charging_h": _("Hours charged"),
    "away_h": _("Hours away from home"),
    "coldest_c": _("Lowest temperature (°C)"),
    "warmest_c": _("Highest temperature (°C)"),
    "openings": _("Housing opened (times)"),
}
MAILBOXES: Final = {
    "access_team": _("access team"),
    "contract_manager": _("contract manager"),
}
MAILS: Final = {
    "misuse_reported": _("Report"),
    "misuse_reminder": _("Reminder"),
    "misuse_quote": _("Repair quote"),
}
LINES: Final = {
    "part": _("Part"),
    "labour": _("Labour (hours)"),
}
LISTS: Final = {
    "review": _("To be reviewed"),
    "reported": _("Before the municipality"),
    "decided": _("Decided"),
    "closed": _("Closed"),
    "all": _("All"),
}
# Over the part of a drawing from which the signal says that it has been so.
SINCE: Final = _("since the signal says it began")

ALL: Final = {
    "use_seen": SEEN,
    "use_item": ITEMS,
    "case_stage": STAGES,
    "case_outcome": OUTCOMES,
    "reject_reason": REASONS,
    "decision": DECISIONS,
    "signal_source": SOURCES,
    "teller": TELLERS,
    "told_way": WAYS,
    "case_event": EVENTS,
    "use_curve": CURVES,
    "mailbox": MAILBOXES,
    "case_mail": MAILS,
    "quote_line": LINES,
}
