"""What a contract promises, as data: terms per municipality, each valid between two days."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from msgspec import DecodeError, Struct, json

from diagnostics.tickets.entries import DelayReason, Window

EMERGENCY: Final = 1  # the priority of which the on-site time is never paused


class Unit(StrEnum):
    """In what a term is counted."""

    HOURS = "hours"  # on the clock, day and night
    CALENDAR_DAYS = "calendar_days"  # full ones: the day of the report does not count
    WORKING_DAYS = "working_days"  # likewise


class Term(Struct, frozen=True, forbid_unknown_fields=True):
    """Within how much time after the report."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a term that is none."""
        if self.amount < 1:
            raise ValueError(f"a term of {self.amount} {self.unit} is none")


class PriorityTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is promised for reports of one priority.

    Attributes:
        on_site: None if no presence is promised.
        may_agree_later: whether client and contractor may agree upon a later repair.
    """

    priority: int
    repaired: Term
    on_site: Term | None = None
    may_agree_later: bool = False


class CommissionTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is promised for what a municipality commissions; None: nothing.

    Attributes:
        kind: of ``diagnostics.deliveries.model.Kind``.
        aid_kind: for aids of this kind alone; None: for those without terms of their own.
        contacted: from the commission until the client is spoken to.
        confirmed: from the fitting (*passing*) until the order confirmation.
        done: from the commission until it is done: a delivery is handed over with instruction.
        may_agree_later: whether another moment agreed with the client counts.
    """

    kind: str
    aid_kind: str | None = None
    contacted: Term | None = None
    confirmed: Term | None = None
    done: Term | None = None
    may_agree_later: bool = False


class Lifetime(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long aids last (*technische levensduur*), and how much of it one must have at a re-issue.

    Attributes:
        aid_kind: None: of those without a lifetime of their own.
    """

    months: int
    reissued_at_least_months: float
    aid_kind: str | None = None


class Postcodes(Struct, frozen=True, forbid_unknown_fields=True):
    """The four-digit postcodes from ``first`` to ``last``, both included."""

    first: int
    last: int

    def __contains__(self, postcode4: int) -> bool:
        """Return whether it is one of them."""
        return self.first <= postcode4 <= self.last


# Texel, Vlieland, Terschelling, Ameland, Schiermonnikoog.
WADDEN: Final = (
    Postcodes(1790, 1797),
    Postcodes(8899, 8899),
    Postcodes(8880, 8885),
    Postcodes(8891, 8897),
    Postcodes(9160, 9164),
    Postcodes(9166, 9166),
)
# Three priorities, by requirement 65 of the tender that this contract form follows.
PRIORITIES: Final = (
    PriorityTerms(
        priority=EMERGENCY,
        on_site=Term(2, Unit.HOURS),
        repaired=Term(1, Unit.CALENDAR_DAYS),
    ),
    PriorityTerms(priority=2, repaired=Term(2, Unit.WORKING_DAYS)),
    PriorityTerms(priority=3, repaired=Term(5, Unit.WORKING_DAYS), may_agree_later=True),
)

_FIVE: Final = Term(5, Unit.WORKING_DAYS)
_TEN: Final = Term(10, Unit.WORKING_DAYS)
_SUPPLIES: Final = ("delivery", "reissue", "exchange")
# Stairlifts: W KPI 1, Z 52, 74; collection: Z 22. How long other aids may take stands in an annex
# (Z 50, "Bijlage 12") that is not public: nothing is promised until a municipality's terms say so.
COMMISSIONS: Final = (
    *(
        CommissionTerms(
            kind=kind,
            aid_kind="stairlift",
            contacted=_FIVE,
            confirmed=_FIVE,
            done=Term(20, Unit.WORKING_DAYS),
        )
        for kind in _SUPPLIES
    ),
    *(CommissionTerms(kind=kind, contacted=_FIVE, confirmed=_FIVE) for kind in _SUPPLIES),
    *(
        CommissionTerms(kind=kind, done=_TEN, may_agree_later=True)
        for kind in ("collection", "dismantling")
    ),
)
# Z 29-31.
LIFETIMES: Final = (
    Lifetime(aid_kind="hoist", months=120, reissued_at_least_months=72),
    Lifetime(months=84, reissued_at_least_months=0.4 * 84),
)


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terms of one municipality from ``valid_from`` through ``valid_through``.

    Attributes:
        municipality_code: CBS code, ``GM0405``.
        valid_through: the last day; None: no end is known.
        on_site_exempt: where presence is promised as soon as possible only.
        excusing: reasons that can excuse a delay; what is not listed is the contractor's.
        share_on_time: the share of reports, 0 to 1, of which a term has to be kept.
        on_site_warning: how long before the due moment to warn, on the clock.
        repaired_warning: likewise.
        window_at_most: how wide the window of a visit may be.
        commissions: what is promised for deliveries, collections …
        commission_warning: how long before a term is over to warn; likewise for complaints.
        complaint_taken_up: within how much time after it became known.
        complaint_handled_months: within how many months after that, on the calendar.

    Raises:
        ValueError: something contradicts itself.
    """

    municipality_code: str
    valid_from: date
    valid_through: date | None = None
    priorities: tuple[PriorityTerms, ...] = PRIORITIES
    on_site_exempt: tuple[Postcodes, ...] = WADDEN
    excusing: tuple[DelayReason, ...] = (DelayReason.CLIENT_WISH, DelayReason.FORCE_MAJEURE)
    share_on_time: float = 0.95
    on_site_warning: timedelta = timedelta(minutes=45)
    repaired_warning: timedelta = timedelta(hours=8)
    window_at_most: timedelta = timedelta(hours=3)
    commissions: tuple[CommissionTerms, ...] = COMMISSIONS
    commission_warning: timedelta = timedelta(days=7)
    lifetimes: tuple[Lifetime, ...] = LIFETIMES
    complaint_taken_up: Term = _FIVE
    complaint_handled_months: int = 1
    complaint_warning: timedelta = timedelta(days=2)

    def __post_init__(self) -> None:
        """Refuse terms that contradict themselves."""
        if self.valid_through is not None and self.valid_through < self.valid_from:
            raise ValueError(f"valid through {self.valid_through}, before {self.valid_from}")
        if len({each.priority for each in self.priorities}) != len(self.priorities):
            raise ValueError("a priority has two terms")
        if not 0 < self.share_on_time <= 1:
            raise ValueError(f"a share of {self.share_on_time} is not above 0 and at most 1")
        if min(self.on_site_warning, self.repaired_warning) < timedelta():
            raise ValueError("a warning comes before the due moment, not after it")
        if self.window_at_most <= timedelta():
            raise ValueError(f"no visit fits a window of {self.window_at_most}")
        if DelayReason.UNKNOWN in self.excusing:
            raise ValueError("what is not specified is attributable: it cannot excuse")

    def of(self, priority: int) -> PriorityTerms:
        """Return what is promised for ``priority``.

        Raises:
            LookupError: the contract knows no such priority.
        """
        for each in self.priorities:
            if each.priority == priority:
                return each
        raise LookupError(f"the terms of {self.municipality_code} know no priority {priority}")

    def of_commission(self, kind: str, aid_kind: str) -> CommissionTerms:
        """Return what is promised for a kind of commission; of two, what names the aid's kind."""
        fitting = [each for each in self.commissions if each.kind == kind]
        for wanted in (aid_kind, None):
            for each in fitting:
                if each.aid_kind == wanted:
                    return each
        return CommissionTerms(kind=kind)

    def lifetime(self, aid_kind: str) -> Lifetime:
        """Return how long aids of a kind last.

        Raises:
            LookupError: the contract does not say.
        """
        for wanted in (aid_kind, None):
            for each in self.lifetimes:
                if each.aid_kind == wanted:
                    return each
        raise LookupError(f"the terms of {self.municipality_code} know no lifetime of {aid_kind}")

    def exempt(self, postcode4: int) -> bool:
        """Return whether no presence within a time is promised at this postcode."""
        return any(postcode4 in range_ for range_ in self.on_site_exempt)

    def too_wide(self, window: Window) -> bool:
        """Return whether ``window`` is wider than agreed with the municipality."""
        return window.end - window.begin > self.window_at_most

    def valid_on(self, day: date) -> bool:
        """Return whether these terms hold for what is reported on ``day``."""
        return self.valid_from <= day and (self.valid_through is None or day <= self.valid_through)


def terms_for(every: Iterable[Terms], municipality_code: str, day: date) -> Terms:
    """Return the terms for what is reported in a municipality on ``day``, in Dutch time.

    A ticket keeps the terms of the day of its report, also when they end while it is open.

    Raises:
        LookupError: no terms, or more than one, hold there on that day.
    """
    found = [
        each for each in every if each.municipality_code == municipality_code and each.valid_on(day)
    ]
    if len(found) != 1:
        raise LookupError(f"{len(found)} contract terms hold for {municipality_code} on {day}")
    return found[0]


def terms_on(every: Iterable[Terms], municipality_code: str, day: date) -> Terms:
    """Return the terms for what is reported in a municipality on ``day``, whatever is on record.

    An emergency cannot wait for paper: where nothing is on record the usual terms hold, and of
    several those that began last.
    """
    found = [
        each for each in every if each.municipality_code == municipality_code and each.valid_on(day)
    ]
    usual = Terms(municipality_code=municipality_code, valid_from=day)
    return max(found, key=lambda each: each.valid_from, default=usual)


def decode_terms(text: bytes) -> tuple[Terms, ...]:
    """Return the terms written as a JSON list; durations as ISO 8601 (``PT45M``).

    Raises:
        ValueError: what is wrong, and where.
    """
    try:
        every = json.decode(text, type=tuple[Terms, ...])
    except DecodeError as error:
        raise ValueError(f"contract terms: {error}") from error
    for index, one in enumerate(every):
        for other in every[:index]:
            if one.municipality_code == other.municipality_code and _overlap(one, other):
                raise ValueError(
                    f"contract terms: two hold for {one.municipality_code} at once, from "
                    f"{other.valid_from} and from {one.valid_from}"
                )
    return every


def _overlap(one: Terms, other: Terms) -> bool:
    return one.valid_on(other.valid_from) or other.valid_on(one.valid_from)
