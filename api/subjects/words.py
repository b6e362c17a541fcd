"""What the pages of requests and breaches call things; translated through the catalogue."""

from typing import Final


def _(text: str) -> str:
    """Mark for translation; translated where it is shown."""
    return text


KINDS: Final = {
    "access": _("access to data"),
    "erasure": _("erasure of data"),
    "rectification": _("rectification of data"),
    "restriction": _("restriction of processing"),
}
VIA: Final = {
    "letter": _("letter"),
    "email": _("e-mail"),
    "phone": _("telephone"),
    "in_person": _("in person"),
}
DECISIONS: Final = {
    "granted": _("granted"),
    "partly": _("granted in part"),
    "refused": _("refused"),
}
STEPS: Final = {
    "identify": _("Identity was checked"),
    "extend": _("Extend by two months"),
    "decide": _("Decide"),
    "erase": _("Erase now"),
    "rectify": _("It was corrected"),
    "restrict": _("Restrict processing"),
    "lift": _("Lift the restriction"),
    "answer": _("The client was answered"),
    "note": _("Note"),
}
ASKED: Final = {
    "identify": _("How was it made sure who asks? (no document numbers)"),
    "extend": _("Why is more time needed? The client is told this."),
    "decide": _("Why?"),
    "erase": _("Remark"),
    "rectify": _("What was corrected, by whom?"),
    "restrict": _("Remark"),
    "lift": _("Why?"),
    "answer": _("How, and what was the client told?"),
    "note": _("Note"),
}
EVENTS: Final = {
    "received": _("received"),
    "identified": _("identity checked"),
    "extended": _("term extended"),
    "decided": _("decided"),
    "gathered": _("data gathered"),
    "erased": _("erased"),
    "rectified": _("corrected"),
    "restricted": _("processing restricted"),
    "lifted": _("restriction lifted"),
    "answered": _("client answered"),
    "noted": _("note"),
}
ALL: Final = {
    "subject_kind": KINDS,
    "subject_via": VIA,
    "subject_decision": DECISIONS,
    "subject_step": STEPS,
    "subject_asked": ASKED,
    "subject_event": EVENTS,
}
