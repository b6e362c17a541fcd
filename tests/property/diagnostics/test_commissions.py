"""Commissions of any log: the same in how many pieces it came, and nothing is talked away."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.deliveries.decisions import allowed
from diagnostics.deliveries.errors import NotPossible
from diagnostics.deliveries.life import Dossier, clock_events, commission_of
from diagnostics.deliveries.model import Event, EventKind, Head, Kind
from diagnostics.tickets.terms import Terms

START = datetime(2026, 3, 25, 9, tzinfo=UTC)  # a change of the clock and Easter lie ahead
TERMS = Terms(municipality_code="GM0405", valid_from=date(2025, 1, 1))
HEAD = Head(
    commission_id=1,
    municipality_code="GM0405",
    kind=Kind.DELIVERY,
    client_id=1,
    client_number="C-1",
    aid_kind="stairlift",
    received_at=START,
)
DETAILS: dict[EventKind, dict[str, Any]] = {
    EventKind.DONE: {"device": 7, "source": "new", "instruction": True},
    EventKind.PAUSE_BEGUN: {"reason": "client_wish", "evidence": "a call", "attributable": False},
    EventKind.WITHDRAWN: {"reason": "moved away"},
    EventKind.NOTED: {"text": "x"},
}
KINDS = st.sampled_from([
    *(EventKind.CONTACTED, EventKind.FITTED, EventKind.CONFIRMED, EventKind.SUPPLIED),
    *(EventKind.DONE, EventKind.PAUSE_BEGUN, EventKind.PAUSE_ENDED, EventKind.NOTED),
])  # fmt: skip
STEPS = st.lists(st.tuples(KINDS, st.integers(1, 240)), max_size=8)


def played(steps: list[tuple[EventKind, int]]) -> tuple[Dossier, datetime]:
    """The log that these steps, so many hours apart, leave behind; what may not be is not."""
    now = START
    dossier = Dossier(head=HEAD, contracts=(TERMS,)).plus([Event(EventKind.RECEIVED, now, "desk")])
    for kind, hours in steps:
        now += timedelta(hours=hours)
        dossier = dossier.plus(clock_events(dossier, now))
        try:
            dossier = dossier.plus(
                [allowed(dossier, Event(kind, now, "desk", DETAILS.get(kind, {})))]
            )
        except NotPossible:
            continue
    return dossier, now


@settings(max_examples=40)
@given(STEPS)
def test_replayed_in_any_pieces_it_is_the_same(steps: list[tuple[EventKind, int]]) -> None:
    dossier, now = played(steps)
    for cut in range(len(dossier.events)):
        bare = Dossier(head=HEAD, contracts=(TERMS,))
        again = bare.plus(dossier.events[:cut]).plus(dossier.events[cut:])
        assert commission_of(again, now) == commission_of(dossier, now)


@settings(max_examples=40)
@given(STEPS, st.integers(0, 2_000))
def test_a_breach_stays_and_is_said_once(steps: list[tuple[EventKind, int]], hours: int) -> None:
    dossier, now = played(steps)
    said = dossier.plus(clock_events(dossier, now))
    assert clock_events(said, now) == ()
    late = {clock.target for clock in commission_of(said, now).clocks if clock.late}
    later = now + timedelta(hours=hours)
    assert late <= {clock.target for clock in commission_of(said, later).clocks if clock.late}
    stands = commission_of(said, now)
    if stands.due_at is not None and stands.due_without_delay_at is not None:
        assert stands.due_without_delay_at <= stands.due_at, "a delay makes nothing due earlier"


@settings(max_examples=40)
@given(STEPS)
def test_nothing_changes_by_itself_before_the_next_look(steps: list[tuple[EventKind, int]]) -> None:
    dossier, now = played(steps)
    said = dossier.plus(clock_events(dossier, now))
    stands = commission_of(said, now)
    if stands.next_clock_at is None:
        assert clock_events(said, now + timedelta(days=900)) == ()
    else:
        assert clock_events(said, stands.next_clock_at - timedelta(seconds=1)) == ()
        assert clock_events(said, stands.next_clock_at) != ()
