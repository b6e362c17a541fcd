"""A request's life and its legal clock. Pure.

Within a month of its receipt; that may be made longer by two more, if the client is told why within
the first (AVG, art. 12 lid 3). A term that would end on a day off ends with the next working day
(Regulation 1182/71, art. 3).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from diagnostics.complaints.due import months_later
from diagnostics.tickets.calendar import dutch_day, end_of_day, is_working_day

MONTHS: Final = 1
MONTHS_MORE: Final = 2


class Kind(StrEnum):
    """What is asked."""

    ACCESS = "access"  # *inzage*
    ERASURE = "erasure"  # *verwijdering*
    RECTIFICATION = "rectification"  # *rectificatie*
    RESTRICTION = "restriction"  # *beperking*


class Via(StrEnum):
    """How it came."""

    LETTER = "letter"
    EMAIL = "email"
    PHONE = "phone"
    IN_PERSON = "in_person"


class Decision(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class Step(StrEnum):
    """What can happen to a request."""

    IDENTIFY = "identify"  # whoever asks is who they say
    EXTEND = "extend"
    DECIDE = "decide"
    ERASE = "erase"
    RECTIFY = "rectify"
    RESTRICT = "restrict"
    LIFT = "lift"  # the restriction
    ANSWER = "answer"
    NOTE = "note"


DOES: Final[Mapping[Kind, Step]] = {
    Kind.ERASURE: Step.ERASE,
    Kind.RECTIFICATION: Step.RECTIFY,
    Kind.RESTRICTION: Step.RESTRICT,
}


class Request(Struct, frozen=True, kw_only=True):
    """How a request stands. ``restricted``: whether its restriction holds."""

    kind: Kind
    received_at: datetime
    due_at: datetime
    extended: bool
    identified_at: datetime | None
    decision: Decision | None
    done_at: datetime | None
    answered_at: datetime | None
    restricted: bool = False

    @property
    def granted(self) -> bool:
        """Whether something is to be done."""
        return self.decision in (Decision.GRANTED, Decision.PARTLY)


def due_of(received_at: datetime, *, extended: bool = False) -> datetime:
    """Return by when a request is to be answered that came at a moment (aware)."""
    months = MONTHS + (MONTHS_MORE if extended else 0)
    return end_of_day(_working(months_later(dutch_day(received_at), months)))


def possible(request: Request, now: datetime) -> frozenset[Step]:
    """Return what can be done with a request at a moment."""
    if request.answered_at is not None:
        # Its restriction may be lifted long after it was answered.
        return frozenset({Step.LIFT}) if request.restricted else frozenset()
    found = {Step.NOTE}
    if request.identified_at is None:
        found.add(Step.IDENTIFY)
    if not request.extended and now < due_of(request.received_at):
        found.add(Step.EXTEND)
    if request.decision is None:
        found.add(Step.DECIDE)
        return frozenset(found)
    if request.granted and request.identified_at is not None and request.kind in DOES:
        does = DOES[request.kind]
        # What was left over when something was open can be erased later.
        if request.done_at is None or does is Step.ERASE:
            found.add(does)
    if request.restricted:
        found.add(Step.LIFT)
    gathers = request.kind is Kind.ACCESS and request.done_at is None
    if not request.granted or request.done_at is not None or gathers:
        found.add(Step.ANSWER)
    return frozenset(found)


def may_decide(request: Request, decision: Decision) -> bool:
    """Tell whether that can be decided: nothing is granted to somebody who may be somebody else."""
    return decision is Decision.REFUSED or request.identified_at is not None


def gathers(request: Request) -> bool:
    """Tell whether everything about the client may be gathered now."""
    return (
        request.kind is Kind.ACCESS
        and request.granted
        and request.identified_at is not None
        and request.answered_at is None
    )


def _working(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
