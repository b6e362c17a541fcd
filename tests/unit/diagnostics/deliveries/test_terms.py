"""Terms of commissions and complaints, worked by hand on a calendar."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diagnostics.complaints.due import Stands, due_of, next_look, words_due
from diagnostics.deliveries import decisions, lifetime
from diagnostics.deliveries.errors import NotPossible
from diagnostics.deliveries.life import Dossier, clock_events, commission_of
from diagnostics.deliveries.model import Event, EventKind, Head, Kind, Source
from diagnostics.tickets.terms import Terms

ZONE = ZoneInfo("Europe/Amsterdam")
TERMS = Terms(municipality_code="GM0405", valid_from=date(2025, 1, 1))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def log(
    received: str,
    *events: tuple[EventKind, str, dict[str, Any]],
    kind: Kind = Kind.DELIVERY,
    aid_kind: str = "stairlift",
) -> Dossier:
    head = Head(
        commission_id=1,
        municipality_code="GM0405",
        kind=kind,
        client_id=1,
        client_number="C-1",
        aid_kind=aid_kind,
        received_at=at(received),
        given_device_id=7 if kind is Kind.COLLECTION else None,
    )
    first = Event(EventKind.RECEIVED, at(received), "desk")
    rest = [Event(kind_, at(moment), "desk", detail) for kind_, moment, detail in events]
    return Dossier(head=head, contracts=(TERMS,)).plus([first, *rest])


HANDED_OVER = {"device": 7, "source": "new", "instruction": True}
WISH = {"pause": "p1", "reason": "client_wish", "evidence": "call 12", "attributable": False}


@pytest.mark.parametrize(
    ("received", "kind", "aid", "due"),
    [
        # 2 to 27 February is twenty working days: Monday the 2nd does not count.
        ("2026-02-02T10:00", Kind.DELIVERY, "stairlift", "2026-03-03T00:00"),
        # Good Friday, Easter Monday, King's Day (Monday 27 April) and none of them counts.
        ("2026-04-01T10:00", Kind.REISSUE, "stairlift", "2026-05-05T00:00"),
        # 13 May: Ascension (14), the decree (15), Whit Monday (25).
        ("2026-05-13T23:59", Kind.DELIVERY, "stairlift", "2026-06-16T00:00"),
        # Christmas Friday, New Year's Friday.
        ("2026-12-18T09:00", Kind.DELIVERY, "stairlift", "2027-01-20T00:00"),
        # The annex with the terms of other aids is not public.
        ("2026-02-02T10:00", Kind.DELIVERY, "scooter", None),
        ("2026-02-02T10:00", Kind.COLLECTION, "scooter", "2026-02-17T00:00"),
        ("2026-04-02T10:00", Kind.DISMANTLING, "stairlift", "2026-04-21T00:00"),
        ("2026-02-02T10:00", Kind.ADAPTATION, "stairlift", None),
    ],
)
def test_due(received: str, kind: Kind, aid: str, due: str | None) -> None:
    stands = commission_of(log(received, kind=kind, aid_kind=aid), at("2026-02-02T10:00"))
    assert stands.due_at == (None if due is None else at(due))


def test_a_confirmation_is_due_five_working_days_after_the_fitting() -> None:
    dossier = log("2026-03-02T10:00", (EventKind.FITTED, "2026-03-31T15:00", {}))
    stands = commission_of(dossier, at("2026-04-01T09:00"))
    # Wednesday 1, Thursday 2 April; Good Friday and Easter Monday do not count; 7, 8, 9.
    assert stands.confirm_due_at == at("2026-04-10T00:00")
    assert stands.contact_due_at == at("2026-03-10T00:00")
    assert [clock.late for clock in stands.clocks] == [True, False, True]


def test_only_a_delay_with_evidence_that_is_not_ours_postpones() -> None:
    end = {"pause": "p1"}
    excused = (
        (EventKind.PAUSE_BEGUN, "2026-02-09T00:00", WISH),
        (EventKind.PAUSE_ENDED, "2026-02-14T00:00", end),
        (EventKind.DONE, "2026-03-06T12:00", HANDED_OVER),
    )
    stands = commission_of(log("2026-02-02T10:00", *excused), at("2026-04-01T00:00"))
    assert (stands.due_at, stands.due_without_delay_at) == (
        at("2026-03-10T00:00"),
        at("2026-03-03T00:00"),
    )
    assert stands.clocks[2].excused
    assert stands.breaches == 1, "nobody spoke to the client within five working days"

    for less in (
        {"evidence": ""},
        {"attributable": None},
        {"attributable": True},
        {"reason": "parts"},
    ):
        ours = ((EventKind.PAUSE_BEGUN, "2026-02-09T00:00", WISH | less), *excused[1:])
        stands = commission_of(log("2026-02-02T10:00", *ours), at("2026-04-01T00:00"))
        assert stands.clocks[2].late, less
        assert not stands.clocks[2].excused


def test_a_collection_may_be_later_if_the_client_agrees_in_time() -> None:
    agreed = {"due_at": "2026-03-20T23:00:00+00:00", "evidence": "letter 5"}
    for moment, due in (
        ("2026-02-10T10:00", "2026-03-21T00:00"),
        ("2026-02-18T10:00", "2026-02-17T00:00"),
    ):
        dossier = log(
            "2026-02-02T10:00", (EventKind.AGREED_LATER, moment, agreed), kind=Kind.COLLECTION
        )
        assert commission_of(dossier, at("2026-02-19T00:00")).due_at == at(due)


def test_it_warns_a_week_before_and_says_a_breach_once() -> None:
    dossier = log("2026-02-02T10:00", (EventKind.CONTACTED, "2026-02-03T10:00", {}))
    assert clock_events(dossier, at("2026-02-23T23:59")) == ()
    (warned,) = clock_events(dossier, at("2026-02-24T00:00"))
    assert (warned.kind, warned.detail["target"]) == (EventKind.WARNED, "done")
    told = dossier.plus([warned])
    assert clock_events(told, at("2026-03-03T00:00")) == (), "at the due moment it is in time"
    (breached,) = clock_events(told, at("2026-03-03T00:00:01"))
    assert breached.kind is EventKind.BREACHED
    assert clock_events(told.plus([breached]), at("2026-05-01T00:00")) == ()


@pytest.mark.parametrize(
    ("handed_over", "until"),
    [
        ("2026-01-15T12:00", date(2026, 4, 15)),
        ("2025-11-30T12:00", date(2026, 2, 28)),
        ("2026-10-31T12:00", date(2027, 1, 31)),
    ],
)
def test_an_exchange_is_possible_for_three_months(handed_over: str, until: date) -> None:
    assert decisions.exchangeable_until(at(handed_over)) == until


@pytest.mark.parametrize(
    ("detail", "why"),
    [
        (HANDED_OVER | {"instruction": False}, "instruction"),
        (HANDED_OVER | {"device": None}, "which aid"),
        (HANDED_OVER | {"source": None}, "whether the aid is new"),
        (HANDED_OVER | {"source": "reissued"}, "since when"),
        # Five years of seven are gone: 24 months of 33.6 are left.
        (HANDED_OVER | {"source": "reissued", "first_used_on": "2021-02-10"}, "24 months"),
    ],
)
def test_what_makes_no_hand_over(detail: dict[str, Any], why: str) -> None:
    dossier = log("2026-02-02T10:00")
    with pytest.raises(NotPossible, match=why):
        decisions.allowed(dossier, Event(EventKind.DONE, at("2026-02-10T10:00"), "desk", detail))


def test_lifetime() -> None:
    day = date(2026, 2, 10)
    assert lifetime.months_left(TERMS, "scooter", None, day) == 84
    assert lifetime.months_left(TERMS, "hoist", date(2022, 2, 10), day) == 72
    assert lifetime.enough_left(TERMS, "hoist", Source.REISSUED, 72)
    assert not lifetime.enough_left(TERMS, "hoist", Source.REISSUED, 71)
    assert lifetime.enough_left(TERMS, "scooter", Source.PARTLY_REISSUED, 34)
    assert not lifetime.enough_left(TERMS, "scooter", Source.REISSUED, 33)
    assert lifetime.months_left(TERMS, "scooter", date(2018, 2, 11), day) == -11


@pytest.mark.parametrize(
    ("received", "taken_up", "handled"),
    [
        ("2026-03-02T10:00", "2026-03-10T00:00", "2026-04-03T00:00"),
        ("2026-01-31T10:00", "2026-02-07T00:00", "2026-03-01T00:00"),
        ("2026-04-02T10:00", "2026-04-14T00:00", "2026-05-03T00:00"),
    ],
)
def test_complaints(received: str, taken_up: str, handled: str) -> None:
    due = due_of(at(received), TERMS)
    assert due == (at(taken_up), at(handled))
    open_ = Stands(due, None, None)
    assert words_due(open_, TERMS, at(received)) == []
    assert [word.kind for word in words_due(open_, TERMS, due.taken_up)] == ["warned"]
    later = next_look(open_, TERMS, due.handled)
    assert later is not None
    assert [word.kind for word in words_due(open_, TERMS, later)] == ["breached", "breached"]
    assert next_look(Stands(due, at(received), at(received)), TERMS, due.handled) is None
