"""What goes out with a change: mails to the municipality, and events to its systems. Pure.

Neither carries more than is needed to find the case: a client's number, which is a pseudonym, the
aid's, and a link. What was seen, what anybody said, and names stay behind the sign-in.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from diagnostics.misuse.life import terms_at
from diagnostics.misuse.model import Case, Event, EventKind, File, Stage
from diagnostics.tickets.model import Notice
from diagnostics.tickets.notices import WEBHOOK

EMAIL: Final = "email"
MAILBOX: Final = "mailbox:"  # before an address: no login has a colon
EVENT_TYPE: Final = "nl.liftwacht.misuse."
_EVENT_SOURCE: Final = "urn:liftwacht:diagnostics"
_MAILED: Final = {
    EventKind.REPORTED: "misuse_reported",
    EventKind.REMINDED: "misuse_reminder",
    EventKind.QUOTED: "misuse_quote",
}
_TOLD: Final = frozenset(
    {
        *(EventKind.REPORTED, EventKind.REMINDED, EventKind.CLIENT_SAID, EventKind.QUOTED),
        *(EventKind.DECIDED, EventKind.CLOSED, EventKind.SIGNALLED, EventKind.SIGNAL_OVER),
    }
)
EVENT_TYPES: Final = tuple(sorted(EVENT_TYPE + kind.value for kind in _TOLD))


def notices_of(case: Case, file: File, events: Sequence[Event]) -> Iterator[Notice]:
    """Yield the messages that go out with ``events``; of what nobody was told of, none."""
    if case.reported_at is None:
        return
    reported = next(e.number for e in file.events if e.kind is EventKind.REPORTED)
    for event in events:
        if event.kind in _TOLD and event.number >= reported:
            yield _webhook(case, event)
        if event.kind in _MAILED:
            yield from _mails(case, file, event)


def path(case_id: int) -> str:
    """Return where the municipality finds the case."""
    return f"/portal/misuse/{case_id}"


def _mails(case: Case, file: File, event: Event) -> Iterator[Notice]:
    for what, address in terms_at(file, event.at).mailboxes.items():
        yield Notice(
            dedup_key=f"{EMAIL}:{_name(case, event)}:{what}",
            channel=EMAIL,
            recipient=MAILBOX + address,
            payload={
                "kind": _MAILED[event.kind],
                "case": case.case_id,
                "client": case.client_number,
                "device": case.device_name,
                "decide_by": case.decide_by and case.decide_by.isoformat(),
                "overdue": bool(event.detail.get("overdue")),
                "path": path(case.case_id),
            },
        )


def _webhook(case: Case, event: Event) -> Notice:
    """Return the event as CloudEvents 1.0 structured JSON."""
    data: dict[str, Any] = {
        "case": case.case_id,
        "device": case.device_name,
        "client": case.client_number,
        "municipality": case.municipality_code,
        "kind": case.kind,
        "item": case.item.value,
        "stage": case.stage.value,
        "decide_by": case.decide_by and case.decide_by.isoformat(),
        "overdue": case.stage is Stage.REPORTED and bool(event.detail.get("overdue")),
    }
    if case.decision is not None:
        data["decision"] = case.decision.value
    name = _name(case, event)
    return Notice(
        dedup_key=f"{WEBHOOK}:{name}",
        channel=WEBHOOK,
        recipient="default",
        payload={
            "specversion": "1.0",
            "id": name,
            "source": _EVENT_SOURCE,
            "type": EVENT_TYPE + event.kind.value,
            "subject": str(case.case_id),
            "time": event.at.isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        },
    )


def _name(case: Case, event: Event) -> str:
    return f"misuse-{case.case_id}-{event.number}-{event.kind}"
