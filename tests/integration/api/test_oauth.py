"""A municipality's system gets its tokens by its own key (OAuth 2.0, client credentials)."""

import argparse
import asyncio
import hmac
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from api.accounts import command
from api.accounts.assertions import TYPE
from api.accounts.roles import Role
from api.accounts.signing import SigningKeys, new_key
from tests.integration.api.conftest import serve
from tests.integration.api.process import service
from tests.integration.api.seed import NOW, Seed
from tests.support import contract
from tests.support.accounts import add_account, dressed, sign_in
from tests.support.database import register_devices

ASKED_AT = "http://127.0.0.1/oauth/token"
SCOPE = ["commissions:read", "devices:read", "tickets:read"]


def pair(name: str, kind: type[Any] = RSAKey) -> Any:
    """A pair of keys of a system."""
    parameters: Any = {"kid": name, "use": "sig"}
    if kind is ECKey:
        return ECKey.generate_key("P-256", parameters)
    return RSAKey.generate_key(2048, parameters)


def public(*keys: Any) -> str:
    return json.dumps(KeySet(list(keys)).as_dict(private=False))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of keys of the service."""
    file = tmp_path_factory.mktemp("keys") / "token.pem"
    file.write_text(new_key())
    return file


@pytest.fixture(scope="module")
def theirs() -> Any:
    return pair("2026-11")


@pytest.fixture
def towns(database: str, seed: Seed) -> str:
    """A machine of Hoorn; aids with a ticket in Hoorn and in Medemblik."""
    for code, device, postcode4 in (("GM0405", "sl-1", 1621), ("GM0420", "sl-2", 1671)):
        [device_id] = register_devices(
            database, [device], municipality_code=code, postcode4=postcode4
        ).values()
        seed.ticket(device_id, opened_at=NOW)
        contract.add(seed, code, postcode4, device)
    add_account(database, Role.MACHINE, login="zaaksysteem", municipality_code="GM0405")
    return database


async def register(
    client: httpx.AsyncClient, keys: str = "", url: str = "", scope: Any = SCOPE
) -> httpx.Response:
    """As an administrator, by page."""
    form = {"keys": keys, "keys_url": url} | {f"scope {each}": "on" for each in scope}
    return await client.post("/accounts/zaaksysteem/keys", data=form)


def assertion(key: Any, *, alg: str = "RS256", header: Any = (), **changes: Any) -> str:
    """Sign what shows who one is; ``changes``: None leaves a claim out."""
    at = int(NOW.timestamp())
    claims = {
        "iss": "zaaksysteem",
        "sub": "zaaksysteem",
        "aud": ASKED_AT,
        "iat": at,
        "exp": at + 60,
        "jti": f"{'x' * 20}{id(changes)}{len(changes)}{alg}",
        **changes,
    }
    said = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": alg, **dict(header)}, said, key, algorithms=[alg])


def by_a_secret(key: Any) -> str:
    """Sign with the public half as if it were a secret; joserfc would not."""
    claims = assertion(key, jti="z" * 40).split(".")[1]
    header = urlsafe_b64encode(b'{"alg":"HS256","kid":"2026-11"}').rstrip(b"=").decode()
    signed = f"{header}.{claims}"
    made = hmac.digest(key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{urlsafe_b64encode(made).rstrip(b'=').decode()}"


async def carry_out(url: str, *arguments: str) -> int:
    """As an administrator, by command; in a thread, for it has a loop of its own."""
    parser = argparse.ArgumentParser()
    command.define(parser)
    return await asyncio.to_thread(command.run, parser.parse_args(arguments), url)


async def ask(client: httpx.AsyncClient, shown: str, **more: Any) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_assertion_type": TYPE}
    return await client.post("/oauth/token", data=form | {"client_assertion": shown} | more)


async def test_a_real_client_gets_a_token_and_reads_what_is_its_municipalitys(
    towns: str, seed: Seed, ours: Path, theirs: Any, tmp_path: Path
) -> None:
    """Over HTTP, by what the service says of itself; registered and revoked by command."""
    file = tmp_path / "jwks.json"
    file.write_text(public(theirs))
    environment = {"LIFTWACHT_TOKEN_KEYS": str(ours)}
    add = ("register-keys", "zaaksysteem", "--keys", str(file), "--scope", *SCOPE)
    assert await carry_out(towns, *add, "contacts:read") == 1
    assert await carry_out(towns, *add) == 0
    with service(towns, environment) as running:
        async with httpx.AsyncClient(base_url=running.url) as anybody:
            metadata = (await anybody.get("/.well-known/oauth-authorization-server")).json()
            known = (await anybody.get(metadata["jwks_uri"])).json()
        assert metadata["issuer"] == running.url
        assert metadata["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
        client = AsyncOAuth2Client(
            "zaaksysteem",
            theirs,
            token_endpoint_auth_method=PrivateKeyJWT(
                metadata["token_endpoint"], headers={"kid": theirs.kid}
            ),
        )
        async with client:
            token = await client.fetch_token(
                metadata["token_endpoint"],
                grant_type="client_credentials",
                scope="tickets:read commissions:read",
            )
            assert (token["token_type"], token["expires_in"]) == ("Bearer", 600)
            keys = KeySet.import_key_set(known)
            read = jwt.decode(token["access_token"], keys, algorithms=["RS256"])
            assert read.header["typ"] == "at+jwt"
            claims = {name: read.claims[name] for name in ("aud", "azp", "municipality", "scope")}
            assert claims == {
                "aud": [f"{running.url}/v1"],
                "azp": "zaaksysteem",
                "municipality": "GM0405",
                "scope": "commissions:read tickets:read",
            }
            tickets = (await client.get(f"{running.url}/v1/tickets")).json()["items"]
            assert [each["device"] for each in tickets] == ["sl-1"], "and nobody else's"
            [number] = [each["id"] for each in tickets]
            ordered = await client.get(f"{running.url}/v1/commissions")
            [order] = ordered.json()["items"]
            looked = await client.get(f"{running.url}/v1/commissions/{order['number']}")
            assert looked.status_code == 200
            for path in ("/v1/devices", "/v1/clients/C-SL-1/contact?reason=emergency", "/portal"):
                assert (await client.get(f"{running.url}{path}")).status_code == 403, path
            work = await client.post(f"{running.url}/v1/tickets/{number}/under-way", json={})
            assert work.status_code == 403, "it reads, and no more"
            assert await carry_out(towns, "revoke-keys", "zaaksysteem") == 0
            assert (await client.get(f"{running.url}/v1/tickets")).status_code == 401, "at once"
            with pytest.raises(OAuthError, match="invalid_client"):
                await client.fetch_token(
                    metadata["token_endpoint"], grant_type="client_credentials"
                )
    assert seed.one("SELECT array_agg(DISTINCT login) FROM look_entry") == ["zaaksysteem"], (
        "what it looked at is on record as anybody's"
    )
    actions = seed.one("SELECT array_agg(action ORDER BY audit_id) FROM audit")
    assert actions == [
        *("client_registered", "token_granted", "token_used", "client_revoked"),
        *("token_refused", "token_refused"),
    ]


async def test_only_who_has_the_key_gets_a_token_and_each_assertion_works_once(
    towns: str, seed: Seed, ours: Path, theirs: Any
) -> None:
    other = pair("2026-11")
    weak = theirs.as_dict(private=False) | {"n": theirs.as_dict(private=False)["n"][:170]}
    curve = pair("ec", ECKey)
    shared = {"kty": "oct", "kid": "shared", "k": "A" * 43}
    async with serve(towns, role=Role.ADMINISTRATOR, token_keys=ours) as client:
        for keys, why in (
            ("{}", "geen bruikbare set"),
            (json.dumps({"keys": [theirs.as_dict(private=True)]}), "een privésleutel"),
            (json.dumps({"keys": [weak]}), "geen bruikbare set"),
            (json.dumps({"keys": [shared]}), "een privésleutel"),
            ("", "of het adres"),
        ):
            refused = await register(client, keys)
            assert (refused.status_code, why in refused.text) == (400, True), keys
        assert (await register(client, public(theirs), scope=["tickets:work"])).status_code == 400
        assert "https://" in (await register(client, url="http://hoorn.example/jwks")).text
        assert (await register(client, public(theirs, curve))).status_code == 303
        page = await client.get("/accounts/zaaksysteem")
        assert "2026-11, ec" in page.text

        client.cookies.clear()
        good = assertion(theirs)
        for form, code in (
            ({"grant_type": "password"}, "unsupported_grant_type"),
            ({"client_assertion_type": "x"}, "invalid_client"),
            ({"client_id": "somebody"}, "invalid_client"),
            ({"scope": "devices:read findings:read"}, "invalid_scope"),
        ):
            answer = await ask(client, good, **form)
            assert answer.json()["error"] == code, form
            assert answer.headers["cache-control"] == "no-store"
        given = await ask(client, good)
        assert (given.status_code, given.json()["scope"]) == (200, " ".join(SCOPE))
        again = await ask(client, good)
        assert (again.status_code, again.json()["error"]) == (401, "invalid_client"), "once"
        assert (await ask(client, assertion(curve, alg="ES256"))).status_code == 200
        assert (await ask(client, assertion(theirs, alg="PS256"))).status_code == 200

        at = int(NOW.timestamp())
        wrong = {
            "another's key": assertion(other, header={"kid": "2026-11"}),
            "our public key as a secret": by_a_secret(theirs),
            "not signed": assertion(theirs, jti="y" * 40).rpartition(".")[0] + ".",
            "another's name": assertion(theirs, iss="somebody"),
            "nobody's": assertion(theirs, iss="somebody", sub="somebody"),
            "for others": assertion(theirs, aud="https://elsewhere.example/token"),
            "over": assertion(theirs, exp=at - 61),
            "of later": assertion(theirs, iat=at + 120, exp=at + 180),
            "too long": assertion(theirs, exp=at + 7_200),
            "for ever": assertion(theirs, exp=1e300),
            "no end": assertion(theirs, exp=None),
            "no begin": assertion(theirs, iat=None),
            "not once": assertion(theirs, jti=None),
            "guessable": assertion(theirs, jti="1"),
            "no JWT": "x",
            "two dots": "a.b.c",
        }
        for what, shown in wrong.items():
            answer = await ask(client, shown)
            assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), what
        bearer = {"Authorization": f"Bearer {given.json()['access_token']}"}
        assert (await client.get("/v1/devices", headers=bearer)).status_code == 200
        own = assertion(theirs, aud=["http://127.0.0.1/v1"], header={"typ": "at+jwt"})
        forged = {"Authorization": f"Bearer {own}"}
        assert (await client.get("/v1/devices", headers=forged)).status_code == 401
    assert seed.one("SELECT count(*) FROM oauth_assertion") == 3


async def test_a_token_ends_by_itself_and_with_all_that_it_rests_on(
    towns: str, seed: Seed, ours: Path, theirs: Any, tmp_path: Path
) -> None:
    async with serve(towns, role=Role.ADMINISTRATOR, token_keys=ours) as client:
        await register(client, public(theirs))
        [token] = [(await ask(client, assertion(theirs))).json()["access_token"]]
    bearer = {"Authorization": f"Bearer {token}"}

    async def status(now: datetime = NOW, **settings: Any) -> int:
        given = {"token_keys": ours} | settings
        async with serve(towns, now, role=None, **given) as client:
            return (await client.get("/v1/devices", headers=bearer)).status_code

    both = tmp_path / "both.pem"
    both.write_text(new_key() + await asyncio.to_thread(ours.read_text))
    alone = tmp_path / "alone.pem"
    alone.write_text(new_key())
    assert await status() == 200
    assert await status(token_keys=both) == 200, "an older key is believed while it is there"
    assert await status(token_keys=alone) == 401
    assert await status(token_keys=None) == 401
    assert await status(public_url="https://elsewhere.example") == 401, "it is for another"
    assert await status(NOW + timedelta(seconds=599)) == 200
    assert await status(NOW + timedelta(seconds=600)) == 401
    for away, back in (
        ("UPDATE account SET disabled_at = now() WHERE role = 'machine'", "disabled_at = NULL"),
        ("UPDATE oauth_client SET scope = '{tickets:read}'", None),
    ):
        seed.run(away)
        assert await status() == (401 if back else 403)
        if back:
            seed.run(f"UPDATE account SET {back} WHERE role = 'machine'")
    seed.run("UPDATE oauth_client SET scope = '{devices:read}'")
    assert await status() == 200
    async with serve(towns, role=Role.ADMINISTRATOR, token_keys=ours) as client:
        await register(client, public(pair("other")))
    assert await status() == 401, "other keys are another registration"
    seed.run("UPDATE account SET municipality_code = 'GM0420' WHERE role = 'machine'")
    assert seed.one("SELECT count(*) FROM oauth_client WHERE revoked_at IS NULL") == 0
    async with serve(towns, role=None) as client:
        for path in ("/oauth/jwks", "/.well-known/oauth-authorization-server"):
            assert (await client.get(path)).status_code == 404, "without a key nothing is given"


async def test_a_municipality_revokes_its_own_system_and_nobody_elses(
    towns: str, ours: Path, theirs: Any
) -> None:
    async with serve(towns, token_keys=ours, role=Role.ADMINISTRATOR) as client:
        await register(client, public(theirs))
        token = (await ask(client, assertion(theirs))).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}

    async def status() -> int:
        async with serve(towns, role=None, token_keys=ours) as client:
            return (await client.get("/v1/devices", headers=bearer)).status_code

    assert await status() == 200
    revoke = "/portal/webhooks/keys/zaaksysteem/revoke"
    elsewhere = sign_in(towns, Role.CONTRACT_MANAGER, login="elders", municipality_code="GM0420")
    async with serve(towns, role=None, token_keys=ours) as client:
        dressed(client, elsewhere)
        assert "zaaksysteem" not in (await client.get("/portal/webhooks")).text
        assert (await client.post(revoke)).status_code == 404, "not theirs"
    assert await status() == 200
    async with serve(towns, role=Role.CONTRACT_MANAGER, token_keys=ours) as client:
        assert "2026-11" in (await client.get("/portal/webhooks")).text
        assert (await client.post(revoke)).status_code == 303
        assert "2026-11" not in (await client.get("/portal/webhooks")).text
    assert await status() == 401, "the municipality itself says so"


async def test_keys_are_fetched_from_where_the_system_keeps_them(
    towns: str, ours: Path, theirs: Any
) -> None:
    """Again when another key is named, and after a while; what is gone there works no more."""
    other = pair("2026-12")
    with keeping() as place:
        place.keys = public(theirs)

        async def asked(key: Any, after: timedelta) -> int:
            now = NOW + after
            at = int(now.timestamp())
            shown = assertion(
                key, header={"kid": key.kid}, iat=at, exp=at + 60, jti=f"{at:020}{key.kid}"
            )
            async with serve(towns, now, role=None, token_keys=ours) as client:
                return (await ask(client, shown)).status_code

        async with serve(towns, role=Role.ADMINISTRATOR, token_keys=ours) as client:
            assert (await register(client, url=place.url)).status_code == 303
        minute = timedelta(minutes=1)
        assert await asked(theirs, 0 * minute) == 200
        assert await asked(theirs, 1 * minute) == 200
        assert place.asked == 1, "kept for a while"
        assert await asked(other, 2 * minute) == 401
        place.keys = public(theirs, other)
        assert await asked(other, 2 * minute + timedelta(seconds=30)) == 401, "not asked at once"
        assert await asked(other, 3 * minute) == 200
        place.keys = public(other)
        assert await asked(theirs, 4 * minute) == 200
        assert await asked(theirs, 20 * minute) == 401
        before = place.asked
        for answer in ("no JSON", '{"keys": []}', "x" * 100_000):
            place.keys = answer
            assert await asked(pair("none"), (30 + len(answer)) * minute) == 401, answer[:9]
        assert place.asked == before + 3


class Place:
    """Where a system keeps its keys: a server on this machine."""

    def __init__(self) -> None:
        self.keys = ""
        self.asked = 0
        self.url = ""


@contextmanager
def keeping() -> Iterator[Place]:
    place = Place()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place.asked += 1
            self.send_response(200)
            self.end_headers()
            self.wfile.write(place.keys.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        place.url = f"http://127.0.0.1:{server.server_port}/jwks"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield place
        server.shutdown()
        thread.join()


def test_a_file_of_keys_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token.pem"
    weak = generate_private_key(65537, 1024).private_bytes(  # noqa: S505 - that is the point
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    curve = ECKey.generate_key("P-256").as_pem(private=True)
    for content in (
        b"",
        weak,
        curve,
        b"-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----",
    ):
        file.write_bytes(content)
        with pytest.raises(ValueError, match=r"token.pem: "):
            SigningKeys(file)
    with pytest.raises(ValueError, match="cannot be read"):
        SigningKeys(tmp_path / "none.pem")
