"""Where systems of municipalities ask for tokens (RFC 6749, 8414, 9068)."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.accounts import assertions
from api.accounts.granting import GRANT, GrantError, Granting, Names
from api.accounts.principal import open_to_all
from api.accounts.roles import MUNICIPAL_MACHINE
from api.desk import forms
from api.problems import NotFoundError

router = APIRouter(include_in_schema=False, dependencies=[open_to_all()])
_TOO_OFTEN: Final = HTTPStatus.TOO_MANY_REQUESTS
_NO_STORE: Final = {"Cache-Control": "no-store"}
# A key that is to sign is made known here first: a day is what everybody then has noticed it by.
_KEPT: Final = {"Cache-Control": "public, max-age=86400"}


def names_of(request: Request) -> Names:
    """Return what we are called by whoever sends a request."""
    return Names(str(request.state.accounts.public_url or request.base_url).rstrip("/"))


@router.post("/oauth/token")
async def give_token(request: Request) -> JSONResponse:
    """Give a token to whoever shows that they are a client."""
    granting = _granting(request)
    address = request.client.host if request.client else "unknown"
    try:
        form = await forms.fields(request)
        given = await granting.grant(form, names_of(request), address=address)
    except GrantError as error:
        wrong = {"error": error.code, "error_description": str(error)}
        headers = _NO_STORE | ({"Retry-After": "1"} if error.status == _TOO_OFTEN else {})
        return JSONResponse(wrong, error.status, headers=headers)
    return JSONResponse(given, headers=_NO_STORE)


@router.get("/oauth/jwks")
async def send_keys(request: Request) -> JSONResponse:
    """Send the public halves of the keys that sign tokens."""
    return JSONResponse(_granting(request).keys.public(), headers=_KEPT)


@router.get("/.well-known/oauth-authorization-server")
async def send_metadata(request: Request) -> JSONResponse:
    """Say where tokens are, and how to ask for them (RFC 8414)."""
    _granting(request)
    names = names_of(request)
    return JSONResponse(
        {
            "issuer": names.issuer,
            "token_endpoint": names.endpoint,
            "jwks_uri": f"{names.issuer}/oauth/jwks",
            "scopes_supported": sorted(MUNICIPAL_MACHINE),
            "response_types_supported": [],
            "grant_types_supported": [GRANT],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(assertions.ALGORITHMS),
        },
        headers=_KEPT,
    )


def _granting(request: Request) -> Granting:
    granting: Granting = request.state.granting
    if not granting.keys:
        raise NotFoundError("No tokens are given here: LIFTWACHT_TOKEN_KEYS is not set.")
    return granting
