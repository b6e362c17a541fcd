"""What every request must pass, and cursors."""

import pytest
from starlette.datastructures import Headers

from api.guard import host_allowed, same_site
from api.pagination import decode, encode
from api.problems import InvalidInputError
from api.settings import Settings


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("LOCALHOST:8000", True),
        ("[::1]:8000", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost@evil.example", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_the_host_must_be_this_machine(host: str, allowed: bool) -> None:
    assert host_allowed(host) is allowed


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"}, True),
        ({"origin": "http://127.0.0.1:9999", "host": "127.0.0.1:8000"}, False),
        ({"origin": "null", "host": "127.0.0.1:8000"}, False),
    ],
)
def test_changes_come_from_our_own_pages_or_from_no_page(
    headers: dict[str, str], allowed: bool
) -> None:
    assert same_site(Headers(headers)) is allowed


def test_further_names_are_a_setting() -> None:
    settings = Settings(database_url="postgresql://", allowed_hosts="Desk.example, wacht.example")  # type: ignore[arg-type]
    assert settings.allowed_hosts == {"desk.example", "wacht.example"}
    assert host_allowed("desk.example:443", settings.allowed_hosts)
    assert not host_allowed("other.example", settings.allowed_hosts)


@pytest.mark.parametrize("number", [0, 1, 2**62])
def test_a_cursor_comes_back(number: int) -> None:
    assert decode(encode(number)) == number


@pytest.mark.parametrize("cursor", ["", "!", "ééé", "LTE", "YWJj", "A" * 60])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInputError, match="cursor"):
        decode(cursor)
