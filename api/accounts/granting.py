"""Gives access tokens to municipalities' systems (OAuth 2.0, client credentials), and knows them.

A client shows who it is by an assertion (``assertions``); what it gets is a JWT (RFC 9068) of a few
minutes. Whoever presents that is asked of the database all the same: what is taken away is gone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Any, Final, NamedTuple

import httpx
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from api.accounts import assertions, audit, throttle
from api.accounts.assertions import BadAssertionError, BadKeysError
from api.accounts.audit import ANONYMOUS, Action
from api.accounts.clients import QUERIES
from api.accounts.principal import Principal, machine
from api.accounts.signing import SigningKeys
from api.queries import Connection, Row, row

LASTS: Final = timedelta(minutes=10)  # the profile has six hours at most
# Keys that are kept elsewhere: asked for again after a while, or when a new one is named.
KEYS_KEPT: Final = timedelta(minutes=15)
_ASKED_EVERY: Final = timedelta(minutes=1)
_FETCH_S: Final = 5.0
_WAIT_S: Final = 3.0
_RECORDED_EVERY: Final = timedelta(hours=1)
_SEEN_EVERY: Final = timedelta(minutes=1)
GRANT: Final = "client_credentials"


class GrantError(Exception):
    """No token is given: ``code`` as RFC 6749 has it, and why."""

    def __init__(self, code: str, why: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(why)
        self.code = code
        self.status = status


class Names(NamedTuple):
    """What we are called: ``issuer`` gives tokens, at ``endpoint``, for ``audience``."""

    issuer: str

    @property
    def endpoint(self) -> str:
        """Where tokens are asked for."""
        return f"{self.issuer}/oauth/token"

    @property
    def audience(self) -> str:
        """What they are for."""
        return f"{self.issuer}/v1"


class Granting:
    """Gives tokens, and finds out whose they are.

    Args:
        pool: of the database.
        keys: ours.
        now: the platform's clock.
    """

    def __init__(
        self, pool: AsyncConnectionPool[Any], keys: SigningKeys, now: Callable[[], datetime]
    ) -> None:
        self._pool = pool
        self.keys = keys
        self._now = now

    async def grant(
        self, form: Mapping[str, str], names: Names, *, address: str
    ) -> dict[str, str | int]:
        """Return a token as RFC 6749 writes it.

        Raises:
            GrantError: none is given.
        """
        if form.get("grant_type") != GRANT:
            raise GrantError("unsupported_grant_type", f"grant_type is {GRANT}")
        if form.get("client_assertion_type") != assertions.TYPE or "client_assertion" not in form:
            why = "show who you are by private_key_jwt (RFC 7523)"
            raise GrantError("invalid_client", why, HTTPStatus.UNAUTHORIZED)
        async with self._pool.connection(timeout=_WAIT_S) as connection:
            if await throttle.admit_visitor(connection, "grant", address, now=self._now()):
                raise GrantError(
                    "temporarily_unavailable", "ask less often", HTTPStatus.TOO_MANY_REQUESTS
                )
        try:
            client, shown = await self._known(form, names)
        except BadAssertionError as error:
            await self._refused(address, str(error))
            raise GrantError("invalid_client", str(error), HTTPStatus.UNAUTHORIZED) from error
        login = client["login"]
        scope = sorted(form.get("scope", "").split()) or client["scope"]
        if not set(scope) <= set(client["scope"]):
            raise GrantError("invalid_scope", f"of {login}: {' '.join(client['scope'])}")
        jti = token_urlsafe(24)
        record = {"actor": login, "subject": login, "address": address}
        if not await self._first(client, shown, **record, scope=scope, token=jti):
            await self._refused(address, "its jti was used before")
            raise GrantError("invalid_client", "it was shown before", HTTPStatus.UNAUTHORIZED)
        issued = int(self._now().timestamp())
        claims = {
            "iss": names.issuer,
            "sub": login,
            "client_id": login,
            "azp": login,
            "aud": [names.audience],
            "iat": issued,
            "exp": issued + int(LASTS.total_seconds()),
            "jti": jti,
            "scope": " ".join(scope),
            "municipality": client["municipality_code"],
            "registration": client["registration_id"],
        }
        return {
            "access_token": self.keys.sign(claims),
            "token_type": "Bearer",
            "expires_in": int(LASTS.total_seconds()),
            "scope": " ".join(scope),
        }

    async def find(self, token: str, names: Names, *, address: str) -> Principal | None:
        """Return whose token it is. Use is on record by the hour."""
        now = self._now()
        said = None
        if self.keys:
            said = self.keys.read(token, issuer=names.issuer, audience=names.audience, now=now)
        if said is None:
            await self._refused(address, "no token of ours, or over")
            return None
        async with self._pool.connection(timeout=_WAIT_S) as connection:
            found = await row(connection, QUERIES["in_use"], {"login": said["client_id"]})
            given = (said["registration"], said["municipality"])
            known = found and (found["registration_id"], found["municipality_code"]) == given
            if found is not None and known:
                await _used(connection, found, now, address)
                return machine(found, {*said["scope"].split()} & {*found["scope"]})
        await self._refused(address, "revoked")
        return None

    async def _known(self, form: Mapping[str, str], names: Names) -> tuple[Row, assertions.Shown]:
        """Return which client shows who it is, and by what.

        Raises:
            BadAssertionError: it does not.
        """
        assertion = form["client_assertion"]
        said = assertions.claimed(assertion)
        if form.get("client_id", said.client) != said.client:
            raise BadAssertionError("it is another client's")
        client = await self._client(said)
        audiences = (names.endpoint, names.issuer)
        shown = assertions.check(
            assertion, client["keys"], said, audiences=audiences, now=self._now()
        )
        return client, shown

    async def _client(self, said: assertions.Claimed) -> Row:
        """Return the client, with its keys; fetched if they are kept elsewhere.

        No connection waits while another machine answers.

        Raises:
            BadAssertionError: there is no such client, or its keys are not to be had.
        """
        now = self._now()
        async with self._pool.connection(timeout=_WAIT_S) as connection:
            found = await row(connection, QUERIES["in_use"], {"login": said.client})
            if found is None:
                raise BadAssertionError("there is no such client")
            if found["keys_url"] is None:
                return found
            known = {each["kid"] for each in (found["keys"] or {"keys": ()})["keys"]}
            kept = _ASKED_EVERY if said.key not in known else KEYS_KEPT
            values = {"registration_id": found["registration_id"], "now": now, "before": now - kept}
            fetching = await row(connection, QUERIES["fetching"], values)
        if fetching is None:
            if found["keys"] is None:
                raise BadAssertionError("its keys could not be fetched a moment ago")
            return found
        keys = await _fetch(found["keys_url"])
        async with self._pool.connection(timeout=_WAIT_S) as connection:
            await connection.execute(QUERIES["fetched"], {**values, "keys": Jsonb(keys)})
        return {**found, "keys": keys}

    async def _first(self, client: Row, shown: assertions.Shown, **record: Any) -> bool:
        """Tell whether this is shown for the first time; then it is on record what is given."""
        now = self._now()
        async with self._pool.connection(timeout=_WAIT_S) as connection, connection.transaction():
            await connection.execute(QUERIES["forget"], {"now": now})
            values = {
                "account_id": client["account_id"],
                "digest": sha256(shown.jti.encode()).digest(),
                "expires_at": shown.expires_at,
            }
            if await row(connection, QUERIES["shown"], values) is None:
                return False
            await audit.record(connection, Action.TOKEN_GRANTED, at=now, **record)
        return True

    async def _refused(self, address: str, why: str) -> None:
        """Write a refusal down; a flood of nonsense must not become a flood of records."""
        now = self._now()
        async with self._pool.connection(timeout=_WAIT_S) as connection:
            if await throttle.admit(connection, "token", address, now=now) is None:
                await audit.record(
                    connection,
                    Action.TOKEN_REFUSED,
                    at=now,
                    actor=ANONYMOUS,
                    address=address,
                    why=why,
                )


async def _used(connection: Connection, client: Row, now: datetime, address: str) -> None:
    used_at = client["last_used_at"]
    values = {"registration_id": client["registration_id"], "now": now}
    if used_at is None or now - used_at > _SEEN_EVERY:
        await connection.execute(QUERIES["used"], values)
    if used_at is None or now - used_at > _RECORDED_EVERY:
        await audit.record(
            connection,
            Action.TOKEN_USED,
            at=now,
            actor=client["login"],
            subject=client["login"],
            address=address,
        )


async def _fetch(url: str) -> dict[str, Any]:
    """Return a client's keys from where it keeps them.

    Raises:
        BadAssertionError: they are not to be had there.
    """
    body = b""
    try:
        async with (
            httpx.AsyncClient(timeout=_FETCH_S, follow_redirects=False) as client,
            client.stream("GET", url, headers={"Accept": "application/json"}) as answer,
        ):
            if answer.status_code != HTTPStatus.OK:
                raise BadAssertionError(f"its keys: HTTP {answer.status_code}")
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > assertions.MOST_BYTES:
                    raise BadAssertionError("its keys: too many")
        return assertions.public_keys(body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise BadAssertionError(f"its keys: {type(error).__name__}") from error
    except BadKeysError as error:
        raise BadAssertionError(f"its keys: {error}") from error
