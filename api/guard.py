"""What every request must pass, whoever sends it.

A page of somebody else, open in the same browser, can reach us too. Two things keep it out: the
Host header must be a name of ours (DNS rebinding), and what changes something must come from our
own pages or from no page at all (cross-site request forgery). Beyond this machine only TLS will do:
cookies and what they lead to are not for others on the line.
"""

from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api import problems
from api.settings import LOOPBACK

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; worker-src 'self'; manifest-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",  # browsers heed it over https alone
}


def name_of(host: str) -> str:
    """Return the name in a Host header, without port; empty if there is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def host_allowed(host: str, hosts: AbstractSet[str] = frozenset()) -> bool:
    """Tell whether a Host header (with or without port) names this machine, or one of ``hosts``."""
    name = name_of(host)
    return name in LOOPBACK or name in hosts


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
    """ASGI middleware that refuses foreign requests. ``hosts``: our names beside loopback."""

    def __init__(self, app: ASGIApp, hosts: AbstractSet[str] = frozenset()) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not host_allowed(host, self._hosts):
            refusal = problems.problem(400, "The Host header does not name this service.")
        elif scope["scheme"] == "http" and name_of(host) not in LOOPBACK:
            refusal = problems.problem(400, "Use https: this is not a connection to keep secrets.")
        elif not scope["path"].isprintable():
            # What a line break is in would be looked for among the pages, and not in the interface.
            refusal = problems.problem(400, "The address has a character that cannot be printed.")
        elif scope["method"] not in _SAFE_METHODS and not same_site(headers):
            refusal = problems.problem(403, "The request comes from another site's page.")
        else:
            await self._app(scope, receive, send)
            return
        await problems.response(refusal)(scope, receive, send)
