"""The pages between here and an identity provider."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from hmac import compare_digest
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts import audit, identities, oidc, pages, sessions
from api.accounts.audit import ANONYMOUS, Action
from api.accounts.endpoints import address_of, own_path
from api.accounts.identities import QUERIES, UnknownIdentityError
from api.accounts.oidc import Provider, ProviderError, Trip
from api.accounts.principal import open_to_all
from api.accounts.roles import HOME, Role
from api.problems import NotFoundError
from api.queries import row

logger = logging.getLogger(__name__)

router = APIRouter(
    prefix="/sign-in",
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[open_to_all()],
)

_COOKIE: Final = "liftwacht_trip"
_LONGEST: Final = timedelta(minutes=10)


@router.get("/with/{name}")
async def leave(
    request: Request,
    name: Annotated[str, Path(pattern=r"^[a-z0-9-]{2,32}$")],
    wanted: Annotated[str, Query(alias="next", max_length=501)] = "",
) -> Response:
    """Send somebody to a provider."""
    provider = _provider(request, name)
    try:
        address, trip = await oidc.leave(provider, _redirect_uri(request))
    except ProviderError as error:
        logger.warning("identity provider %s: %s", name, error)
        return _failed(request, status=502)
    key, now = sessions.new_token(), request.state.now()
    async with request.state.pool.connection(timeout=3.0) as connection:
        await connection.execute(
            QUERIES["depart"],
            trip._asdict()
            | {
                "key_hash": sessions.digest(key),
                "provider": name,
                "wanted": own_path(wanted),
                "now": now,
                "forgotten_before": now - _LONGEST,
            },
        )
    answer = RedirectResponse(address, 303)
    # Lax: it must come along when the provider's page sends the browser back.
    answer.set_cookie(
        _COOKIE,
        key,
        max_age=int(_LONGEST.total_seconds()),
        path="/sign-in",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/back")
async def come_back(
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4_000)] = "",
) -> Response:
    """Let somebody in whom a provider vouches for, if it is the browser that we sent there."""
    now, key = request.state.now(), request.cookies.get(_COOKIE, "")
    asked = {"key_hash": sessions.digest(key), "forgotten_before": now - _LONGEST}
    async with request.state.pool.connection(timeout=3.0) as connection:
        found = await row(connection, QUERIES["arrive"], asked)
    if found is None or not compare_digest(found["state"].encode(), state.encode()) or not code:
        return _failed(request, status=400)
    provider = _provider(request, found["provider"])
    trip = Trip(found["state"], found["nonce"], found["verifier"])
    try:
        claims = await oidc.come_back(
            provider, _redirect_uri(request), code=code, trip=trip, now=now
        )
    except ProviderError as error:
        logger.warning("identity provider %s: %s", provider.name, error)
        return _failed(request, status=502)
    return await _let_in(request, provider, claims, found["wanted"])


async def _let_in(
    request: Request, provider: Provider, claims: Mapping[str, Any], wanted: str
) -> Response:
    settings, now = request.state.accounts, request.state.now()
    about: dict[str, Any] = {"at": now, "address": address_of(request), "by": provider.name}
    token = sessions.new_token()
    async with request.state.pool.connection(timeout=3.0) as connection:
        try:
            async with connection.transaction():
                account = await identities.account_of(
                    connection, request.state.passwords, provider, claims, now=now
                )
                await sessions.begin(
                    connection,
                    account["account_id"],
                    token=token,
                    now=now,
                    lasts=settings.lives.of(account["role"]).lasts,
                    address=address_of(request),
                    user_agent=request.headers.get("user-agent", ""),
                    provider=provider.name,
                )
                await audit.record(
                    connection,
                    Action.SIGNED_IN,
                    actor=account["login"],
                    subject=account["login"],
                    **about,
                )
        except UnknownIdentityError as error:
            await audit.record(
                connection, Action.SIGN_IN_FAILED, actor=ANONYMOUS, why=str(error), **about
            )
            return _failed(request, status=403)
    # Not a redirect: this request comes from the provider's page, and until a page of ours asks,
    # browsers keep a strict cookie to themselves.
    answer = pages.render(request, "arrived.html", home=wanted or HOME[Role(account["role"])])
    sessions.remember(request, answer, token, lasts=settings.lives.of(account["role"]).lasts)
    answer.delete_cookie(_COOKIE, path="/sign-in")
    return answer


def _failed(request: Request, *, status: int) -> Response:
    return pages.render(request, "not_arrived.html", status=status, reason=status)


def _provider(request: Request, name: str) -> Provider:
    found: Provider | None = request.state.providers.get(name)
    if found is None:
        raise NotFoundError(f"There is no provider {name}.")
    return found


def _redirect_uri(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/sign-in/back"
