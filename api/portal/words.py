"""What the portal calls things; translated through the catalogue like any text."""

from typing import Final

from api.words import _

PLACES: Final = {
    "overview": _("Open actions"),
    "misuse": _("Signals about use"),
    "search": _("Client or aid"),
    "notices": _("What I am told"),
    "webhooks": _("Our systems"),
    "figures": _("Complaints and satisfaction"),
    "performance": _("Performance"),
    "reports": _("Reports"),
    "files": _("File comparison"),
    "samples": _("Samples"),
    "requests": _("Requests about data"),
    "breaches": _("Breaches"),
    "looks": _("Who looked"),
    "retention": _("How long data is kept"),
    "catalogue": _("Data catalogue"),
    "takeovers": _("Takeovers"),
}
SURVEY_ABOUT: Final = {
    "delivery": _("You received an aid from us lately."),
    "repair": _("We repaired your aid lately."),
    "service": _("We serviced your aid lately."),
    "collection": _("We collected your aid lately."),
    "complaint": _("You told us of a complaint lately."),
    "periodic": _("You use an aid of ours."),
}
SURVEY_QUESTIONS: Final = {
    "aid": _("How satisfied are you with the aid itself?"),
    "people": _("… with the people who came to you or spoke to you?"),
    "speed": _("… with how long it took?"),
    "information": _("… with what we told you about it?"),
}
SURVEY_SCORES: Final = {
    "aid": _("Aid"),
    "people": _("People"),
    "speed": _("Speed"),
    "information": _("Information"),
}
SURVEY_MARKS: Final = {
    "1": _("very dissatisfied"),
    "2": _("dissatisfied"),
    "3": _("neither"),
    "4": _("satisfied"),
    "5": _("very satisfied"),
}
STAGES: Final = {
    "received": _("received"),
    "contacted": _("client contacted"),
    "fitted": _("measured or fitted"),
    "confirmed": _("confirmed"),
    "supplied": _("aid is ready"),
    "done": _("done"),
    "withdrawn": _("withdrawn"),
    "taken_up": _("taken up"),
    "handled": _("handled"),
    "reported": _("reported"),
    "acknowledged": _("taken on"),
    "under_way": _("under way"),
    "on_site": _("on site"),
    "released": _("person safe"),
    "repaired": _("repaired"),
    "closed": _("closed"),
    "signalled": _("signalled"),
    "visit": _("visit"),
    "decided": _("decided"),
    "overdue": _("overdue"),
    "due": _("due"),
}
COMMISSION_KINDS: Final = {
    "delivery": _("delivery"),
    "reissue": _("re-issue"),
    "exchange": _("exchange"),
    "adaptation": _("adaptation"),
    "collection": _("collection"),
    "dismantling": _("dismantling"),
    "structural_works": _("structural works"),
}
SOURCES: Final = {
    "new": _("new"),
    "reissued": _("used before"),
    "partly_reissued": _("partly used before"),
}
NATURES: Final = {
    "delivery_time": _("time of delivery"),
    "delivery_quality": _("quality of delivery"),
    "repair_time": _("time of repair"),
    "repair_quality": _("quality of repair"),
    "aid": _("the aid"),
    "appointment": _("appointments"),
    "treatment": _("treatment by people"),
    "reachability": _("reachability"),
    "information": _("information"),
    "privacy": _("privacy"),
    "other": _("something else"),
}
COMPLAINT_OUTCOMES: Final = {
    "founded": _("founded"),
    "partly_founded": _("founded in part"),
    "unfounded": _("not founded"),
    "withdrawn": _("withdrawn"),
}
GROUPS: Final = {
    "delivery": _("Deliveries"),
    "collection": _("Collections"),
    "other_commission": _("Other orders"),
    "repair": _("Repairs"),
    "complaint": _("Complaints"),
    "service": _("Service, inspections and requests"),
    "misuse": _("Signals about use"),
}
COMMISSION_EVENTS: Final = {
    "received": _("order received"),
    "contacted": _("client contacted"),
    "fitted": _("measured or fitted"),
    "confirmed": _("order confirmed"),
    "supplied": _("aid is ready"),
    "done": _("done, with instruction where an aid was handed over"),
    "withdrawn": _("withdrawn"),
    "expected": _("another date expected"),
    "agreed_later": _("a later moment agreed with the client"),
    "pause_begun": _("delay begins"),
    "pause_ended": _("delay ends"),
    "loan_signed": _("loan agreement signed"),
    "filed": _("file added"),
    "noted": _("note"),
    "written": _("letter written"),
    "warned": _("term is about to pass"),
    "breached": _("term has passed"),
    "taken_up": _("taken up"),
    "handled": _("handled"),
}
ORDER_LISTS: Final = {
    "open": _("Open"),
    "late": _("Term exceeded"),
    "risk": _("Within a week"),
    "new": _("Not taken on yet"),
    "ended": _("Ended"),
    "all": _("All"),
}
COMPLAINT_LISTS: Final = {
    "open": _("Open"),
    "late": _("Term exceeded"),
    "new": _("Not taken up yet"),
    "handled": _("Handled"),
    "all": _("All"),
}
COMPLAINT_EVENTS: Final = {
    "received": _("registered"),
    "taken_up": _("taken up"),
    "handled": _("handled"),
    "noted": _("note"),
    "warned": _("term is about to pass"),
    "breached": _("term has passed"),
}
COMPLAINT_TARGETS: Final = {"taken_up": _("taken up"), "handled": _("handled")}
COMPLAINT_VIAS: Final = {
    "phone": _("by telephone"),
    "letter": _("by letter"),
    "email": _("by mail"),
    "in_person": _("in person"),
    "municipality": _("through the municipality"),
}
ASSIGNMENT_KINDS: Final = {"maintenance": _("maintenance"), "delivery": _("delivery")}
ADDRESSEES: Final = {"client": _("client"), "municipality": _("municipality")}
FILE_KINDS: Final = {
    "loan_agreement": _("loan agreement"),
    "confirmation": _("order confirmation"),
    "rejection_report": _("rejection report"),
    "quote": _("quote"),
    "evidence": _("evidence"),
    "other": _("other"),
}
OCCASIONS: Final = {
    "delivery": _("delivery"),
    "repair": _("repair"),
    "service": _("service"),
    "collection": _("collection"),
    "complaint": _("complaint"),
    "periodic": _("regular"),
}
COMMISSION_TARGETS: Final = {
    "contacted": _("Client contacted"),
    "confirmed": _("Order confirmed"),
    "done": _("Done"),
}
NOTICES: Final = {
    "commission_late": _("an order exceeds its term"),
    "complaint_received": _("a complaint is registered"),
    "complaint_handled": _("a complaint is handled"),
    "repair_urgent": _("an urgent repair (priority 1) is reported"),
    "repair_late": _("a repair exceeds its term"),
    "overdue_maintenance": _("overdue maintenance is found in a takeover"),
}
OUTCOMES_OF_TERM: Final = {
    "kept": _("in time"),
    "excused": _("in time by a delay that the contractor does not answer for"),
    "missed": _("too late"),
    "open": _("still open"),
    "lapsed": _("withdrawn"),
    "not_promised": _("nothing was promised"),
}
KINDS_OF_REPORT: Final = {
    "management": _("Management report"),
    "annual": _("Annual report"),
}
STATES_OF_REPORT: Final = {
    "running": _("the period is not over"),
    "to_make": _("to be made"),
    "late": _("too late"),
    "made": _("made"),
}
ALL: Final = {
    "notice_kind": NOTICES,
    "outcome_of_term": OUTCOMES_OF_TERM,
    "kind_of_report": KINDS_OF_REPORT,
    "state_of_report": STATES_OF_REPORT,
    "survey_about": SURVEY_ABOUT,
    "survey_question": SURVEY_QUESTIONS,
    "survey_mark": SURVEY_MARKS,
    "survey_score": SURVEY_SCORES,
    "stage_of_case": STAGES,
    "commission_kind": COMMISSION_KINDS,
    "source": SOURCES,
    "nature": NATURES,
    "complaint_outcome": COMPLAINT_OUTCOMES,
    "group": GROUPS,
    "commission_event": COMMISSION_EVENTS,
    "commission_target": COMMISSION_TARGETS,
    "place_of_portal": PLACES,
    "order_list": ORDER_LISTS,
    "complaint_list": COMPLAINT_LISTS,
    "complaint_event": COMPLAINT_EVENTS,
    "complaint_target": COMPLAINT_TARGETS,
    "complaint_via": COMPLAINT_VIAS,
    "addressee": ADDRESSEES,
    "assignment_kind": ASSIGNMENT_KINDS,
    "file_kind": FILE_KINDS,
    "occasion": OCCASIONS,
}
