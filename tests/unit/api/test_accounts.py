"""Signing in: what is decided without a database."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from api.accounts import passwords, second_factor, throttle
from api.accounts.endpoints import own_path
from api.accounts.principal import allowed
from api.accounts.roles import PERMISSIONS, Permission, Role
from api.accounts.sessions import Step, outstanding

NOW = datetime(2026, 11, 29, 3, 0, 10, tzinfo=UTC)
SECRET = pyotp.random_base32()


def code(at: datetime) -> str:
    return str(pyotp.TOTP(SECRET).at(at))


@pytest.mark.parametrize(
    ("off_s", "right"), [(0, True), (-30, True), (30, True), (-60, False), (90, False)]
)
def test_a_code_is_good_for_a_clock_that_is_a_little_off(off_s: int, right: bool) -> None:
    step = second_factor.step_of(code(NOW + timedelta(seconds=off_s)), SECRET, now=NOW, last_step=0)
    assert (step is not None) is right


def test_a_code_works_once_and_the_next_one_works_again() -> None:
    step = second_factor.step_of(code(NOW), SECRET, now=NOW, last_step=0)
    assert step is not None
    assert second_factor.step_of(code(NOW), SECRET, now=NOW, last_step=step) is None
    before = code(NOW - timedelta(seconds=30))
    assert second_factor.step_of(before, SECRET, now=NOW, last_step=step) is None
    later = NOW + timedelta(seconds=30)
    assert second_factor.step_of(code(later), SECRET, now=later, last_step=step) == step + 1


@pytest.mark.parametrize("wrong", ["", "000000 ", "12345", "abcdef"])
def test_what_is_no_code_is_wrong(wrong: str) -> None:
    assert second_factor.step_of(wrong, SECRET, now=NOW, last_step=0) is None


@pytest.mark.parametrize(
    ("wanted", "own"),
    [
        ("/tickets/5", True),
        ("/devices/sl-1?lang=en", True),
        ("/", True),
        ("", False),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example", False),
        ("/a\r\nSet-Cookie: x", False),
        ("javascript:alert(1)", False),
        ("/" + "a" * 600, False),
    ],
)
def test_after_signing_in_one_stays_here(wanted: str, own: bool) -> None:
    assert own_path(wanted) == (wanted if own else "")


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("correct horse battery", True),
        ("short", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("anja-anja-2026!", False),
        ("Liftwacht-2026!", False),
        ("x" * 64 + "abcd efgh" * 9, False),
    ],
)
def test_passwords_are_long_rather_than_odd(password: str, good: bool) -> None:
    if good:
        passwords.check(password, login="anja")
    else:
        with pytest.raises(passwords.WeakPasswordError):
            passwords.check(password, login="anja")


def test_what_we_generate_is_good_enough_and_never_the_same() -> None:
    made = {passwords.generate() for _ in range(50)}
    assert len(made) == 50
    for each in made:
        passwords.check(each, login="anja")


def test_people_behind_one_network_of_ipv6_count_together() -> None:
    one, other = (
        throttle.levels("anja", address, known=False)[0].key
        for address in ("2001:db8::1", "2001:db8::ffff:2")
    )
    assert one == other
    assert throttle.levels("anja", "2001:db8:0:1::1", known=False)[0].key != one


def test_where_an_account_came_in_from_others_cannot_lock_it_out() -> None:
    keys = [level.key for level in throttle.levels("desk", "192.0.2.1", known=True)]
    assert keys == ["address 192.0.2.1", "pair desk 192.0.2.1"]


def session(**what: object) -> dict[str, object]:
    return {
        "provider": None,
        "has_factor": False,
        "second_factor_at": None,
        "temporary": False,
        "role": "desk",
    } | what


@pytest.mark.parametrize(
    ("found", "step"),
    [
        (session(), None),
        (session(has_factor=True), Step.SECOND_FACTOR),
        (session(has_factor=True, second_factor_at=NOW), None),
        (session(has_factor=True, temporary=True), Step.SECOND_FACTOR),
        (session(temporary=True), Step.NEW_PASSWORD),
        (session(role="manager"), Step.SET_UP),
        (session(role="manager", temporary=True), Step.NEW_PASSWORD),
        (session(role="manager", provider="city"), None),
    ],
)
def test_what_is_still_to_be_done(found: dict[str, object], step: Step | None) -> None:
    assert outstanding(found, {Role.MANAGER}) is step


def test_a_token_has_what_is_in_its_scope_and_its_role() -> None:
    scope = frozenset({Permission.READ_DEVICES, Permission.MANAGE_ACCOUNTS})
    assert allowed(Role.MACHINE, scope) == {Permission.READ_DEVICES}
    assert allowed(Role.DESK) == PERMISSIONS[Role.DESK]
