"""Coming in: by password and second factor, with tokens; being thrown out; what is on record."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from api.accounts import command
from api.accounts.roles import HOME, Role
from api.secrets.command import seal_all
from api.settings import Settings
from diagnostics.sealing import UnreadableSecretError, keyring, new_key
from ingest.storage.pool import connect_async
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.accounts import COOKIE, add_account, dressed, sign_in

PASSWORD = "correct horse battery"  # noqa: S105
OTHER = "staple of another stable"
LOGIN = {"login": "anja", "password": PASSWORD}


@pytest.fixture(scope="module")
def hashed() -> str:
    from argon2 import PasswordHasher  # noqa: PLC0415

    # As cheap as can be: what it costs is not what these tests are about.
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def anja(database: str, seed: Seed, hashed: str) -> int:
    """An account of the desk, with a password."""
    account_id = add_account(database, login="anja", name="Anja de Wit")
    seed.run(
        "INSERT INTO account_password (account_id, hash, changed_at) VALUES (%s, %s, %s)",
        account_id,
        hashed,
        NOW,
    )
    return account_id


def location(response: httpx.Response) -> str:
    assert response.status_code == 303, response.text
    return response.headers["location"]


@pytest.mark.usefixtures("anja")
async def test_signing_in_and_out(database: str, seed: Seed) -> None:
    async with serve(database, role=None) as client:
        assert location(await client.get("/tickets/7?lang=nl")) == (
            "/sign-in?next=%2Ftickets%2F7%3Flang%3Dnl"
        )
        form = await client.get("/sign-in?next=/tickets/7")
        assert 'name="next" value="/tickets/7"' in form.text
        response = await client.post("/sign-in", data=LOGIN | {"next": "/tickets/7"})
        assert location(response) == "/tickets/7"
        cookie = response.headers["set-cookie"]
        assert cookie.startswith(f"{COOKIE}=")
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
        token = client.cookies[COOKIE]
        assert token not in str(seed.one("SELECT array_agg(s::text) FROM account_session AS s"))
        assert "Anja de Wit" in (await client.get("/")).text
        assert location(await client.get("/sign-in")) == "/"
        assert location(await client.post("/sign-out")) == "/sign-in"
        client.cookies.set(COOKIE, token)  # whoever kept it
        assert (await client.get("/v1/tickets")).status_code == 401
    actions = seed.one("SELECT array_agg(action ORDER BY audit_id) FROM audit")
    assert actions == ["signed_in", "signed_out"]


@pytest.mark.usefixtures("anja")
async def test_over_tls_the_cookie_is_for_this_host_alone(database: str) -> None:
    async with serve(database, role=None) as client:
        client.base_url = httpx.URL("https://127.0.0.1")
        response = await client.post("/sign-in", data=LOGIN)
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-liftwacht_session=")
        assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
        assert "domain" not in cookie.lower()
        assert (await client.get("/v1/tickets")).status_code == 200
        plain = await client.get("http://desk.example/v1/tickets")
        assert plain.status_code == 400


@pytest.mark.usefixtures("anja")
async def test_who_guesses_is_slowed_down_and_never_locked_for_ever(
    database: str, seed: Seed
) -> None:
    wrong = LOGIN | {"password": "wrong"}
    async with serve(database, role=None) as client:
        answers = [(await client.post("/sign-in", data=wrong)).status_code for _ in range(7)]
        assert answers == [401] * 5 + [429] * 2
        locked = await client.post("/sign-in", data=LOGIN)
        assert (locked.status_code, locked.headers["retry-after"]) == (429, "61")
        nobody = await client.post("/sign-in", data=LOGIN | {"login": "Some Password 1!"})
        assert nobody.status_code == 401
    # Another process, a little later: it has not forgotten, but the lock is over.
    async with serve(database, NOW + timedelta(seconds=30), role=None) as client:
        assert (await client.post("/sign-in", data=LOGIN)).status_code == 429
    async with serve(database, NOW + timedelta(seconds=62), role=None) as client:
        assert location(await client.post("/sign-in", data=LOGIN)) == "/"
    tried = seed.one("SELECT array_agg(DISTINCT coalesce(subject, '?')) FROM audit")
    assert sorted(tried) == ["?", "anja"], "what somebody typed into the wrong field is not kept"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account SET disabled_at = now()",
        "UPDATE account_session SET expires_at = '2026-11-01'",
        "UPDATE account_session SET seen_at = '2026-11-21 13:29:59Z'",
        "DELETE FROM account_session",
    ],
)
async def test_what_is_taken_away_is_gone_at_once(change: str, database: str, seed: Seed) -> None:
    async with serve(database) as client:
        assert (await client.get("/v1/tickets")).status_code == 200
        seed.run(change)
        assert (await client.get("/v1/tickets")).status_code == 401
        page = await client.post("/tickets/1/do", data={"do": "note", "text": "x"})
        assert (page.status_code, "Meld u opnieuw aan" in page.text) == (401, True)


async def test_a_disabled_account_cannot_sign_in_and_does_not_hear_why(
    database: str, anja: int, seed: Seed
) -> None:
    seed.run("UPDATE account SET disabled_at = now() WHERE account_id = %s", anja)
    async with serve(database, role=None) as client:
        disabled = await client.post("/sign-in", data=LOGIN)
        unknown = await client.post("/sign-in", data=LOGIN | {"login": "bram"})
        assert (disabled.status_code, unknown.status_code) == (401, 401)
        assert disabled.text.replace("anja", "bram") == unknown.text


async def test_the_second_factor_from_set_up_to_a_lost_telephone(
    database: str, anja: int, seed: Seed
) -> None:
    seed.run("UPDATE account SET role = 'manager' WHERE account_id = %s", anja)
    at = NOW
    async with serve(database, NOW, role=None) as client:
        await client.post("/sign-in", data=LOGIN)
        assert location(await client.get("/")) == "/sign-in", "not in before it is set up"
        assert location(await client.get("/sign-in")) == "/sign-in/set-up"
        assert (await client.get("/v1/tickets")).status_code == 401
        page = (await client.get("/sign-in/set-up")).text
        secret = re.search(r'class="secret">([A-Z2-7]{32})<', page)
        assert secret, page
        assert "<svg" in page
        totp = pyotp.TOTP(secret[1])
        assert (await client.post("/sign-in/set-up", data={"code": "000000"})).status_code == 401
        before = client.cookies[COOKIE]
        shown = await client.post("/sign-in/set-up", data={"code": totp.at(at)})
        codes = re.findall(r"<li><code>([a-z0-9-]{14})</code>", shown.text)
        assert len(set(codes)) == 10
        assert client.cookies[COOKIE] != before, "whoever knew the token is out"
        assert (await client.get("/v1/tickets")).status_code == 200
        assert secret[1] not in (await client.get("/sign-in/set-up")).text
    for used, minutes, lets_in in (
        (totp.at(at), 0.1, False),  # the code that set it up, again
        (totp.at(at + timedelta(minutes=5)), 5, True),
        (totp.at(at + timedelta(minutes=5)), 5.2, False),
        (codes[0].upper(), 20, True),
        (codes[0], 30, False),
        (codes[1], 40, True),
    ):
        async with serve(database, at + timedelta(minutes=minutes), role=None) as client:
            assert location(await client.post("/sign-in", data=LOGIN)) == "/"
            assert location(await client.get("/sign-in")) == "/sign-in/second-factor"
            answer = await client.post("/sign-in/second-factor", data={"code": used})
            assert (answer.status_code == 303) is lets_in, (used, minutes)
            assert ((await client.get("/v1/tickets")).status_code == 200) is lets_in
    # An administrator helps whoever lost all of it.
    async with serve(database, role=Role.ADMINISTRATOR) as client:
        assert (
            location(await client.post("/accounts/anja/remove-second-factor")) == "/accounts/anja"
        )
    assert seed.one("SELECT count(*) FROM account_recovery_code") == 0
    assert seed.one("SELECT count(*) FROM account_session WHERE account_id = %s", anja) == 0


async def test_secrets_are_sealed_and_those_from_before_can_be(
    database: str, anja: int, seed: Seed, tmp_path: Path
) -> None:
    secret = pyotp.random_base32()
    seed.run("INSERT INTO account_factor VALUES (%s, %s, %s)", anja, secret, NOW)
    file = tmp_path / "keys"
    file.write_text(new_key())
    async with await connect_async(database, application="test") as connection:
        assert await seal_all(connection, keyring(file)) == 1
    stored = seed.one("SELECT secret FROM account_factor")
    assert secret not in stored
    asked = {"name": "Hoorn", "url": "https://hoorn.example/events"}
    async with serve(database, role=Role.ADMINISTRATOR, secret_keys=file) as client:
        made = (await client.post("/v1/webhooks", json=asked)).json()["secret"]
        stored = seed.one("SELECT secret FROM webhook_subscription")
        assert keyring(file).open(stored) == made != stored
        dressed(client, None)
        await client.post("/sign-in", data=LOGIN)
        code = pyotp.TOTP(secret).at(NOW)
        answer = await client.post("/sign-in/second-factor", data={"code": code})
        assert answer.status_code == 303
    # Without the key nobody comes in, and nobody is told a secret.
    async with serve(database, role=None) as client:
        await client.post("/sign-in", data=LOGIN)
        with pytest.raises(UnreadableSecretError):
            await client.post("/sign-in/second-factor", data={"code": code})


@pytest.mark.parametrize(
    ("role", "seen", "begun", "lets_in"),
    [
        (Role.DESK, 50, 50, True),
        (Role.DESK, 70, 70, False),
        (Role.MECHANIC, 15 * 60, 24 * 60, True),  # a day on the road
        (Role.MECHANIC, 17 * 60, 24 * 60, False),
        (Role.MECHANIC, 1, 7 * 24 * 60, False),  # the absolute end
    ],
)
async def test_how_long_a_session_lives_is_by_role(
    database: str, seed: Seed, role: Role, seen: int, begun: int, *, lets_in: bool
) -> None:
    async with serve(database, role=role) as client:
        lasts = Settings(database_url="x").lives.of(role).lasts
        seed.run(
            "UPDATE account_session SET seen_at = %s, expires_at = %s",
            NOW - timedelta(minutes=seen),
            NOW - timedelta(minutes=begun) + lasts,
        )
        assert ((await client.get("/v1/tickets")).status_code == 200) is lets_in


async def test_codes_cannot_be_guessed_at_will(database: str, anja: int, seed: Seed) -> None:
    seed.run("INSERT INTO account_factor VALUES (%s, %s, %s)", anja, pyotp.random_base32(), NOW)
    async with serve(database, role=None) as client:
        await client.post("/sign-in", data=LOGIN)
        answers = [
            (await client.post("/sign-in/second-factor", data={"code": "12345"})).status_code
            for _ in range(7)
        ]
    assert answers == [401] * 5 + [429] * 2


async def test_a_temporary_password_is_good_for_choosing_another(
    database: str, anja: int, seed: Seed
) -> None:
    seed.run("UPDATE account_password SET temporary = true WHERE account_id = %s", anja)
    elsewhere = sign_in(database, login="anja")
    new = {"old": PASSWORD, "new": OTHER, "again": OTHER}
    async with serve(database, role=None) as client:
        await client.post("/sign-in", data=LOGIN)
        assert location(await client.get("/sign-in")) == "/sign-in/new-password"
        for wrong in (
            {"old": "guess"},
            {"new": "short", "again": "short"},
            {"again": "different"},
            {"new": PASSWORD, "again": PASSWORD},
        ):
            answer = await client.post("/sign-in/new-password", data=new | wrong)
            assert answer.status_code == 400, wrong
        assert (await client.get("/v1/tickets")).status_code == 401
        assert location(await client.post("/sign-in/new-password", data=new)) == "/"
        assert (await client.get("/v1/tickets")).status_code == 200
        assert (await dressed(client, elsewhere).get("/v1/tickets")).status_code == 401
    assert seed.one("SELECT count(*) FROM audit WHERE action = 'password_changed'") == 1


async def test_one_ends_ones_own_sessions_and_nobody_elses(database: str, seed: Seed) -> None:
    second, stranger = sign_in(database), sign_in(database, login="bram")
    sessions = seed.one(
        "SELECT jsonb_object_agg(login, session_id) FROM account_session"
        " JOIN account USING (account_id)"
    )
    async with serve(database) as client:
        page = (await client.get("/account")).text
        assert page.count("/account/sessions/") == 1
        for session_id in sessions.values():
            await client.post(f"/account/sessions/{session_id}/end")
        assert (await dressed(client, second).get("/v1/tickets")).status_code == 401
        assert (await dressed(client, stranger).get("/v1/tickets")).status_code == 200


async def test_a_machine_does_what_its_token_says_until_that_ends(
    database: str, seed: Seed
) -> None:
    async with serve(database, role=Role.ADMINISTRATOR) as client:
        added = {"login": "centrale", "name": "Meldkamer", "role": "machine"}
        assert (await client.post("/accounts", data=added)).status_code == 200
        wanted = {"name": "one", "days": "30", "scope devices:read": "on"}
        made = await client.post("/accounts/centrale/tokens", data=wanted)
        token = re.search(r"liftwacht_[\w-]{43}", made.text)
        assert token, made.text
        assert token[0] not in (await client.get("/accounts/centrale")).text
        too_much = await client.post(
            "/accounts/centrale/tokens", data={"name": "two", "scope accounts:manage": "on"}
        )
        assert too_much.status_code == 400
        client.cookies.clear()
        bearer = {"Authorization": f"Bearer {token[0]}"}
        assert (await client.get("/v1/devices", headers=bearer)).status_code == 200
        assert (await client.get("/v1/tickets", headers=bearer)).status_code == 403
        assert (
            await client.get("/v1/devices", headers={"Authorization": "Bearer x"})
        ).status_code == 401
        assert (
            await client.get("/v1/devices", headers={"Authorization": "Basic eA=="})
        ).status_code == 401
    assert seed.one("SELECT last_used_at FROM api_token") == NOW
    async with serve(database, NOW + timedelta(days=31), role=None) as client:
        assert (await client.get("/v1/devices", headers=bearer)).status_code == 401
    async with serve(database, role=Role.ADMINISTRATOR) as client:
        await client.post("/accounts/centrale/tokens/1/revoke")
        client.cookies.clear()
        assert (await client.get("/v1/devices", headers=bearer)).status_code == 401
    actions = seed.one(
        "SELECT array_agg(action ORDER BY audit_id) FROM audit WHERE action LIKE 'token%%'"
    )
    assert actions == [
        *("token_added", "token_used", "token_refused", "token_refused"),
        *("token_revoked", "token_refused"),
    ]


async def test_an_administrator_adds_changes_and_disables(database: str, seed: Seed) -> None:
    async with serve(database, role=Role.ADMINISTRATOR) as client:
        new = {"login": "Els", "name": "Els Mulder", "role": "desk"}
        made = await client.post("/accounts", data=new)
        assert re.search(r'class="secret">[a-z0-9-]{23}<', made.text), made.text
        assert (await client.post("/accounts", data=new)).status_code == 400
        no_town = await client.post("/accounts/els", data={"name": "Els", "role": "municipality"})
        assert "hoort een gemeente" in no_town.text
        moved = {"name": "Els", "role": "municipality", "municipality": "GM0405"}
        assert location(await client.post("/accounts/els", data=moved)) == "/accounts/els"
        await client.post("/accounts/els/disable")
        assert "Geblokkeerd" in (await client.get("/accounts/els")).text
        oneself = await client.post("/accounts/administrator/disable")
        assert "andere beheerder" in oneself.text
        assert (await client.get("/accounts/nobody")).status_code == 404
        record = (await client.get("/audit?about=els")).text
        for word in ("account toegevoegd", "account gewijzigd", "account geblokkeerd"):
            assert word in record
    detail = seed.one("SELECT detail FROM audit WHERE action = 'account_changed'")
    assert detail["changed"]["role"] == ["desk", "municipality"]


@contextmanager
def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(text))
        yield


def test_the_command_adds_lists_and_disables(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import argparse  # noqa: PLC0415

    parser = argparse.ArgumentParser()
    command.define(parser)

    def run(*arguments: str) -> tuple[int, Any]:
        code = command.run(parser.parse_args(arguments), database)
        return code, capsys.readouterr()

    code, output = run("add", "anja", "--name", "Anja", "--role", "desk")
    assert (code, len(output.out.strip())) == (0, 23)
    code, output = run("add", "anja", "--name", "Anja", "--role", "desk")
    assert (code, "already" in output.err) == (1, True)
    code, output = run("add", "els", "--name", "Els", "--role", "municipality")
    assert (code, "municipality" in output.err) == (1, True)
    with typed(monkeypatch, "short\n"):
        code, output = run("reset-password", "anja", "--password-stdin")
    assert (code, "at least 12" in output.err) == (1, True)
    assert run("disable", "anja")[0] == 0
    assert run("disable", "nobody")[0] == 1
    with typed(
        monkeypatch, '{"login": "bram", "name": "Bram", "role": "mechanic"}\n{"login": 5}\n'
    ):
        code, output = run("load")
    assert (code, "line 2" in output.err) == (1, True)
    _, output = run("list")
    listed = [json.loads(line) for line in output.out.splitlines()]
    assert [(each["login"], each["disabled_at"] is None) for each in listed] == [
        ("bram", True),
        ("anja", False),
    ]


@pytest.mark.parametrize("role", sorted(set(HOME) - {Role.MACHINE}))
async def test_the_name_of_the_house_leads_to_a_page_they_may_see(
    database: str, role: Role
) -> None:
    async with serve(database, role=role) as client:
        page = await client.get("/account")
        found = re.search(r'class="brand" href="([^"]+)"', page.text)
        assert found is not None
        assert (await client.get(found[1])).status_code == 200
