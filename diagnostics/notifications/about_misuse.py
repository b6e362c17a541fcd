"""What a mail about a signal of improper use says: little. The rest is behind the sign-in. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from babel.dates import format_date

from diagnostics.texts import translated
from diagnostics.tickets.calendar import ZONE

_TITLES: Final = {
    "misuse_reported": "Signal about the use of an aid",
    "misuse_reminder": "Signal about the use of an aid: your decision is awaited",
    "misuse_quote": "Signal about the use of an aid: repair quote",
}
_LINES: Final = {
    "misuse_reported": "A signal about the use of an aid has been registered for you to weigh.",
    "misuse_reminder": "You have not recorded a decision on this signal yet.",
    "misuse_quote": "A repair quote was added to this signal. You decide whether the costs are "
    "recovered.",
}
_NO_PROOF: Final = "A signal is no proof and accuses nobody."
_OVERDUE: Final = "The day by which you meant to decide has passed."
_CLIENT: Final = "Client number"
_AID: Final = "Aid"
_CASE: Final = "Case"
_DECIDE_BY: Final = "Decide by"
_BEHIND: Final = "What was seen stands behind this link, after signing in:"
KINDS: Final = frozenset(_TITLES)
SENTENCES: Final = (
    *_TITLES.values(),
    *_LINES.values(),
    *(_NO_PROOF, _OVERDUE, _CLIENT, _AID, _CASE, _DECIDE_BY, _BEHIND),
)


def said(payload: Mapping[str, Any], language: str) -> tuple[str, tuple[str, ...]]:
    """Return the title and the lines of a message; ``payload`` as ``misuse.notices`` makes it."""

    def word(text: str) -> str:
        return translated(text, language)

    kind = payload["kind"]
    title = f"{word(_TITLES[kind])} ({word(_CASE).lower()} {payload['case']})"
    lines = [word(_LINES[kind])]
    if payload.get("overdue"):
        lines.append(word(_OVERDUE))
    lines += [
        word(_NO_PROOF),
        f"{word(_CLIENT)}: {payload.get('client') or '-'}",
        f"{word(_AID)}: {payload['device']}",
        f"{word(_CASE)}: {payload['case']}",
    ]
    if payload.get("decide_by"):
        # The moment at which that day is over.
        last = datetime.fromisoformat(payload["decide_by"]) - timedelta(seconds=1)
        day = format_date(last.astimezone(ZONE).date(), "EEEE d MMMM yyyy", locale=language)
        lines.append(f"{word(_DECIDE_BY)}: {day}")
    return title, (*lines, word(_BEHIND))
