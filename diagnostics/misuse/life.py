"""How a case stands, from its log. Pure.

Nothing is counted along: the same log gives the same case, in how many pieces it ever came.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from diagnostics.misuse.items import KINDS, Item
from diagnostics.misuse.model import (
    SILENT,
    Case,
    Decision,
    Event,
    EventKind,
    File,
    Outcome,
    Signal,
    Source,
    Stage,
)
from diagnostics.misuse.terms import MisuseTerms, terms_on
from diagnostics.tickets.calendar import dutch_day


def plus(file: File, events: Iterable[Event]) -> File:
    """Return the file with ``events`` written at the end of its log."""
    written = list(file.events)
    for event in events:
        written.append(replace(event, number=len(written) + 1))
    return replace(file, events=tuple(written))


def terms_at(file: File, at: datetime) -> MisuseTerms:
    """Return what the municipality agreed upon for the day of ``at``."""
    return terms_on(file.terms, file.head.municipality_code, dutch_day(at))


def case_of(file: File) -> Case:
    """Return how the case stands."""
    head = file.head
    case = Case(
        case_id=head.case_id,
        device_id=head.device_id,
        device_name=head.device_name,
        client_number=head.client_number,
        municipality_code=head.municipality_code,
        kind=head.kind,
        item=KINDS.get(head.kind, Item.OTHER_PURPOSE),
        opened_at=head.opened_at,
        since=head.opened_at,
    )
    for event in file.events:
        changes = _changes(case, event, file)
        if event.number > 1 and event.kind not in SILENT:
            changes["version"] = case.version + 1
        case = replace(case, **changes) if changes else case
    return case


def _changes(case: Case, event: Event, file: File) -> dict[str, Any]:  # noqa: C901 - one table
    at, detail = event.moment, event.detail
    changes: dict[str, Any] = {}
    match event.kind:
        case EventKind.SIGNALLED:
            signal = _signal(event)
            changes["signals"] = (*case.signals, signal)
            changes["since"] = min(signal.since, case.since)
        case EventKind.SIGNAL_OVER:
            changes["signals"] = tuple(
                replace(each, over=True) if each.finding == detail["finding"] else each
                for each in case.signals
            )
        case EventKind.VISIT_ASKED:
            changes |= {"stage": Stage.VISIT, "visit": detail["ticket"]}
        case EventKind.ACCEPTED:
            changes["item"] = Item(detail["item"])
        case EventKind.REPORTED:
            terms = terms_at(file, at)
            changes |= {
                "stage": Stage.REPORTED,
                "unreviewed": detail["unreviewed"],
                "reported_at": at,
                # As it was said then, whatever is agreed upon later.
                "decide_by": datetime.fromisoformat(detail["decide_by"]),
                "remind_at": terms.remind_at(at),
            }
        case EventKind.REMINDED:
            terms = terms_at(file, at)
            changes |= {"reminders": case.reminders + 1, "remind_at": terms.remind_at(at)}
        case EventKind.CLIENT_SAID:
            changes["client_heard"] = True
        case EventKind.QUOTED:
            changes["quotes"] = (*case.quotes, event.number)
        case EventKind.DECIDED:
            changes |= {
                "stage": Stage.DECIDED,
                "decision": Decision(detail["decision"]),
                "decided_at": at,
                "remind_at": None,
            }
        case EventKind.REJECTED:
            changes |= _closed(Outcome.REJECTED, at)
        case EventKind.CLOSED:
            changes |= _closed(Outcome(detail["outcome"]), at)
        case _:
            pass
    return changes


def _closed(outcome: Outcome, at: datetime) -> dict[str, Any]:
    return {"stage": Stage.CLOSED, "outcome": outcome, "closed_at": at, "remind_at": None}


def _signal(event: Event) -> Signal:
    detail = event.detail
    return Signal(
        source=Source(detail["source"]),
        what=detail["what"],
        since=datetime.fromisoformat(detail["since"]),
        at=event.at,
        detector=detail.get("detector"),
        version=detail.get("detector_version"),
        finding=detail.get("finding"),
        confidence=detail.get("confidence"),
    )
