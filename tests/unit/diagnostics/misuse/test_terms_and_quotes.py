"""Terms as data, and quotes to the cent, worked by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from diagnostics.misuse import evidence
from diagnostics.misuse.quote import Line, LineKind, totals
from diagnostics.misuse.terms import MisuseTerms, decode, terms_on


def line(price: str, amount: str = "1", vat: str = "21") -> Line:
    return Line(
        kind=LineKind.LABOUR,
        text="arbeid",
        amount=Decimal(amount),
        price=Decimal(price),
        vat=Decimal(vat),
    )


def test_vat_is_rounded_once_for_each_rate() -> None:
    found = totals([line("10.03"), line("10.03"), line("10.04", "0.25", "9"), line("5", vat="9.0")])
    # 20.06 at 21 %: 4.2126; 2.51 + 5.00 at 9 %: 0.6759.
    assert found.net == Decimal("27.57")
    assert found.vat == (
        (Decimal(9), Decimal("7.51"), Decimal("0.68")),
        (Decimal(21), Decimal("20.06"), Decimal("4.21")),
    )
    assert found.gross == Decimal("32.46")


@pytest.mark.parametrize(
    ("price", "amount", "vat"),
    [("1.005", "1", "21"), ("-1", "1", "21"), ("1", "0", "21"), ("1", "1", "101")],
)
def test_lines_that_make_no_sense(price: str, amount: str, vat: str) -> None:
    with pytest.raises(ValueError, match="arbeid"):
        line(price, amount, vat)


def test_a_quote_of_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="1 to 50"):
        totals([])


def test_the_terms_that_began_last_hold() -> None:
    early = MisuseTerms(municipality_code="GM0405", valid_from=date(2025, 1, 1), decide_within=3)
    late = MisuseTerms(municipality_code="GM0405", valid_from=date(2026, 1, 1), decide_within=4)
    ended = MisuseTerms(
        municipality_code="GM0405",
        valid_from=date(2026, 6, 1),
        valid_through=date(2026, 6, 30),
        decide_within=5,
    )
    known = (late, ended, early)
    for day, within in (
        (date(2025, 12, 31), 3),
        (date(2026, 1, 1), 4),
        (date(2026, 6, 30), 5),
        (date(2026, 7, 1), 4),
        (date(2024, 1, 1), 10),
    ):
        assert terms_on(known, "GM0405", day).decide_within == within
    assert terms_on(known, "GM0637", date(2026, 1, 1)).unreviewed == ()


def test_reminders_come_on_the_morning_of_a_working_day() -> None:
    terms = MisuseTerms(municipality_code="GM0405", remind_every=1)
    # Reported on Wednesday 23 December 2026: Thursday is full, then come Christmas and a Sunday.
    reported = datetime(2026, 12, 23, 22, 30, tzinfo=UTC)
    assert terms.remind_at(reported) == datetime(2026, 12, 28, 7, tzinfo=UTC)
    # In summer eight o'clock is six in UTC.
    assert terms.remind_at(datetime(2026, 7, 1, tzinfo=UTC)) == datetime(2026, 7, 3, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('[{"municipality_code": "GM1", "unreviewed": ["stolen"]}]', "no such kind: stolen"),
        (
            '[{"municipality_code": "GM1", "unreviewed": ["lost", "other_person"]}]',
            r"\$\[0\].unreviewed: wrong too often to go without a review: other_person",
        ),
        ('[{"municipality_code": "GM1", "access_team": "geen adres"}]', "is no mail address"),
        ('[{"municipality_code": "GM1", "access_team": "a@b.nl, c@d.nl"}]', "is no mail address"),
        ('[{"municipality_code": "GM1", "remind_every": 0}]', "at least one working day"),
        ('[{"municipality_code": "GM1", "vat_parts": "210"}]', "is no rate"),
        ('[{"municipality_code": "GM1", "articles": {"x": "art. 5"}}]', r"\$\[0\].articles"),
    ],
)
def test_what_is_wrong_with_terms_is_said(content: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        decode(content.encode())


def test_evidence_is_a_value_a_day() -> None:
    first = date(2026, 11, 1)
    rows = [
        {"day": first, "rides": 4.0, "empty_rides": 1.0, "current_a": None},
        {"day": first + timedelta(days=3), "rides": 2.0, "empty_rides": 0.0, "current_a": None},
        {"day": first + timedelta(days=1), "battery_v": 24.123},
    ]
    found = evidence.drawn_from(("rides", "battery_v", "current_a"), rows)
    assert found is not None
    assert [(curve.name, curve.values) for curve in found.curves] == [
        ("rides", (4.0, 0.0, 0.0, 2.0)),
        ("battery_v", (None, 24.12, None, None)),
    ]
    assert found.days[-1] == date(2026, 11, 4)
    assert evidence.drawn_from(("load_kg",), rows) is None
    assert evidence.drawn_from(("rides",), []) is None
