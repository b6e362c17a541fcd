"""How far a ticket is, and what its page offers first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.desk.steps import Act, Standing, acts, steps

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def ticket_of(kind: str = "emergency", **moments: Any) -> Standing:
    return Standing(kind=kind, reported_at=AT, **moments)


TAKEN: dict[str, Any] = {"acknowledged_at": AT, "unanswered": False}
THERE: dict[str, Any] = TAKEN | {"under_way_at": AT, "on_site_at": AT}


@pytest.mark.parametrize(
    ("ticket", "first", "now"),
    [
        (ticket_of(), Act.ACKNOWLEDGE, "reported"),
        (ticket_of(**TAKEN), Act.ASSIGN, "acknowledged"),
        (ticket_of(**TAKEN, under_way_at=AT), Act.ARRIVE, "under_way"),
        (ticket_of(**THERE), Act.RELEASE, "on_site"),
        (ticket_of(**THERE, released_at=AT), Act.REPAIRED, "released"),
        (ticket_of(kind="repair", **THERE), Act.REPAIRED, "on_site"),
        (ticket_of(kind="service", **THERE), Act.CLOSE, "on_site"),
        (ticket_of(**(TAKEN | {"unanswered": True})), Act.ACKNOWLEDGE, "reported"),
    ],
)
def test_what_comes_next_stands_first(ticket: Standing, first: Act, now: str) -> None:
    assert acts(ticket, dispatches=True)[0] is first
    assert [step.word for step in steps(ticket) if step.now] == [now]


def test_a_closed_ticket_takes_notes_only() -> None:
    closed = ticket_of(**THERE, released_at=AT, repaired_at=AT, closed_at=AT)
    assert acts(closed, dispatches=True) == [Act.NOTE]
    assert not any(step.now for step in steps(closed))


moments = st.none() | st.just(AT + timedelta(minutes=1))


@given(
    ticket=st.builds(
        ticket_of,
        kind=st.sampled_from(["emergency", "repair", "service", "request"]),
        acknowledged_at=moments,
        unanswered=st.booleans(),
        under_way_at=moments,
        on_site_at=moments,
        released_at=moments,
    )
)
def test_an_emergency_can_always_be_ended_and_never_without_a_release(ticket: Standing) -> None:
    offered = acts(ticket, dispatches=True)
    assert len(offered) == len(set(offered))
    if ticket.kind == "emergency" and ticket.released_at is None:
        assert Act.RELEASE in offered
        assert not {Act.REPAIRED, Act.CLOSE} & set(offered)
    else:
        assert Act.RELEASE not in offered
    assert Act.ASSIGN not in acts(ticket, dispatches=False)
