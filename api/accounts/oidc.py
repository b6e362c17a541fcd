"""Signing in through an identity provider: OpenID Connect, authorization code flow with PKCE.

Here is the conversation with the provider; whose account it becomes is ``identities``' matter.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, model_validator

from api.accounts.roles import OF_MUNICIPALITY, Role
from api.accounts.sessions import new_token

# Signed with a key of the provider's, never with a secret that we share, and never not at all.
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
_LEEWAY_S: Final = 60
_TIMEOUT_S: Final = 10.0


class ProviderError(Exception):
    """The provider did not answer as it should; says what was wrong, for the log."""


class Provider(BaseModel):
    """An identity provider, as configured.

    Attributes:
        name: in addresses and in the database; never changes.
        label: what people read, such as "Gemeente Hoorn".
        roles: which role follows from which value of the claim ``roles_claim``. Empty: it decides
            about none, and only accounts that are there already can come in.
        link_by_mail: whether an account with the same mail address, as verified by the provider, is
            the same person. Whoever runs the provider then decides who gets in under which account.
        municipality_code: a municipality's own provider: whom it lets in can only ever become an
            account of that municipality.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,32}$")]
    label: Annotated[str, Field(min_length=1, max_length=60)]
    issuer: Annotated[str, Field(pattern=r"^https?://")]
    client_id: str
    client_secret: SecretStr
    scope: str = "openid profile email"
    roles_claim: str = "roles"
    roles: dict[str, Role] = {}
    link_by_mail: bool = False
    municipality_code: Annotated[str | None, Field(pattern=r"^GM[0-9]{4}$")] = None

    @model_validator(mode="after")
    def _roles_fit(self) -> Self:
        others = set(Role) - OF_MUNICIPALITY - {Role.MACHINE}
        fitting = OF_MUNICIPALITY if self.municipality_code else others
        if not set(self.roles.values()) <= fitting:
            raise ValueError(
                "a municipality's own provider gives the roles of its own people and no other;"
                " others give any role but those and machine"
            )
        return self

    def role_of(self, claims: Mapping[str, Any]) -> Role | None:
        """Return the role that follows from ``claims``: of several, the first one configured."""
        said = claims.get(self.roles_claim, ())
        values = {said} if isinstance(said, str) else set(said)
        return next((role for value, role in self.roles.items() if value in values), None)


def load(file: Path) -> Mapping[str, Provider]:
    """Read the providers by name from a JSON file: a list of objects as ``Provider``.

    Raises:
        OSError, ValueError: there is no such file, or it is not right.
    """
    found = TypeAdapter(list[Provider]).validate_python(json.loads(file.read_text("utf-8")))
    if len({each.name for each in found}) != len(found):
        raise ValueError(f"{file.name}: two providers have the same name")
    return {each.name: each for each in found}


class Trip(NamedTuple):
    """What must come back from the provider as it left, and the proof that it was us who asked."""

    state: str
    nonce: str
    verifier: str


async def leave(provider: Provider, redirect_uri: str) -> tuple[str, Trip]:
    """Return where to send the browser, and what to remember until it comes back.

    Raises:
        ProviderError: the provider does not answer.
    """
    trip = Trip(new_token(), new_token(), new_token())
    async with _client(provider, redirect_uri) as client:
        metadata = await _get(
            client, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        )
        address, _ = client.create_authorization_url(
            metadata["authorization_endpoint"],
            state=trip.state,
            nonce=trip.nonce,
            code_verifier=trip.verifier,
        )
    return str(address), trip


async def come_back(
    provider: Provider, redirect_uri: str, *, code: str, trip: Trip, now: datetime
) -> Mapping[str, Any]:
    """Exchange the code, and return who the provider says it is: claims of a token that it signed.

    Raises:
        ProviderError: it does not answer, refuses, or says something that is not right.
    """
    async with _client(provider, redirect_uri) as client:
        metadata = await _get(
            client, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        )
        if metadata.get("issuer") != provider.issuer:
            raise ProviderError(f"it says that it is {metadata.get('issuer')!r}")
        try:
            token = await client.fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=trip.verifier
            )
        except Exception as error:  # Authlib has no one class for what can go wrong here
            raise ProviderError(f"no token: {error}") from error
        keys = await _get(client, metadata["jwks_uri"])
        claims = _checked(provider, token.get("id_token", ""), keys, trip.nonce, now)
        if "userinfo_endpoint" not in metadata:
            return claims
        more = await _get(client, metadata["userinfo_endpoint"])
    if more.get("sub") != claims["sub"]:
        raise ProviderError("its two answers are about different people")
    return dict(more) | claims


def _checked(
    provider: Provider, token: str, keys: Mapping[str, Any], nonce: str, now: datetime
) -> dict[str, Any]:
    # As in ``_client``.
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY_S,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS)  # type: ignore[arg-type]
        registry.validate(decoded.claims)
    except (JoseError, ValueError) as error:
        raise ProviderError(f"its token is not right: {error}") from error
    claims: dict[str, Any] = decoded.claims
    return claims


def _client(provider: Provider, redirect_uri: str) -> Any:
    # A tenth of what the service takes to start, and most have no provider.
    from authlib.integrations.httpx_client import AsyncOAuth2Client  # noqa: PLC0415

    return AsyncOAuth2Client(
        client_id=provider.client_id,
        client_secret=provider.client_secret.get_secret_value(),
        scope=provider.scope,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        timeout=_TIMEOUT_S,
    )


async def _get(client: Any, address: str) -> Any:
    try:
        # Before there is a token, none is sent.
        answer = await client.request("GET", address, withhold_token=not client.token)
        answer.raise_for_status()
        return answer.json()
    except Exception as error:  # of the transport, of HTTP, or no JSON: all the same to us
        raise ProviderError(f"{address}: {error}") from error
