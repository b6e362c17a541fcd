"""What the pages of breaches call things; translated through the catalogue."""

from typing import Final


def _(text: str) -> str:
    """Mark for translation; translated where it is shown."""
    return text


STEPS: Final = {
    "assess": _("Assess the risk"),
    "add": _("Measures taken"),
    "close": _("Close"),
    "decide_report": _("Report to the supervisor?"),
    "reported": _("It was reported to the supervisor"),
    "decide_tell": _("Tell the clients?"),
    "clients_told": _("The clients were told"),
    "close_own": _("Close for our municipality"),
}
ASKED: Final = {
    "assess": _("Why?"),
    "add": _("What was done?"),
    "close": _("What was learnt?"),
    "decide_report": _("Why?"),
    "reported": _("Number of the report"),
    "decide_tell": _("Why?"),
    "clients_told": _("How were they told?"),
    "close_own": _("Remark"),
}
EVENTS: Final = {
    "registered": _("registered; the municipality was told"),
    "assessed": _("risk assessed"),
    "added": _("measures added"),
    "report_decided": _("decided about the report"),
    "reported": _("reported to the supervisor"),
    "tell_decided": _("decided about telling clients"),
    "clients_told": _("clients told"),
    "municipality_closed": _("closed by the municipality"),
    "closed": _("closed"),
    "reminded": _("reminded"),
}
ALL: Final = {"breach_step": STEPS, "breach_asked": ASKED, "breach_event": EVENTS}
