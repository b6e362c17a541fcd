"""What a municipality agreed upon about signals, as data, each valid between two days. Pure."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

import msgspec
from msgspec import Struct

from diagnostics.misuse.items import KINDS, REVIEWED_FIRST, Item
from diagnostics.tickets.calendar import ZONE, after_working_days, dutch_day, is_working_day

_MORNING: Final = time(8)
_EMAIL: Final = re.compile(r'[^@\s,<>"]+@[^@\s,<>"]+\.[^@\s,<>".]+')
# Neither requirement gives a term; a municipality names its own. Assumed until then.
DECIDE_WITHIN: Final = 10
REMIND_EVERY: Final = 5


class MisuseTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terms of one municipality from ``valid_from`` through ``valid_through``.

    Attributes:
        municipality_code: CBS code, ``GM0405``.
        valid_through: the last day; None: no end is known.
        access_team: mail address of the *Toegangsteam*; None: not on record.
        contract_manager: likewise.
        unreviewed: kinds that it wants to receive without a review at the desk; what is too often
            wrong is reviewed all the same.
        decide_within: so many working days after the report it means to have decided.
        remind_every: so many working days pass between two reminders.
        articles: the article of its loan agreement, for each item of the list that it names.
        vat_parts, vat_labour: VAT in percent on repairs; None: each line of a quote says its own.
    """

    municipality_code: str
    valid_from: date = date(2025, 1, 1)
    valid_through: date | None = None
    access_team: str | None = None
    contract_manager: str | None = None
    unreviewed: tuple[str, ...] = ()
    decide_within: int = DECIDE_WITHIN
    remind_every: int = REMIND_EVERY
    articles: dict[Item, str] = {}
    vat_parts: Decimal | None = None
    vat_labour: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            ValueError: says what.
        """
        unknown = sorted(set(self.unreviewed) - set(KINDS))
        if unknown:
            raise ValueError(f"unreviewed: no such kind: {', '.join(unknown)}")
        for name in ("decide_within", "remind_every"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: at least one working day")
        for name in ("access_team", "contract_manager"):
            address = getattr(self, name)
            if address is not None and not _EMAIL.fullmatch(address):
                raise ValueError(f"{name}: {address!r} is no mail address")
        for name in ("vat_parts", "vat_labour"):
            rate = getattr(self, name)
            if rate is not None and not 0 <= rate <= 100:
                raise ValueError(f"{name}: {rate} percent is no rate")

    def holds_on(self, day: date) -> bool:
        """Return whether these terms hold on ``day``."""
        return self.valid_from <= day and (self.valid_through is None or day <= self.valid_through)

    def wants_unreviewed(self, kind: str) -> bool:
        """Return whether a detector's signal of ``kind`` is passed on without a review.

        Terms of before a kind was found to be wrong too often may still name it.
        """
        return kind in self.unreviewed and kind not in REVIEWED_FIRST

    @property
    def mailboxes(self) -> dict[str, str]:
        """Whom to mail, by what they are there."""
        known = {"access_team": self.access_team, "contract_manager": self.contract_manager}
        return {name: address for name, address in known.items() if address is not None}

    def decide_by(self, reported_at: datetime) -> datetime:
        """Return until when the municipality means to have decided."""
        return after_working_days(reported_at, self.decide_within)

    def remind_at(self, since: datetime) -> datetime:
        """Return when to remind, ``since`` the report or the last reminder."""
        return _morning_after(since, self.remind_every)


def terms_on(known: Iterable[MisuseTerms], municipality: str, day: date) -> MisuseTerms:
    """Return what holds in ``municipality`` on ``day``: of several, what began last.

    Where nothing is on record the usual terms hold: everything is reviewed, nobody is mailed.
    """
    held = [each for each in known if each.municipality_code == municipality and each.holds_on(day)]
    usual = MisuseTerms(municipality_code=municipality)
    return max(held, key=lambda each: each.valid_from, default=usual)


def decode(content: bytes) -> tuple[MisuseTerms, ...]:
    """Read a JSON list of terms.

    Raises:
        ValueError: it is none, or something in it makes no sense; says where.
    """
    try:
        every = msgspec.json.decode(content, type=tuple[MisuseTerms, ...])
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
    for place, each in enumerate(every):
        refused = sorted(REVIEWED_FIRST.intersection(each.unreviewed))
        if refused:
            raise ValueError(
                f"$[{place}].unreviewed: wrong too often to go without a review:"
                f" {', '.join(refused)}"
            )
    return every


def _morning_after(begin: datetime, days: int) -> datetime:
    """Return eight in the morning of the working day that follows ``days`` full working days."""
    day, left = dutch_day(begin), days + 1
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return datetime.combine(day, _MORNING, tzinfo=ZONE)
