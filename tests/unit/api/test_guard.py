"""Who may reach a service without accounts."""

import pytest
from pydantic import ValidationError
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


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "desk.example"])  # noqa: S104
def test_it_refuses_to_listen_beyond_this_machine(host: str) -> None:
    with pytest.raises(ValidationError, match="not this machine alone"):
        Settings(database_url="postgresql://", listen_host=host)


@pytest.mark.parametrize("number", [0, 1, 2**62])
def test_a_cursor_comes_back(number: int) -> None:
    assert decode(encode(number)) == number


@pytest.mark.parametrize("cursor", ["", "!", "ééé", "LTE", "YWJj", "A" * 60])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInputError, match="cursor"):
        decode(cursor)
