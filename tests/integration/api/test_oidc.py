"""Signing in through an identity provider: a real one (npm oidc-provider, certified)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.accounts import oidc
from api.accounts.roles import Role
from tests.integration.api.conftest import serve
from tests.integration.api.seed import Seed
from tests.support.accounts import add_account
from tests.support.identity_provider import configuration, identity_provider

PEOPLE: dict[str, dict[str, Any]] = {
    "1": {
        "email": "anja@example.invalid",
        "email_verified": True,
        "name": "Anja",
        "roles": ["desk"],
    },
    "2": {"email": "anja@example.invalid", "email_verified": False, "name": "Eve"},
    "3": {"preferred_username": "Carla", "name": "Carla Visser", "roles": ["others", "chiefs"]},
    "4": {"preferred_username": "anja", "name": "Not Anja", "roles": ["desk"]},
}
ROLES = {"chiefs": "manager", "desk": "desk"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with identity_provider("http://127.0.0.1/sign-in/back", PEOPLE) as found:
        yield found


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)  # the provider's clock is the real one


async def travel(client: httpx.AsyncClient, login: str, *, start: str = "") -> str:
    """Go to the provider, sign in and agree there, and return the address that leads back."""
    begun = await client.get(start or "/sign-in/with/city?next=/devices/sl-1")
    assert begun.status_code == 303, begun.text
    async with httpx.AsyncClient(timeout=20) as browser:
        answer = await browser.get(begun.headers["location"])
        for _ in range(8):
            if answer.is_redirect:
                address = str(answer.next_request.url) if answer.next_request else ""
                if "/sign-in/back" in address:
                    return address
                answer = await browser.get(address)
                continue
            form = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert form, answer.text
            assert prompt, answer.text
            data = {"prompt": prompt[1], "login": login, "password": "any"}
            answer = await browser.post(form[1], data=data)
    raise AssertionError("the provider never sent the browser back")


async def arrive(client: httpx.AsyncClient, login: str) -> httpx.Response:
    return await client.get(await travel(client, login))


async def test_whoever_the_provider_vouches_for_comes_in_with_the_role_it_says(
    database: str, seed: Seed, issuer: str, tmp_path: Path, now: datetime
) -> None:
    file = configuration(tmp_path / "oidc.json", issuer, roles=ROLES)
    async with serve(database, now, role=None, oidc_file=file) as client:
        assert "Aanmelden via Gemeente" in (await client.get("/sign-in")).text
        back = await arrive(client, "3")
        assert back.status_code == 200, back.text
        assert 'content="0; url=/devices/sl-1"' in back.text
        assert "Carla Visser" in (await client.get("/account")).text
        assert (await client.get("/audit")).status_code == 200, "a manager, without a code of ours"
        client.cookies.clear()
        assert (await arrive(client, "3")).status_code == 200, "and again, as the same"
        client.cookies.clear()
        assert (await arrive(client, "2")).status_code == 403, "no role, no way in"
    assert seed.one("SELECT array_agg(login || ' ' || role) FROM account") == ["carla manager"]
    assert seed.one("SELECT array_agg(action ORDER BY audit_id) FROM audit") == [
        *("account_added", "identity_linked", "signed_in", "signed_in", "sign_in_failed")
    ]


async def test_only_a_verified_address_leads_to_an_account_that_is_there(
    database: str, seed: Seed, issuer: str, tmp_path: Path, now: datetime
) -> None:
    account = add_account(database, login="anja")
    seed.run("UPDATE account SET email = 'Anja@Example.invalid' WHERE account_id = %s", account)
    file = configuration(tmp_path / "oidc.json", issuer, link_by_mail=True)
    async with serve(database, now, role=None, oidc_file=file) as client:
        assert (await arrive(client, "2")).status_code == 403
        assert (await arrive(client, "1")).status_code == 200
        assert (await client.get("/v1/tickets")).status_code == 200
    assert seed.one("SELECT array_agg(subject) FROM account_identity") == ["1"]
    file = configuration(tmp_path / "oidc.json", issuer, roles=ROLES)
    async with serve(database, now, role=None, oidc_file=file) as client:
        assert (await arrive(client, "4")).status_code == 403, "a login of somebody else's"
        seed.run("UPDATE account SET disabled_at = now()")
        assert (await arrive(client, "1")).status_code == 403


async def test_a_municipality_s_provider_lets_in_its_own_people_alone(
    database: str, seed: Seed, issuer: str, tmp_path: Path, now: datetime
) -> None:
    """Whatever the provider of Hoorn says, nobody becomes an account of another municipality."""
    theirs = add_account(database, Role.MUNICIPALITY, login="piet", municipality_code="GM0420")
    seed.run("UPDATE account SET email = 'anja@example.invalid' WHERE account_id = %s", theirs)
    hoorn = {"municipality_code": "GM0405", "link_by_mail": True}
    file = configuration(tmp_path / "oidc.json", issuer, **hoorn)
    async with serve(database, now, role=None, oidc_file=file) as client:
        assert (await arrive(client, "1")).status_code == 403, "of Medemblik, by that mail address"
    assert seed.one("SELECT count(*) FROM account_identity") == 0
    roles = {"chiefs": "contract_manager", "desk": "municipality"}
    file = configuration(tmp_path / "oidc.json", issuer, **hoorn, roles=roles)
    async with serve(database, now, role=None, oidc_file=file) as client:
        assert (await arrive(client, "3")).status_code == 200
        assert "Gemeente Hoorn" in (await client.get("/portal")).text
        made = "SELECT role, municipality_code FROM account WHERE login = 'carla'"
        assert seed.row(made) == ("contract_manager", "GM0405")
        # Somebody moves her to another municipality: its provider's word is worth nothing there.
        seed.run("UPDATE account SET municipality_code = 'GM0420' WHERE login = 'carla'")
        client.cookies.clear()
        assert (await arrive(client, "3")).status_code == 403
        # …nor can it let in somebody of the desk.
        seed.run("UPDATE account SET municipality_code = NULL, role = 'desk' WHERE login = 'carla'")
        assert (await arrive(client, "3")).status_code == 403


async def test_what_did_not_begin_here_does_not_end_here(
    database: str, issuer: str, tmp_path: Path, now: datetime
) -> None:
    file = configuration(tmp_path / "oidc.json", issuer, roles=ROLES)
    async with serve(database, now, role=None, oidc_file=file) as client:
        address = await travel(client, "1")
        mine = dict(client.cookies)
        client.cookies.clear()
        assert (await client.get(address)).status_code == 400, "another browser"
        client.cookies.update(mine)
        forged = re.sub(r"state=[^&]+", "state=forged", address)
        assert (await client.get(forged)).status_code == 400
        assert (await client.get(address)).status_code == 400, "once is all"
        assert (await client.get("/v1/tickets")).status_code == 401
        client.cookies.clear()
        address = await travel(client, "1")
        spoilt = re.sub(r"code=[^&]+", "code=spoilt", address)
        assert (await client.get(spoilt)).status_code == 502
        assert (await client.get("/sign-in/with/nobody")).status_code == 404
    async with serve(database, now, role=None, oidc_file=file) as client:
        address = await travel(client, "1")
        cookies = dict(client.cookies)
    later = now + timedelta(minutes=11)
    async with serve(database, later, role=None, oidc_file=file) as client:
        client.cookies.update(cookies)
        assert (await client.get(address)).status_code == 400, "too late"


async def test_a_provider_that_is_away_is_said(
    database: str, tmp_path: Path, now: datetime
) -> None:
    file = configuration(tmp_path / "oidc.json", "http://127.0.0.1:1", roles=ROLES)
    async with serve(database, now, role=None, oidc_file=file) as client:
        answer = await client.get("/sign-in/with/city")
        assert (answer.status_code, "andere kant" in answer.text) == (502, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": {"x": "machine"}},
        {"roles": {"x": "municipality"}},
        {"municipality_code": "GM0405", "roles": {"x": "desk"}},
        {"issuer": "ftp://x"},
        {"surprise": 1},
    ],
)
def test_a_configuration_that_gives_away_too_much_is_refused(
    wrong: dict[str, Any], tmp_path: Path
) -> None:
    file = configuration(tmp_path / "oidc.json", **{"issuer": "https://x.invalid"} | wrong)
    with pytest.raises(ValueError, match="validation error"):
        oidc.load(file)
