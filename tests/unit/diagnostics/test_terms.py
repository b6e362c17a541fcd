"""Contract terms as data: per municipality, with the days between which they hold."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from diagnostics.tickets.entries import DelayReason
from diagnostics.tickets.terms import Postcodes, Term, Terms, Unit, decode_terms, terms_for

HOORN = Terms(
    municipality_code="GM0405", valid_from=date(2025, 1, 1), valid_through=date(2026, 12, 31)
)
NEXT = replace(HOORN, valid_from=date(2027, 1, 1), valid_through=None)


def test_those_of_the_day_of_the_report_hold() -> None:
    every = (HOORN, NEXT, replace(HOORN, municipality_code="GM0637"))
    assert terms_for(every, "GM0405", date(2026, 12, 31)) is HOORN
    assert terms_for(every, "GM0405", date(2027, 1, 1)) is NEXT


@pytest.mark.parametrize(
    ("every", "day"),
    [((HOORN,), "2024-12-31"), ((HOORN,), "2027-01-01"), ((HOORN, HOORN), "2026-01-01")],
)
def test_without_exactly_one_there_is_none(every: tuple[Terms, ...], day: str) -> None:
    with pytest.raises(LookupError, match="GM0405"):
        terms_for(every, "GM0405", date.fromisoformat(day))


def test_the_usual_terms() -> None:
    assert HOORN.of(1).on_site == Term(2, Unit.HOURS)
    assert HOORN.of(1).repaired == Term(1, Unit.CALENDAR_DAYS)
    assert HOORN.of(2).repaired == Term(2, Unit.WORKING_DAYS)
    assert HOORN.of(3).repaired == Term(5, Unit.WORKING_DAYS)
    assert HOORN.share_on_time == 0.95
    with pytest.raises(LookupError, match="no priority 4"):
        HOORN.of(4)


@pytest.mark.parametrize(
    ("postcode4", "exempt"),
    [
        (1789, False),  # Den Helder
        (1790, True),
        (1797, True),
        (8880, True),
        (8886, False),
        (8896, True),  # Hoorn, on Terschelling
        (1621, False),  # Hoorn, in Noord-Holland
        (8899, True),
        (9165, False),
        (9166, True),
    ],
)
def test_the_wadden_are_known_by_postcode(postcode4: int, *, exempt: bool) -> None:
    assert HOORN.exempt(postcode4) is exempt


def test_written_as_json_and_read_again_they_are_the_same() -> None:
    every = (HOORN, replace(NEXT, on_site_warning=timedelta(minutes=20), on_site_exempt=()))
    assert decode_terms(msgspec.json.encode(every)) == every
    least = b'[{"municipality_code": "GM0637", "valid_from": "2026-01-01"}]'
    assert decode_terms(least) == (Terms(municipality_code="GM0637", valid_from=date(2026, 1, 1)),)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b'[{"valid_from": "2026-01-01"}]', "municipality_code"),
        (b'[{"municipality_code": "GM0405", "valid_from": "1 mei"}]', r"valid_from"),
        (
            b'[{"municipality_code": "GM0405", "valid_from": "2026-01-01", "share": 1}]',
            "share",
        ),
        (
            b"""[{"municipality_code": "GM0405", "valid_from": "2026-01-01"},
                 {"municipality_code": "GM0405", "valid_from": "2027-01-01"}]""",
            "two hold for GM0405",
        ),
        (b"[", "contract terms"),
    ],
)
def test_what_is_wrong_with_them_is_said(text: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        decode_terms(text)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"valid_through": date(2024, 12, 31)}, "before 2025-01-01"),
        ({"share_on_time": 95.0}, "share"),
        ({"share_on_time": 0.0}, "share"),
        ({"repaired_warning": timedelta(hours=-1)}, "warning"),
        ({"window_at_most": timedelta()}, "window"),
        ({"excusing": (DelayReason.UNKNOWN,)}, "not specified"),
        ({"priorities": (HOORN.of(1), HOORN.of(1))}, "two terms"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(wrong: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        replace(HOORN, **wrong)


def test_a_term_of_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="term of 0"):
        Term(0, Unit.HOURS)


def test_postcodes_include_both_ends() -> None:
    some = Postcodes(1620, 1622)
    assert [code in some for code in (1619, 1620, 1622, 1623)] == [False, True, True, False]
