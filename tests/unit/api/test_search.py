"""What is typed while somebody talks: any way of writing it leads to the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.words import Wanted, understand


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sl-000123", Wanted(text="sl-000123", beginning="sl-000123")),
        ("  C-0815 ", Wanted(text="C-0815", beginning="c-0815")),
        ("#42", Wanted(text="#42", ticket=42)),
        ("1621", Wanted(text="1621", beginning="1621", postcode4=1621)),
        ("1621ab", Wanted(text="1621ab", beginning="1621ab", postcode4=1621, letters="AB")),
        ("1621 AB", Wanted(text="1621 AB", postcode4=1621, letters="AB")),
        ("06-1234 5678", Wanted(text="06-1234 5678", phone="612345678")),
        ("+31 6 12345678", Wanted(text="+31 6 12345678", phone="612345678")),
        ("+31 (0)229 123456", Wanted(text="+31 (0)229 123456", phone="229123456")),
        ("0229", Wanted(text="0229", beginning="0229")),
        ("mevrouw Bakker", Wanted(text="mevrouw Bakker", name=True)),
        ("   ", Wanted(text="")),
    ],
)
def test_what_it_may_mean(text: str, expected: Wanted) -> None:
    assert understand(text) == expected


@given(st.text(max_size=300))
def test_anything_can_be_typed(text: str) -> None:
    wanted = understand(text)
    assert len(wanted.text) <= 100
    assert wanted.ticket is None or 0 <= wanted.ticket < 10**18
    assert wanted.postcode4 is None or 1000 <= wanted.postcode4 <= 9999
