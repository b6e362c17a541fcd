"""What every request must pass: we listen on loopback, without accounts.

A page of somebody else, open in the same browser, can reach loopback too. Two things keep it out:
the Host header must name this machine (DNS rebinding), and what changes something must come from
our own pages or from no page at all (cross-site request forgery).
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api import problems
from api.settings import LOOPBACK

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def host_allowed(host: str) -> bool:
    """Tell whether a Host header (with or without port) names this machine."""
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False


def same_site(headers: Headers) -> bool:
    """Tell whether a request that changes something comes from our own pages, or from no page.

    Browsers say where a request comes from, and pages cannot make them lie; programs say nothing.
    """
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


class Guard:
    """ASGI middleware that refuses foreign requests."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not host_allowed(headers.get("host", "")):
            refusal = problems.problem(400, "The Host header does not name this machine.")
        elif scope["method"] not in _SAFE_METHODS and not same_site(headers):
            refusal = problems.problem(403, "The request comes from another site's page.")
        else:
            await self._app(scope, receive, send)
            return
        await problems.response(refusal)(scope, receive, send)
