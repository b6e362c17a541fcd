"""What comes of a command: how the case stands + command + who, and when → events. Pure.

``change`` then makes the case of the longer log, with the messages that go out with it.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from diagnostics.misuse import life
from diagnostics.misuse.commands import (
    Accept,
    AddSignal,
    AnyCommand,
    AskVisit,
    Close,
    Decide,
    EndSignal,
    Note,
    Quote,
    Reject,
    Remind,
    TellSide,
)
from diagnostics.misuse.errors import CaseChanged, CaseNotNow
from diagnostics.misuse.items import KINDS
from diagnostics.misuse.model import (
    Case,
    Change,
    Decision,
    Event,
    EventKind,
    File,
    Head,
    Outcome,
    Source,
    Stage,
)
from diagnostics.misuse.notices import notices_of
from diagnostics.misuse.quote import totals
from diagnostics.misuse.terms import MisuseTerms
from diagnostics.tickets.commands import By

_REVIEW: Final = frozenset({Stage.SIGNALLED, Stage.VISIT})
_TOLD: Final = frozenset({Stage.REPORTED, Stage.DECIDED})


def check_version(head: Head, expected: int | None) -> None:
    """Refuse to decide on a case that changed since the actor saw it; None: whatever it became.

    Raises:
        CaseChanged: its version is not ``expected``.
    """
    if expected is not None and head.version != expected:
        raise CaseChanged(head.case_id, expected=expected, actual=head.version)


def decide(case: Case, command: AnyCommand, by: By, terms: MisuseTerms) -> tuple[Event, ...]:
    """Return what happens; nothing, if it is so already.

    Args:
        case: as it stands.
        command: what is asked.
        by: who asks.
        terms: of the municipality, today.

    Raises:
        CaseNotNow: it cannot be, as things stand.
        ValueError: a moment or a value makes no sense.
    """
    decision: _Decision = _DECISIONS[type(command)]
    return tuple(decision(case, command, by.checked(), terms))


def change(file: File, events: Iterable[Event]) -> Change:
    """Return what ``events`` make of the case."""
    after = life.plus(file, events)
    new = after.events[len(file.events) :]
    case = life.case_of(after)
    return Change(case=case, events=new, notices=tuple(notices_of(case, after, new)))


def _signal(case: Case, command: AddSignal, by: By, terms: MisuseTerms) -> tuple[Event, ...]:
    _require_open(case)
    if command.what not in KINDS:
        raise ValueError(f"no such kind of use: {command.what}")
    if command.since > by.now:
        raise ValueError("what is signalled has begun: not in the future")
    finding = command.detail.get("finding")
    if finding is not None and any(each.finding == finding for each in case.signals):
        return ()
    detail = {
        "source": command.source.value,
        "what": command.what,
        "since": command.since.isoformat(),
        **command.detail,
    }
    signalled = _event(EventKind.SIGNALLED, by, detail)
    # What a person writes down a person has seen to already; it is the desk's to pass on.
    found = command.source is Source.DETECTOR
    if found and case.stage is Stage.SIGNALLED and terms.wants_unreviewed(command.what):
        return (signalled, _reported(case, by, terms, unreviewed=True))
    return (signalled,)


def _end_signal(case: Case, command: EndSignal, by: By, _: MisuseTerms) -> tuple[Event, ...]:
    lasting = {each.finding for each in case.signals if not each.over}
    if not case.open or command.finding not in lasting:
        return ()
    return (_event(EventKind.SIGNAL_OVER, by, {"finding": command.finding}),)


def _visit(case: Case, command: AskVisit, by: By, _: MisuseTerms) -> tuple[Event, ...]:
    _require_review(case)
    detail = {"ticket": command.ticket, "text": command.text}
    return (_event(EventKind.VISIT_ASKED, by, detail),)


def _accept(case: Case, command: Accept, by: By, terms: MisuseTerms) -> tuple[Event, ...]:
    _require_review(case)
    detail = {"item": command.item.value, "text": command.text}
    accepted = _event(EventKind.ACCEPTED, by, detail)
    return (accepted, _reported(case, by, terms, unreviewed=False))


def _reject(case: Case, command: Reject, by: By, _: MisuseTerms) -> tuple[Event, ...]:
    _require_review(case)
    _require_text(command.text, "say why it is nothing")
    detail = {"reason": command.reason.value, "text": command.text}
    return (_event(EventKind.REJECTED, by, detail),)


def _remind(case: Case, _: Remind, by: By, terms: MisuseTerms) -> tuple[Event, ...]:
    if case.remind_at is None or case.remind_at > by.now:
        return ()
    detail = {
        "number": case.reminders + 1,
        "overdue": case.overdue(by.now),
        "to": sorted(terms.mailboxes),
    }
    return (_event(EventKind.REMINDED, by, detail),)


def _client(_: Case, command: TellSide, by: By, __: MisuseTerms) -> tuple[Event, ...]:
    _require_text(command.text, "write down what the client says")
    detail = {"text": command.text, "teller": command.teller.value, "way": command.way.value}
    return (_event(EventKind.CLIENT_SAID, by, detail),)


def _note(_: Case, command: Note, by: By, __: MisuseTerms) -> tuple[Event, ...]:
    _require_text(command.text, "a note has a text")
    return (_event(EventKind.NOTED, by, {"text": command.text}),)


def _quote(case: Case, command: Quote, by: By, terms: MisuseTerms) -> tuple[Event, ...]:
    require_quotable(case)
    _require_text(command.explanation, "a quote explains what is to be repaired, and why")
    sums = totals(command.lines)
    detail: dict[str, Any] = {
        "lines": [
            {
                "kind": line.kind.value,
                "text": line.text,
                **{name: str(getattr(line, name)) for name in ("amount", "price", "vat")},
                "net": str(line.net),
            }
            for line in command.lines
        ],
        "net": str(sums.net),
        "vat": [[str(part) for part in each] for each in sums.vat],
        "gross": str(sums.gross),
        "explanation": command.explanation,
        "advice": command.advice,
        "file": command.file,
        "sha256": command.sha256,
        "to": sorted(terms.mailboxes),
    }
    return (_event(EventKind.QUOTED, by, detail),)


def _decide(case: Case, command: Decide, by: By, _: MisuseTerms) -> tuple[Event, ...]:
    if case.stage not in _TOLD:
        raise CaseNotNow(case.case_id, "it is not before the municipality")
    _require_text(command.reason, "a decision has a reason")
    _require_text(command.person, "say who decides")
    detail: dict[str, Any] = {
        "decision": command.decision.value,
        "reason": command.reason,
        "person": command.person,
        "client_heard": case.client_heard,
    }
    if command.decision is Decision.RECOVER and case.quotes:
        detail["quote"] = case.quotes[-1]
    decided = _event(EventKind.DECIDED, by, detail)
    if command.decision is Decision.UNFOUNDED:
        return (decided, _closed(Outcome.UNFOUNDED, by))
    return (decided,)


def _close(case: Case, command: Close, by: By, _: MisuseTerms) -> tuple[Event, ...]:
    if case.stage is not Stage.DECIDED:
        raise CaseNotNow(case.case_id, "the municipality has not decided yet")
    return (_closed(Outcome.DECIDED, by, command.text),)


_Decision = Callable[[Case, Any, By, MisuseTerms], Iterable[Event]]
_DECISIONS: Final[dict[type, _Decision]] = {
    AddSignal: _signal,
    EndSignal: _end_signal,
    AskVisit: _visit,
    Accept: _accept,
    Reject: _reject,
    Remind: _remind,
    TellSide: _client,
    Note: _note,
    Quote: _quote,
    Decide: _decide,
    Close: _close,
}


def require_quotable(case: Case) -> None:
    """Refuse a quote for what the municipality has not been told of.

    Raises:
        CaseNotNow: it is not before the municipality.
    """
    if case.stage not in _TOLD:
        raise CaseNotNow(case.case_id, "a quote follows the report to the municipality")


def _reported(case: Case, by: By, terms: MisuseTerms, *, unreviewed: bool) -> Event:
    detail = {
        "unreviewed": unreviewed,
        "decide_by": terms.decide_by(by.now).isoformat(),
        "to": sorted(terms.mailboxes),
        "client": case.client_number,
    }
    # Reporting is now, whenever what is reported was.
    return Event(EventKind.REPORTED, by.now, by.actor, detail, request_id=by.request_id)


def _closed(outcome: Outcome, by: By, text: str = "") -> Event:
    detail = {"outcome": outcome.value, **({"text": text} if text else {})}
    return Event(EventKind.CLOSED, by.now, by.actor, detail, request_id=by.request_id)


def _event(kind: EventKind, by: By, detail: dict[str, Any]) -> Event:
    return Event(kind, by.now, by.actor, detail, by.happened_at, by.request_id)


def _require_open(case: Case) -> None:
    if not case.open:
        raise CaseNotNow(case.case_id, "it is closed")


def _require_review(case: Case) -> None:
    if case.stage not in _REVIEW:
        raise CaseNotNow(case.case_id, "it is not to be reviewed any more")


def _require_text(text: str, otherwise: str) -> None:
    if not text.strip():
        raise ValueError(otherwise)
