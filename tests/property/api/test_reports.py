"""Whatever happened: every level of a report adds up to the next, and nothing is lost between."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from api.kpi.periods import named
from api.reports.counting import count, summed, total
from api.reports.snapshot import Order, Rows, Work
from tests.support.quarter import HOORN, MEDEMBLIK, ROWS, noon, order, work

PERIOD = named("2026-Q3")
DAYS = st.integers(-40, 130).map(lambda day: noon("2026-07-01") + timedelta(days=day))
orders = st.builds(
    lambda municipality, client, kind, type_, received, took, source: replace(
        order("X", "2026-07-01", None),
        municipality=municipality,
        client=client,
        kind=kind,
        type_=type_,
        received_at=received,
        done_at=None if took is None else received + timedelta(days=took),
        source=source,
    ),
    st.sampled_from([HOORN, MEDEMBLIK]),
    st.sampled_from(["C-1", "C-2", "C-3"]),
    st.sampled_from(["delivery", "reissue", "exchange", "collection", "adaptation"]),
    st.sampled_from(["", "Rechte trap"]),
    DAYS,
    st.none() | st.integers(0, 60),
    st.sampled_from(["new", "reissued", "partly_reissued", None]),
)
works = st.builds(
    lambda client, kind, reported: replace(
        work(1, "repair", 3, "2026-07-01"), client=client, kind=kind, reported_at=reported
    ),
    st.sampled_from(["C-1", "C-2", ""]),
    st.sampled_from(["repair", "service", "emergency", "request"]),
    DAYS,
)


@given(st.lists(orders, max_size=12), st.lists(works, max_size=12))
def test_every_level_is_the_sum_of_the_next(some: list[Order], more: list[Work]) -> None:
    rows = Rows(
        aids=ROWS.aids,
        orders=some,
        works=more,
        complaints=ROWS.complaints,
        answers=ROWS.answers,
        billed=ROWS.billed,
    )
    counted = count(rows, PERIOD)
    whole = +total(counted)
    by_municipality = summed(counted, lambda key: (key.municipality,))
    by_category = summed(counted, lambda key: (key.municipality, key.category))
    assert +sum(by_municipality.values(), Counter()) == whole
    assert +sum(by_category.values(), Counter()) == whole
    for (municipality,), counts in by_municipality.items():
        below = [each for key, each in by_category.items() if key[0] == municipality]
        assert +sum(below, Counter()) == +counts
    # Each delivery that was done in the period is of one source, and in time, late or without term.
    done = whole["delivered"]
    assert done == sum(
        each.done_at in PERIOD and each.kind in {"delivery", "reissue", "exchange"}
        for each in some
        if each.done_at is not None
    )
    for parts in (
        ("delivered_new", "delivered_reissued", "delivered_partly", "delivered_unknown"),
        ("delivered_in_time", "delivered_late", "delivered_without_term"),
    ):
        assert sum(whole[name] for name in parts) == done
