"""What a report is made from: rows as they stood at the cut-off, and nothing else.

The snapshot is kept with the report. The same snapshot gives the same workbook and the same
summary, to the byte, whatever has become of the database since.
"""

import zlib
from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from msgspec import Struct

from diagnostics.tickets.attainment import Outcome


class Aid(Struct, frozen=True, array_like=True):
    """An aid that is out with a client at the end of the period.

    Attributes:
        built_on: *fabricagedatum*; None: not on record.
        works_first, works_later: services, repairs and inspections up to the period's end, within
            two years of the installation and after that.
    """

    name: str
    municipality: str
    client: str
    kind: str
    type_: str
    maker: str
    model: str
    source: str | None
    ordered_on: date | None
    installed_on: date | None
    built_on: date | None
    works_first: int
    works_later: int


class Order(Struct, frozen=True, array_like=True):
    """Something the municipality commissioned, that was received or ended in the period."""

    number: str
    municipality: str
    client: str
    kind: str
    aid_kind: str
    type_: str
    aid: str
    received_at: datetime
    due_at: datetime | None
    due_without_delay_at: datetime | None
    done_at: datetime | None
    ended_at: datetime | None
    source: str | None
    price_cents: int | None
    all_in: bool
    delays: str


class Work(Struct, frozen=True, array_like=True):
    """A ticket that was reported or finished in the period.

    Attributes:
        on_site, repaired: what became of these terms; None: it has none.
    """

    number: int
    municipality: str
    client: str
    aid: str
    aid_kind: str
    type_: str
    kind: str
    priority: int | None
    what: str
    reported_at: datetime
    on_site_at: datetime | None
    repaired_at: datetime | None
    closed_at: datetime | None
    on_site: Outcome | None
    repaired: Outcome | None
    calamity: str
    delays: str


class Complaint(Struct, frozen=True, array_like=True):
    """A complaint that was received or handled in the period."""

    number: int
    municipality: str
    client: str
    aid_kind: str
    nature: str
    received_at: datetime
    taken_up_at: datetime | None
    take_up_due_at: datetime
    handled_at: datetime | None
    handle_due_at: datetime
    outcome: str | None
    how: str


class Answer(Struct, frozen=True, array_like=True):
    """An answer of the survey: marks from 1 to 10, parts from 1 to 5."""

    municipality: str
    aid_kind: str
    answered_on: date
    occasion: str
    overall: int


class Rejection(Struct, frozen=True, array_like=True):
    """An aid that is not used any further; before its time if lifetime was left."""

    municipality: str
    aid: str
    aid_kind: str
    type_: str
    rejected_on: date
    reason: str
    lifetime_left_months: int


class Billed(Struct, frozen=True, array_like=True):
    """A line that was declared for the period and not rejected."""

    municipality: str
    client: str
    aid_kind: str
    type_: str
    kind: str
    amount_cents: int


class Indicator(Struct, frozen=True, array_like=True):
    """How an indicator ended, with the periods before it: (name, kept, decided)."""

    name: str
    definition: str
    source: str
    asked: float | None
    kept: int
    missed: int
    excused: int
    left_out: int
    before: tuple[tuple[str, int, int], ...]


class Earlier(Struct, frozen=True, array_like=True):
    """What was counted in an earlier year, in all."""

    year: int
    counts: dict[str, int]


class Rows(Struct, frozen=True, kw_only=True):
    """All rows of one period."""

    aids: Sequence[Aid] = ()
    orders: Sequence[Order] = ()
    works: Sequence[Work] = ()
    complaints: Sequence[Complaint] = ()
    answers: Sequence[Answer] = ()
    rejections: Sequence[Rejection] = ()
    billed: Sequence[Billed] = ()


class Snapshot(Struct, frozen=True, kw_only=True):
    """What a report is made from.

    Attributes:
        contract: code of the municipality or group.
        municipalities: names of its municipalities, by code.
        is_group: the report then has no level of the client: no municipality sees another's.
        kind: management or annual.
        period: as ``periods.named`` reads it.
        cut_off_at: the data as it stood then; what the report is dated by.
        reason: why there is a further version.
    """

    contract: str
    name: str
    municipalities: dict[str, str]
    is_group: bool
    kind: str
    period: str
    cut_off_at: datetime
    version: int
    reason: str
    rows: Rows
    indicators: Sequence[Indicator] = ()
    earlier: Sequence[Earlier] = ()


def packed(snapshot: Snapshot) -> bytes:
    """Return a snapshot as it is kept."""
    return zlib.compress(msgspec.msgpack.encode(snapshot, order="deterministic"), 6)


def unpacked(content: bytes) -> Snapshot:
    """Return the snapshot that was kept."""
    return msgspec.msgpack.decode(zlib.decompress(content), type=Snapshot)
