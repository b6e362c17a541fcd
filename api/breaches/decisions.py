"""A breach's clocks, and who is reminded when. Pure.

The supervisor (*Autoriteit Persoonsgegevens*) is told within 72 hours, on the clock and at
weekends too (AVG, art. 33). The law counts from when the municipality knows; we count from the
discovery, which is never later. The processor tells the municipality at once; clients are told
without delay when the risk for them is high (art. 34).
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

REPORT_WITHIN: Final = timedelta(hours=72)
# Since the discovery, as long as nothing is decided or done.
REMIND_AFTER: Final = (
    timedelta(hours=24),
    timedelta(hours=48),
    timedelta(hours=60),
    timedelta(hours=68),
    timedelta(hours=72),
)
REMIND_CLIENTS_EVERY: Final = timedelta(hours=24)


class BreachKind(StrEnum):
    """What happened."""

    SENT_WRONGLY = "sent_wrongly"
    LOST = "lost"
    STOLEN = "stolen"
    SEEN_WITHOUT_NEED = "seen_without_need"
    INTRUSION = "intrusion"
    PUBLISHED = "published"
    DESTROYED = "destroyed"
    UNAVAILABLE = "unavailable"
    OTHER = "other"


class Risk(StrEnum):
    """How likely it harms people."""

    UNKNOWN = "unknown"
    NONE = "none"
    LOW = "low"
    HIGH = "high"


class Step(StrEnum):
    """What can happen to a breach. The first three are the processor's."""

    ASSESS = "assess"
    ADD = "add"
    CLOSE = "close"
    DECIDE_REPORT = "decide_report"
    REPORTED = "reported"
    DECIDE_TELL = "decide_tell"
    CLIENTS_TOLD = "clients_told"
    CLOSE_OWN = "close_own"


OF_PROCESSOR: Final = frozenset({Step.ASSESS, Step.ADD, Step.CLOSE})


class Own(Struct, frozen=True, kw_only=True):
    """How far one municipality is with a breach."""

    told_at: datetime
    report: str | None
    reported_at: datetime | None
    tell: str | None
    clients_told_at: datetime | None
    closed_at: datetime | None


def report_due(discovered_at: datetime) -> datetime:
    """Return by when the supervisor is to be told."""
    return discovered_at + REPORT_WITHIN


def possible(own: Own, risk: Risk) -> frozenset[Step]:
    """Return what a municipality can do now."""
    if own.closed_at is not None:
        return frozenset()
    found: set[Step] = set()
    if own.reported_at is None:
        found.add(Step.DECIDE_REPORT)
    if own.report == "report" and own.reported_at is None:
        found.add(Step.REPORTED)
    if own.clients_told_at is None:
        found.add(Step.DECIDE_TELL)
    if own.tell == "tell" and own.clients_told_at is None:
        found.add(Step.CLIENTS_TOLD)
    reported = own.report == "no_report" or own.reported_at is not None
    told = own.tell == "no_tell" or own.clients_told_at is not None
    if reported and told and risk is not Risk.UNKNOWN:
        found.add(Step.CLOSE_OWN)
    return frozenset(found)


def reminder(own: Own, risk: Risk, discovered_at: datetime, now: datetime) -> str | None:
    """Return which reminder is due now, as a word that is sent once; None: none."""
    if own.closed_at is not None:
        return None
    since = now - discovered_at
    unreported = own.report is None or (own.report == "report" and own.reported_at is None)
    due = [after for after in REMIND_AFTER if since >= after]
    if unreported and due:
        return f"report-{due[-1] // timedelta(hours=1)}"
    untold = own.clients_told_at is None and own.tell != "no_tell"
    if risk is Risk.HIGH and untold and since >= REMIND_CLIENTS_EVERY:
        return f"clients-{since // REMIND_CLIENTS_EVERY}"
    return None
