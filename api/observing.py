"""Counts and times requests, and gives each a name that stands in whatever is logged of it."""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import logs
from gateway.metrics import Family, Tally

logger = logging.getLogger(__name__)

REQUEST_ID: Final = "X-Request-Id"
_GIVEN: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
SLOW_S: Final = 2.0
_STREAM: Final = "text/event-stream"


class Observed:
    """What was counted: it outlives the middleware, which the application makes when it likes."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, str]] = Counter()
        self.took = {surface: Tally() for surface in ("interface", "pages", "static")}

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        yield Family(
            "http_requests",
            "Requests by route and status.",
            [
                ({"method": method, "route": route, "status": status}, count)
                for (method, route, status), count in self.requests.copy().items()
            ],
            "counter",
        )
        yield Family(
            "http_request_seconds",
            "From a request to the end of its answer; streams are left out.",
            [({"surface": surface}, took) for surface, took in self.took.items()],
        )


class Observe:
    """ASGI middleware, the outermost. A decent name that the request brings is kept."""

    def __init__(self, app: ASGIApp, observed: Observed) -> None:
        self._app = app
        self._observed = observed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the name."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        name = given if _GIVEN.fullmatch(given) else uuid4().hex[:16]
        surface = _surface(scope["path"])
        status, stream = "500", False

        async def send_with_name(message: Message) -> None:
            nonlocal status, stream
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = name
                status = str(message["status"])
                stream = headers.get("content-type", "").startswith(_STREAM)
            await send(message)

        now_s = asyncio.get_running_loop().time
        began_s = now_s()
        with logs.bound(request=name):
            try:
                await self._app(scope, receive, send_with_name)
            finally:
                took_s = now_s() - began_s
                route = _route(scope)
                self._observed.requests[scope["method"], route, status] += 1
                if not stream:
                    self._observed.took[surface].add(took_s)
                    if took_s > SLOW_S:
                        logger.warning("%s %s took %.1f s", scope["method"], route, took_s)


def _surface(path: str) -> str:
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return {"v1": "interface", "static": "static"}.get(first, "pages")


def _route(scope: Scope) -> str:
    """Return the route that was found, as it was declared: never what somebody wrote into it."""
    path = getattr(scope.get("route"), "path", None)
    return "none" if path is None else f"{scope.get('root_path', '')}{path}"
