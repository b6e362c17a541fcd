"""What the pages of privacy call things; translated through the catalogue."""

from typing import Final

from api.words import _

# Why somebody looked, as ``looking`` and the database write it down.
LOOK_REASONS: Final = {
    "client file": _("client file"),
    "aid file": _("file of an aid"),
    "ticket": _("ticket"),
    "order": _("order"),
    "complaint": _("complaint"),
    "misuse case": _("signal about use"),
    "subject request": _("request about data"),
    "letter": _("letter"),
    "search": _("search"),
    "caller": _("who called"),
    "declaration": _("declaration"),
}
ALL: Final = {"look_reason": LOOK_REASONS}
