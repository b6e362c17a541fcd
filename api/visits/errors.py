"""Why something told of a visit is not taken."""

from enum import StrEnum
from http import HTTPStatus

from api.problems import ProblemError
from diagnostics.tickets.errors import (
    NewerAlarm,
    NotReleased,
    TicketClosed,
    TicketError,
    TicketNotFound,
    WrongKind,
)


class Why(StrEnum):
    """What stands in the way, in a word; ``words.REFUSALS`` says it to people."""

    CLOSED = "closed"
    WRONG_KIND = "wrong_kind"
    NEWER_ALARM = "newer_alarm"
    CLOCK = "clock"
    NOT_SAFE = "not_safe"
    NOT_NOW = "not_now"
    TAKEN = "taken"
    NOT_ON_CALL = "not_on_call"
    NOT_YOURS = "not_yours"
    UNKNOWN = "unknown"
    REPORT = "report"
    INVALID = "invalid"
    OURS = "ours"


class RefusedError(ProblemError):
    """As things stand it cannot be taken."""

    status = HTTPStatus.CONFLICT

    def __init__(self, why: Why, detail: str) -> None:
        super().__init__(detail)
        self.why = why


def why(error: TicketError) -> Why:
    """Return what is the matter with a ticket."""
    match error:
        case TicketClosed():
            return Why.CLOSED
        case WrongKind():
            return Why.WRONG_KIND
        case NewerAlarm():
            return Why.NEWER_ALARM
        case NotReleased():
            return Why.NOT_SAFE
        case TicketNotFound():
            return Why.UNKNOWN
        case _:
            return Why.NOT_NOW
