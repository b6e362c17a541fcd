"""The words of the vocabulary that people read; translated through the catalogue like any text."""

from typing import Final

from api.words import _

STAGES: Final = {
    "reported": _("Reported"),
    "acknowledged": _("Taken on"),
    "under_way": _("Under way"),
    "on_site": _("On site"),
    "released": _("Person safe"),
    "repaired": _("Repaired"),
    "closed": _("Closed"),
}
SAID: Final = {
    "stuck": _("Somebody is stuck or needs help now (emergency)"),
    "defect": _("A defect or damage"),
    "service": _("Preventive service is wanted"),
    "inspection": _("An inspection is wanted"),
    "complaint": _("A visit after a complaint"),
    "request": _("Another request"),
}
RESCUE_WAYS: Final = {
    "up": _("By its own word it can still ride up."),
    "down": _("By its own word it can still ride down."),
    "either": _("By its own word it can ride again, once this is put right."),
    "none": _("It does not ride any more: somebody has to come."),
    "unknown": _("It does not say why it stands: ask whether it rides the other way."),
}
RESCUE_FIRST: Final = {
    "turn_seat": _("First: turn the seat back until it clicks."),
    "close_belt": _("First: close the belt."),
    "lower_armrests": _("First: lower both armrests."),
    "turn_key": _("First: turn the key on."),
}
ORDERS: Final = {
    "snapshot": _("How are you now?"),
    "identify": _("Be heard (beep)"),
    "self_test": _("Test yourself"),
    "set_sampling": _("Tell more often for ten minutes"),
    "forget": _("Forget the client before"),
    "set_settings": _("Other settings"),
    "update": _("Another programme"),
}
ORDER_OUTCOMES: Final = {
    "done": _("done"),
    "refused": _("refused"),
    "expired": _("too late"),
}
DELAY_REASONS: Final = {
    "client_wish": _("the client wishes so"),
    "force_majeure": _("force majeure"),
    "municipality": _("the municipality has to decide"),
    "parts": _("parts"),
    "capacity": _("nobody is free"),
    "unknown": _("not known"),
}
OUTCOMES: Final = {
    "done": _("done"),
    "no_defect": _("no defect found"),
    "replaced": _("replaced by another aid"),
    "withdrawn": _("withdrawn by whoever asked"),
}
TARGETS: Final = {"on_site": _("Somebody on site"), "repaired": _("Aid repaired")}
CLOCK_STATES: Final = {
    "running": _("running"),
    "paused": _("paused"),
    "overdue": _("overdue"),
    "met": _("in time"),
    "missed": _("too late"),
    "lapsed": _("lapsed"),
}
DELAY_VERDICTS: Final = {
    "counts": _("postpones the term"),
    "no_evidence": _("does not count: no evidence"),
    "not_specified": _("does not count: nobody said whose it is"),
    "attributable": _("attributable, does not count"),
    "reason_not_excusing": _("not a reason of the contract, does not count"),
}
CHANNELS: Final = {
    "lift": _("to the aid"),
    "webhook": _("webhook"),
    "person": _("person on call"),
    "email": _("e-mail"),
    "push": _("push message"),
    "apprise": _("SMS, telephone or chat"),
    "alarm_centre": _("alarm receiving centre"),
}
ATTEMPTS: Final = {
    "delivered": _("arrived"),
    "failed": _("failed, tried again"),
    "refused": _("refused"),
    "needless": _("not needed any more"),
}
LEVELS_OF_PLACE: Final = {
    "emergency": _("emergency"),
    "outage": _("outage of the area"),
    "ticket": _("open ticket"),
    "calm": _("calm"),
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
# Of tickets of every kind.
_ANY_EVENTS: Final = {
    "reported": _("Reported"),
    "assigned": _("Assigned"),
    "under_way": _("Under way"),
    "on_site": _("On site"),
    "nobody_near": _("Nobody near"),
    "forgotten": _("Taken on, then nothing more was heard"),
    "escalated": _("Escalated"),
    "released": _("Release confirmed"),
    "priority_raised": _("More urgent: the aid cannot be used"),
    "priority_changed": _("Another priority"),
    "repaired": _("Repaired"),
    "closed": _("Closed"),
    "appointment_made": _("Appointment made"),
    "appointment_moved": _("Appointment moved"),
    "agreed_later": _("Later repair agreed with the client"),
    "pause_begun": _("Work waits"),
    "pause_ended": _("Work goes on"),
    "part_used": _("Part used"),
    "attached": _("File attached"),
    "signed": _("Confirmed by the client"),
    "linked": _("Belongs together with another ticket"),
    "merged": _("Merged with another ticket"),
    "split": _("Split"),
    "swap_offered": _("Another aid offered"),
    "swap_answered": _("Answer to the offered aid"),
    "calamity_reported": _("Calamity reported"),
    "warned": _("A term is nearly over"),
    "breached": _("A term is broken"),
    "acknowledged": _("Acknowledged"),
    "noted": _("Note"),
    "evidence_added": _("More evidence"),
}
EVENTS: Final = _ANY_EVENTS | {
    "opened": _("Emergency opened"),
    "called": _("The aid calls for help"),
    "all_clear": _("The aid says that it is over (not confirmed)"),
    "alarm_again": _("The alarm is back"),
    "lift_heard": _("The aid told its rider"),
    "lift_refused": _("The aid could not tell its rider"),
}
REPAIR_EVENTS: Final = EVENTS | {
    "opened": _("Repair opened"),
    "all_clear": _("Not found any more (not confirmed)"),
    "alarm_again": _("Found again"),
}
TICKET_KINDS: Final = {
    "emergency": _("emergency"),
    "repair": _("repair"),
    "service": _("preventive service"),
    "inspection": _("inspection"),
    "complaint_visit": _("visit after a complaint"),
    "request": _("request"),
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
    "bridge": _("Bridges between broker and JetStream"),
    "engine": _("Diagnostics"),
    "escalation": _("Calling people"),
    "self_test": _("Self-test"),
    "notifications": _("Notifications"),
    "calls": _("Calls for help"),
    "accounts": _("Books of messages"),
    "surroundings": _("Disks and certificates"),
    "analysis": _("Analysis of health and use"),
    "live": _("Live view"),
}
# One for each word of the detectors' catalogue. Of use they say what is seen, and accuse nobody.
WHATS: Final = {
    "released": _("does not work since an emergency"),
    "reported": _("defect reported"),
    "stuck": _("stuck on the stairs"),
    "stranded": _("stranded on the way"),
    "hanging": _("hanging in the hoist"),
    "offline": _("not connected for longer than usual"),
    "mute": _("connected, but says nothing"),
    "test_calls_missed": _("test calls missed"),
    "fault": _("fault"),
    "flapping": _("fault that comes and goes"),
    "battery_worn": _("battery wears out"),
    "charger_failed": _("charger or contacts do not work"),
    "off_charge_point": _("stands off its charge point"),
    "drive_worn": _("drive wears out"),
    "brake_slipping": _("brake slips"),
    "edges_tripping": _("safety edges trip more often"),
    "signal_weak": _("mobile signal gets weaker"),
    "service_due": _("service is due"),
    "other_person": _("use differs from the client's own"),
    "goods_transport": _("perhaps carries goods"),
    "play": _("many rides without anybody on it"),
    "overload": _("heavier load than it is built for"),
    "duty_cycle": _("used more intensively than it is built for"),
    "too_steep": _("steeper slopes than it is built for"),
    "too_fast": _("faster than it is built for"),
    "not_charged": _("is hardly charged"),
    "unsheltered": _("perhaps stands outdoors"),
    "modified": _("hardware or settings changed"),
    "neglected": _("signs of poor care"),
    "lost": _("perhaps lost or stolen"),
    "unused": _("is not used"),
}
DETECTORS: Final = {
    "stuck": _("stuck on the stairs"),
    "stranded": _("stranded on the way"),
    "hanging": _("hanging in the hoist"),
    "calls": _("call for help"),
}
UNREAD: Final = {
    "unknown_device": _("this aid is not registered"),
    "identity": _("sent under another aid's name"),
    "payload": _("the message cannot be read"),
    "too_large": _("the message cannot be read"),
    "defect": _("the platform failed to read the message"),
    "storage": _("the message cannot be stored"),
    "topic": _("the message cannot be read"),
}
STATES: Final = {"ok": _("works"), "degraded": _("works in part"), "down": _("does not work")}
ROLES: Final = {
    "desk": _("service desk"),
    "mechanic": _("mechanic"),
    "manager": _("manager"),
    "administrator": _("administrator"),
    "municipality": _("consultant of a municipality"),
    "contract_manager": _("contract manager of a municipality"),
    "privacy_officer": _("privacy officer of a municipality"),
    "auditor": _("auditor of a municipality"),
    "machine": _("machine"),
}
AUDIT: Final = {
    "signed_in": _("signed in"),
    "sign_in_failed": _("could not sign in"),
    "sign_in_refused": _("tried too often"),
    "signed_out": _("signed out"),
    "session_ended": _("ended a session"),
    "account_added": _("account added"),
    "account_changed": _("account changed"),
    "account_disabled": _("account disabled"),
    "account_enabled": _("account enabled"),
    "second_factor_set_up": _("second step set up"),
    "second_factor_failed": _("second step not passed"),
    "second_factor_removed": _("second step removed"),
    "identity_linked": _("linked to an identity provider"),
    "token_added": _("token made"),
    "token_revoked": _("token revoked"),
    "token_granted": _("token given"),
    "token_used": _("token used"),
    "token_refused": _("token refused"),
    "client_registered": _("keys of a system registered"),
    "client_revoked": _("keys of a system revoked"),
    "password_changed": _("password changed"),
    "password_reset": _("temporary password given"),
    "centre_changed": _("alarm centre changed"),
    "contact_seen": _("contact looked at"),
    "contact_changed": _("contact changed"),
}

LAYERS: Final = {
    "desk": _("Desk on call"),
    "mechanic": _("Mechanic on call"),
    "backup": _("Back-up"),
    "manager": _("Manager on call"),
}
ESCALATIONS: Final = {
    "ring": _("the desk is rung"),
    "page": _("paged"),
    "call": _("called"),
    "suggest_fire_brigade": _("asked to consider the fire brigade (112)"),
}
TURNS: Final = {"day": _("a day"), "week": _("a week")}
ROTA_FAULTS: Final = {
    "unknown": _("Somebody was chosen who cannot be on call."),
    "themselves": _("Nobody can take over from themselves."),
    "order": _("The end must come after the begin."),
    "past": _("That time has passed."),
    "not_on_call": _("Whoever is to be replaced is not on call on that layer at that time."),
    "overlap": _("Both stretches share some time: one of them would be on call twice."),
    "other": _("The rota cannot be changed like this."),
}
ACCOUNT_ERRORS: Final = {
    "taken": _("There is an account with this login already."),
    "unknown": _("There is no such account or token."),
    "login": _("A login is 2 to 64 lower-case characters without space or colon."),
    "name": _("There must be a name."),
    "municipality": _(
        "People of a municipality need a municipality, a machine may have one; nobody else may."
    ),
    "scope": _("Choose at least one thing that the token may do."),
    "lasts": _("A token lasts a year at most."),
    "token_taken": _("There is a token of this name already."),
    "keys": _("This is no set of public keys that can be used (JWK set; RSA or EC P-256)."),
    "keys_private": _(
        "A private key is in it. It is known to others now: make another pair of keys."
    ),
    "keys_url": _("The address of the keys begins with https://."),
    "keys_one": _("Give either the keys, or where they are."),
    "oneself": _("Another administrator must do that to your account."),
    "invalid": _("That is not possible."),
}

# Why something that a mechanic told is not taken.
REFUSALS: Final = {
    "closed": _("The ticket was closed already."),
    "wrong_kind": _("This cannot be done with a ticket of this kind."),
    "newer_alarm": _("The aid called for help again after that. Look again, then confirm anew."),
    "clock": _("The phone's clock was wrong, so nobody knows when that was. Confirm it anew."),
    "not_safe": _("First confirm that the person is safe."),
    "not_now": _("As the ticket stands now, this cannot be done."),
    "taken": _("A colleague has taken it on."),
    "not_on_call": _("Only who is on call can take it on. Ring the desk."),
    "report": _("Overdue maintenance asks a report, an advice and a photo of this visit."),
    "not_yours": _("This visit is not yours. Ring the desk if you were there."),
    "unknown": _("There is no such visit."),
    "invalid": _("The platform could not read this. Fill it in again."),
    "photo": _("The platform does not take this file. It takes photos of at most 10 MB."),
    "ours": _("Something went wrong with us. Try again later, or ring the desk."),
}
SECURITY: Final = {
    "two_places": _("two connections of one certificate push each other away"),
    "two_modems": _("two modems take turns under one name"),
    "counts_back": _("it counts back: perhaps a copy of its disk"),
    "number_twice": _("a call for help under a number that is used"),
    "revoked_speaks": _("it speaks though its certificates are revoked"),
    "strange_certificate": _("the broker refused a certificate"),
    "wrong_request": _("it asked for a certificate that is not its own"),
    "code_misused": _("a code was tried again with another key"),
    "renewal_refused": _("it asked for certificates too often"),
    "expires": _("its certificate ends soon and was not renewed"),
    "enrolled": _("it has got a certificate by a code"),
    "revoked": _("its certificates were revoked"),
}
SECURITY_DETAILS: Final = {
    "why": _("why"),
    "times": _("how often"),
    "minutes": _("within minutes"),
    "turns": _("changes of turn"),
    "session": _("session before and after"),
    "number": _("number before and after"),
    "serial": _("certificate"),
    "replaces": _("takes another modem's place"),
    "expires": _("good until"),
    "broker": _("the broker says"),
    "address": _("from the address"),
    "reason": _("why"),
}
REVOCATIONS: Final = {
    "replaced": _("replaced by another modem"),
    "stolen": _("stolen"),
    "lost": _("lost"),
    "cloned": _("cloned"),
    "retired": _("out of service"),
    "reset": _("set back"),
    "other": _("another reason"),
}
CAMPAIGNS: Final = {
    "running": _("runs"),
    "paused": _("pauses"),
    "stopped": _("stopped"),
    "finished": _("finished"),
}
CAMPAIGN_ACTIONS: Final = {
    "pause": _("Pause"),
    "resume": _("Resume"),
    "stop": _("Stop for good"),
}
CAMPAIGN_MEMBERS: Final = {
    "waiting": _("waits"),
    "ordered": _("under way"),
    "confirmed": _("confirmed"),
    "failed": _("failed"),
    "passed_over": _("passed over"),
}
CAMPAIGN_STAGES: Final = {
    "": _("not answered yet"),
    "accepted": _("accepted"),
    "downloaded": _("fetched, and as signed"),
    "installed": _("installed, on trial"),
    "started": _("started, on trial"),
    "confirmed": _("works"),
    "refused": _("refused"),
    "rolled_back": _("back to the one before"),
}
# What a modem, or time, said of an order: its first words.
CAMPAIGN_DETAILS: Final = {
    "not newer": _("it has something newer"),
    "superseded": _("a later order came"),
    "withdrawn": _("taken back"),
    "signature": _("not signed by the key that it trusts"),
    "digest": _("the bytes are not those that were signed"),
    "archive": _("cannot be unpacked"),
    "disk": _("no room on its disk"),
    "nothing here can do that": _("this modem cannot do that"),
    "busy": _("somebody was riding"),
    "expired": _("not fetched in time"),
    "no answer": _("no answer"),
    "no word since": _("nothing heard since"),
}
CAMPAIGN_EVENTS: Final = {
    "begun": _("begun"),
    "ring_begun": _("begins: ring"),
    "ring_reached": _("enough have confirmed: ring"),
    "paused": _("pauses"),
    "resumed": _("resumed"),
    "stopped": _("stopped"),
    "finished": _("finished"),
}
ALL: Final = {
    "stage": STAGES,
    "target": TARGETS,
    "clock_state": CLOCK_STATES,
    "channel": CHANNELS,
    "attempt": ATTEMPTS,
    "delay_verdict": DELAY_VERDICTS,
    "said": SAID,
    "rescue_way": RESCUE_WAYS,
    "rescue_first": RESCUE_FIRST,
    "order": ORDERS,
    "order_outcome": ORDER_OUTCOMES,
    "delay_reason": DELAY_REASONS,
    "outcome": OUTCOMES,
    "refusal": REFUSALS,
    "layer": LAYERS,
    "escalation": ESCALATIONS,
    "turn": TURNS,
    "rota_fault": ROTA_FAULTS,
    "level_of_place": LEVELS_OF_PLACE,
    "fault_class": FAULT_CLASSES,
    "kind": KINDS,
    "seat": SEATS,
    "landing": LANDINGS,
    "link": LINKS,
    "link_reason": LINK_REASONS,
    "level": LEVELS,
    "event": EVENTS,
    "repair_event": REPAIR_EVENTS,
    "ticket_kind": TICKET_KINDS,
    "what": WHATS,
    "call_state": CALL_STATES,
    "how": HOW,
    "part": PARTS,
    "detector": DETECTORS,
    "unread": UNREAD,
    "state": STATES,
    "role": ROLES,
    "account_error": ACCOUNT_ERRORS,
    "audit": AUDIT,
    "security": SECURITY,
    "revocation": REVOCATIONS,
    "campaign": CAMPAIGNS,
    "campaign_action": CAMPAIGN_ACTIONS,
    "campaign_member": CAMPAIGN_MEMBERS,
    "campaign_stage": CAMPAIGN_STAGES,
    "campaign_event": CAMPAIGN_EVENTS,
    "campaign_detail": CAMPAIGN_DETAILS,
    "security_detail": SECURITY_DETAILS,
}
