"""Counts what a report tells, by client; every other level is a sum of these. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from api.kpi.periods import Period
from api.reports.snapshot import Order, Rows
from diagnostics.tickets.attainment import Outcome
from diagnostics.tickets.calendar import dutch_day, is_working_day

DELIVERIES: Final = frozenset({"delivery", "reissue", "exchange"})
COLLECTIONS: Final = frozenset({"collection"})
_SOURCES: Final = {
    "new": "delivered_new",
    "reissued": "delivered_reissued",
    "partly_reissued": "delivered_partly",
}
_ENDED: Final = {
    "collection": "collected",
    "dismantling": "dismantled",
    "structural_works": "structural_works",
    "adaptation": "adapted",
}
_WORKS: Final = {
    "emergency": "emergencies",
    "repair": "repairs",
    "service": "services",
    "inspection": "inspections",
}
_TERMS: Final[Mapping[tuple[str, str | None], tuple[str, ...]]] = {
    ("on_site", Outcome.KEPT): ("on_site_in_time",),
    ("on_site", Outcome.EXCUSED): ("on_site_in_time",),
    ("on_site", Outcome.MISSED): ("on_site_late",),
    ("repaired", Outcome.KEPT): ("repaired_in_time",),
    ("repaired", Outcome.EXCUSED): ("repaired_in_time", "repaired_excused"),
    ("repaired", Outcome.MISSED): ("repaired_late",),
}


class Key(NamedTuple):
    """The lowest level. ``client`` is empty for what belongs to none."""

    municipality: str
    category: str
    client: str


Counts = Counter[str]
Counted = dict[Key, Counts]


class Span(NamedTuple):
    """How long something took: the sum of days and of how many."""

    days: int
    number: int

    @property
    def mean(self) -> float | None:
        """Days on average; None: there were none."""
        return self.days / self.number if self.number else None


def count(  # noqa: C901 - one table of what is counted
    rows: Rows, period: Period, *, by_client: bool = True
) -> Counted:
    """Return what happened in ``period``, and what is out at its end, at the lowest level.

    Where nothing is told of clients that is the subcategory: unless ``by_client`` all are nobody's.
    """
    found: defaultdict[Key, Counts] = defaultdict(Counter)
    begin, end = period.begins_at, period.ends_at

    def whose(client: str) -> str:
        return client if by_client else ""

    for aid in rows.aids:
        counts = found[Key(aid.municipality, category(aid.kind, aid.type_), whose(aid.client))]
        counts["outstanding"] += 1
        counts["works_first"] += aid.works_first
        counts["works_later"] += aid.works_later
    for order in rows.orders:
        key = Key(order.municipality, category(order.aid_kind, order.type_), whose(order.client))
        _add_order(found[key], order, period)
    for work in rows.works:
        counts = found[
            Key(work.municipality, category(work.aid_kind, work.type_), whose(work.client))
        ]
        for name in of_work(
            work.kind,
            work.priority,
            calamity=bool(work.calamity),
            reported=begin <= work.reported_at < end,
            on_site=work.on_site,
            repaired=work.repaired,
        ):
            counts[name] += 1
    for complaint in rows.complaints:
        counts = found[
            Key(complaint.municipality, category(complaint.aid_kind, ""), whose(complaint.client))
        ]
        counts["complaints"] += complaint.received_at in period
        if complaint.handled_at in period and complaint.handled_at is not None:
            counts["complaints_handled"] += 1
            counts["complaints_in_time"] += complaint.handled_at <= complaint.handle_due_at
            counts["complaint_days"] += days(complaint.received_at, complaint.handled_at)
    for answer in rows.answers:
        if answer.answered_on in period:
            counts = found[Key(answer.municipality, category(answer.aid_kind, ""), "")]
            counts["answers"] += 1
            counts["marks"] += answer.overall
    for rejection in rows.rejections:
        if rejection.rejected_on in period:
            counts = found[
                Key(rejection.municipality, category(rejection.aid_kind, rejection.type_), "")
            ]
            counts["rejected"] += 1
            counts["rejected_early"] += rejection.lifetime_left_months > 0
    for line in rows.billed:
        key = Key(line.municipality, category(line.aid_kind, line.type_), whose(line.client))
        name = "cost_outstanding" if line.kind == "maintenance" else "cost_delivered"
        found[key][name] += line.amount_cents
        found[key]["cost_total"] += line.amount_cents
    return {key: counts for key, counts in sorted(found.items()) if any(counts.values())}


def summed(
    counted: Counted, level: Callable[[Key], tuple[str, ...]]
) -> dict[tuple[str, ...], Counts]:
    """Return the counts at a level, which is what of a key is kept."""
    found: defaultdict[tuple[str, ...], Counts] = defaultdict(Counter)
    for key, counts in counted.items():
        found[level(key)].update(counts)
    return dict(sorted(found.items()))


def total(counted: Counted) -> Counts:
    """Return the counts of everything."""
    return summed(counted, lambda _: ()).get((), Counter())


def durations(rows: Rows, period: Period) -> dict[tuple[str, str, str], Span]:
    """Return how long things took by month, category and what: delivery, collection, service."""
    taken: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)

    def add(what: str, kind: str, begin: datetime, end: datetime | None, how_long: int) -> None:
        if end is not None and end in period and begin <= end:
            month = f"{dutch_day(end):%Y-%m}"
            taken[month, kind, what].append(how_long)

    for order in rows.orders:
        what = {**dict.fromkeys(DELIVERIES, "delivery"), "collection": "collection"}.get(order.kind)
        if what is not None and order.done_at is not None:
            kind = category(order.aid_kind, order.type_)
            add(
                what,
                kind,
                order.received_at,
                order.done_at,
                working_days(order.received_at, order.done_at),
            )
    for work in rows.works:
        done_at = work.repaired_at or work.closed_at
        if done_at is not None and work.kind != "request":
            kind = category(work.aid_kind, work.type_)
            add("service", kind, work.reported_at, done_at, days(work.reported_at, done_at))
    return {key: Span(sum(each), len(each)) for key, each in sorted(taken.items())}


def category(kind: str, type_: str) -> str:
    """Return the subcategory: as the municipality names the type, else the kind of aid."""
    return type_ or kind


def days(begin: datetime, end: datetime) -> int:
    """Return how many days lie between two moments in the Netherlands."""
    return (dutch_day(end) - dutch_day(begin)).days


def working_days(begin: datetime, end: datetime) -> int:
    """Return how many working days it took: the day of the order does not count."""
    return _working_days(dutch_day(begin), dutch_day(end))


@lru_cache(maxsize=20_000)
def _working_days(begin: date, end: date) -> int:
    length = (end - begin).days
    return sum(is_working_day(begin + timedelta(days=day)) for day in range(1, length + 1))


def in_time(order: Order) -> Outcome | None:
    """Return whether an order that is done was in time; None: it is not done, or has no term."""
    if order.done_at is None or order.due_at is None:
        return None
    if order.done_at > order.due_at:
        return Outcome.MISSED
    plain = order.due_without_delay_at
    return Outcome.EXCUSED if plain is not None and plain < order.done_at else Outcome.KEPT


def _add_order(counts: Counts, order: Order, period: Period) -> None:
    if order.received_at in period:
        counts["ordered"] += 1
    if order.done_at is None or order.done_at not in period:
        return
    if order.kind in DELIVERIES:
        counts["delivered"] += 1
        counts[_SOURCES.get(order.source or "", "delivered_unknown")] += 1
        counts["delivery_days"] += working_days(order.received_at, order.done_at)
        match in_time(order):
            case Outcome.MISSED:
                counts["delivered_late"] += 1
            case Outcome.EXCUSED:
                counts["delivered_in_time"] += 1
                counts["delivered_excused"] += 1
            case Outcome.KEPT:
                counts["delivered_in_time"] += 1
            case _:
                counts["delivered_without_term"] += 1
    else:
        counts[_ENDED[order.kind]] += 1
        if order.kind in COLLECTIONS:
            counts["collection_days"] += working_days(order.received_at, order.done_at)
    if not order.all_in:
        counts["outside_all_in"] += 1
        counts["cost_outside_all_in"] += order.price_cents or 0


def of_work(
    kind: str,
    priority: int | None,
    *,
    calamity: bool,
    reported: bool,
    on_site: str | None,
    repaired: str | None,
) -> tuple[str, ...]:
    """Return what one ticket counts as, once each; ``reported``: in the period."""
    if not reported:
        return ()
    return (
        _WORKS.get(kind, "other_visits"),
        *(() if priority is None else (f"p{priority}",)),
        *(("calamities",) if calamity else ()),
        *_TERMS.get(("on_site", on_site), ()),
        *_TERMS.get(("repaired", repaired), ()),
    )
