"""Which endpoint asks for which permission. With one that says nothing, nothing starts."""

from collections.abc import Iterator
from typing import NamedTuple

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount

from api.accounts.principal import declared
from api.accounts.roles import Permission


class Endpoint(NamedTuple):
    """One method of one path. ``permissions``: all that it asks for; None: open to everybody."""

    method: str
    path: str
    permissions: frozenset[Permission] | None


def endpoints(app: FastAPI, prefix: str = "") -> Iterator[Endpoint]:
    """Yield what ``app`` answers.

    Raises:
        RuntimeError: an endpoint neither asks for a permission nor says that it is open.
    """
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount) or route.path == app.openapi_url:
            continue  # what is mounted is looked at by itself; the description is no secret
        found = list(declared(route)) if isinstance(route.original_route, APIRoute) else []
        if not found:
            raise RuntimeError(f"{prefix}{route.path} declares no permission")
        for method in sorted(route.methods or ()):
            asked = frozenset().union(*found)
            yield Endpoint(method, f"{prefix}{route.path}", asked or None)


def require_declarations(app: FastAPI, interface: FastAPI) -> tuple[Endpoint, ...]:
    """Return all endpoints of the service.

    Raises:
        RuntimeError: one declares nothing.
    """
    return (*endpoints(app), *endpoints(interface, "/v1"))
