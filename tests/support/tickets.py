"""Tickets' logs as a person would write them down: in Dutch time."""

from datetime import date, datetime

from diagnostics.tickets.calendar import ZONE
from diagnostics.tickets.clocks import Clocks, clocks_of
from diagnostics.tickets.entries import (
    AnyEntry,
    DelayReason,
    PauseBegun,
    PauseEnded,
    Reported,
)
from diagnostics.tickets.terms import Terms

TERMS = Terms(municipality_code="GM0405", valid_from=date(2025, 1, 1))
HOORN = 1621
TEXEL = 1791
EARLIER = "2026-03-09 10:00"  # a Monday in a week without holidays


def local(text: str) -> datetime:
    """Return a moment of Dutch time, or with the offset it has."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def report(at: str = EARLIER, priority: int = 2, postcode4: int = HOORN) -> Reported:
    return Reported(number=1, at=local(at), priority=priority, postcode4=postcode4)


def paused(  # noqa: PLR0917
    begin: str,
    end: str | None = None,
    number: int = 10,
    reason: DelayReason = DelayReason.CLIENT_WISH,
    evidence: str = "call of 10 March",
    attributable: bool | None = False,
) -> list[AnyEntry]:
    name = f"p{number}"
    first = PauseBegun(
        number=number,
        at=local(begin),
        pause=name,
        reason=reason,
        evidence=evidence,
        attributable=attributable,
    )
    if end is None:
        return [first]
    return [first, PauseEnded(number=number + 1, at=local(end), pause=name)]


def read(log: list[AnyEntry], now: str = "2028-01-01 00:00") -> Clocks:
    return clocks_of(log, TERMS, local(now))
