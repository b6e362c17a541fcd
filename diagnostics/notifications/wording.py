"""What a message says to a person, in their language. Nothing personal of a client. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Final

from babel.dates import format_datetime
from msgspec import Struct

from diagnostics.notifications import about_misuse
from diagnostics.notifications.message import EMERGENCY_PRIORITY, Outgoing, Subject, asked
from diagnostics.texts import translated
from diagnostics.tickets.calendar import ZONE

# By what is asked; English, which is the key of the catalogue.
_TITLES: Final = {
    "ring": "The desk is asked to answer",
    "page": "You are asked to go",
    "call": "Nobody has answered: you are asked to take care",
    "suggest_fire_brigade": "Consider calling the fire brigade: 112",
    "warned": "A term is about to pass",
    "breached": "A term has passed",
    "test": "This is a test",
    "rota": "Somebody is missing on the rota",
    "platform": "The platform is ill",
    "platform_over": "The platform is well again",
    "kpi": "A target of the contract is at risk",
    "report_due": "A report is not there yet",
    "security": "Something is odd about who a modem is",
}
_OTHER: Final = "News"
LETTER: Final = "letter"
# By the payload's ``why``.
_REASONS: Final = {
    "unanswered": "Nobody has answered yet.",
    "forgotten": "Somebody had said to take care of it, and no more was heard.",
    "priority": "The priority has changed.",
}
_AIDS: Final = {
    "stairlift": "stairlift",
    "scooter": "scooter",
    "wheelchair": "wheelchair",
    "hoist": "hoist",
}
_KINDS: Final = {
    "emergency": "Emergency",
    "repair": "Repair",
    "service": "Service",
    "inspection": "Inspection",
    "complaint_visit": "Visit after a complaint",
    "request": "Request",
}
_LAYERS: Final = {
    "desk": "Desk",
    "mechanic": "Mechanic",
    "backup": "Back-up",
    "manager": "Manager",
}
_DAY_AND_TIME: Final = "d MMMM HH:mm"
# Sentences that stand in the catalogue beside the tables above.
_PRIORITY: Final = "Priority"
_AID: Final = "Aid"
_POSTCODE: Final = "Postcode"
_SINCE: Final = "Since"
_TICKET: Final = "Ticket"
_NUMBER: Final = "Message number"
_UNREACHABLE: Final = "Cannot be reached"

SENTENCES: Final = (
    *_TITLES.values(),
    *_REASONS.values(),
    *_AIDS.values(),
    *_KINDS.values(),
    *_LAYERS.values(),
    *about_misuse.SENTENCES,
    *(_OTHER, _PRIORITY, _AID, _POSTCODE, _SINCE, _TICKET, _NUMBER, _UNREACHABLE),
)


class Wording(Struct, frozen=True, kw_only=True):
    """A message in words."""

    title: str
    lines: tuple[str, ...]
    link: str  # empty: there is nothing to look at

    @property
    def text(self) -> str:
        """As plain text."""
        link = ("", self.link) if self.link else ()
        return "\n".join((*self.lines, *link, ""))

    @property
    def html(self) -> str:
        """As a page that needs nothing from outside."""
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in self.lines)
        link = escape(self.link)
        linked = f'<p><a href="{link}">{link}</a></p>' if link else ""
        return f"<html><body>{paragraphs}{linked}</body></html>"


def worded(message: Outgoing, *, now: datetime, public_url: str) -> Wording:
    """Put ``message`` into words.

    Args:
        message: whose payload says what is asked (``how`` or ``kind``), perhaps ``why``, ``text``,
            or ``gaps`` of the rota.
        now: the present.
        public_url: of the desk.
    """
    language, base = message.language, public_url.rstrip("/")
    if asked(message.payload) == LETTER:
        # As it was written, to somebody who has no account here.
        lines = tuple(message.payload["text"].replace("\n\n", "\n \n").splitlines())
        return Wording(title=message.payload["title"], lines=lines, link="")
    if asked(message.payload) in about_misuse.KINDS:
        title, lines = about_misuse.said(message.payload, language)
        return Wording(title=title, lines=lines, link=base + message.payload["path"])
    what = _said(_TITLES, _about(message), language, otherwise=_OTHER)
    why = message.payload.get("why")
    reason = [_said(_REASONS, why, language, otherwise="")] if why in _REASONS else []
    said = [*_gaps(message, language), *_ill(message), *filter(None, [message.payload.get("text")])]
    number = f"{translated(_NUMBER, language)}: {message.notification_id}"
    if message.subject is None:
        lines = (what, *reason, *said, number)
        link = base + message.payload.get("path", "/")
        return Wording(title=message.payload.get("title", what), lines=lines, link=link)
    subject = message.subject
    kind = _said(_KINDS, subject.kind, language, otherwise=subject.kind)
    return Wording(
        title=_title(subject, kind, what, language),
        lines=(what, *reason, *said, *_facts(subject, kind, language, now), number),
        link=f"{base}/tickets/{subject.ticket_id}",
    )


def _about(message: Outgoing) -> str:
    over = message.payload.get("kind") == "platform" and message.payload.get("state") == "over"
    return "platform_over" if over else asked(message.payload)


def _ill(message: Outgoing) -> Iterator[str]:
    """Yield which part of the platform is ill, and how."""
    if message.payload.get("kind") == "platform":
        yield f"{message.payload.get('part')}: {message.payload.get('detail')}"


def _gaps(message: Outgoing, language: str) -> Iterator[str]:
    """Yield when which layer of the rota is empty, and who is of no use on it."""
    for gap in message.payload.get("gaps", ()):
        begin, end = (
            format_datetime(
                datetime.fromisoformat(gap[name]).astimezone(ZONE), _DAY_AND_TIME, locale=language
            )
            for name in ("begin", "end")
        )
        layer = _said(_LAYERS, gap["layer"], language, otherwise=gap["layer"])
        yield f"{layer}: {begin} - {end}"
    for name in message.payload.get("unreachable", ()):
        yield f"{translated(_UNREACHABLE, language)}: {name}"


def _title(subject: Subject, kind: str, what: str, language: str) -> str:
    priority = "" if subject.priority is None else f"P{subject.priority} "
    kind = kind.upper() if subject.priority == EMERGENCY_PRIORITY else kind
    aid = _said(_AIDS, subject.device_kind, language, otherwise=subject.device_kind)
    return f"{priority}{kind}: {aid} {subject.device}, {subject.postcode4}: {what}"


def _facts(subject: Subject, kind: str, language: str, now: datetime) -> tuple[str, ...]:
    since = subject.since.astimezone(ZONE)
    today = since.date() == now.astimezone(ZONE).date()
    time = format_datetime(since, "HH:mm" if today else _DAY_AND_TIME, locale=language)
    aid = _said(_AIDS, subject.device_kind, language, otherwise=subject.device_kind)
    rows = (
        (_TICKET, f"{subject.ticket_id} ({kind})"),
        (_PRIORITY, str(subject.priority or "-")),
        (_AID, f"{subject.device} ({aid})"),
        (_POSTCODE, str(subject.postcode4)),
        (_SINCE, time),
    )
    return tuple(f"{translated(name, language)}: {value}" for name, value in rows)


def _said(words: Mapping[str, str], key: str, language: str, *, otherwise: str) -> str:
    return translated(words.get(key, otherwise), language)
