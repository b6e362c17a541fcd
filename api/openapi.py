"""The OpenAPI document, in the form that the Dutch API design rules ask for."""

import re
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import problems
from api.accounts.roles import MUNICIPAL_MACHINE
from api.problems import Problem

API_VERSION = "1.0.0"
_SCHEMAS: Final = "#/components/schemas/"
_LAYERS: Final = ("", "api", "diagnostics", "schemas", "endpoints", "model")  # say nothing outside
_METHODS = ("get", "post", "put", "patch", "delete")
_VERSION_HEADER = {
    "API-Version": {
        "description": "The full version of the interface.",
        "schema": {"type": "string", "example": API_VERSION},
    }
}
_SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "For machines."},
    "oauth": {
        "type": "oauth2",
        "description": (
            "For systems of municipalities, by private_key_jwt (RFC 7523);"
            " see /.well-known/oauth-authorization-server."
        ),
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/oauth/token",
                "scopes": {
                    str(each): f"Read {each.partition(':')[0]} of the own municipality."
                    for each in sorted(MUNICIPAL_MACHINE)
                },
            }
        },
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-liftwacht_session",
        "description": "For people in a browser, after signing in at /sign-in.",
    },
}
_PROBLEMS = {
    "400": "The input is not valid.",
    "401": "Nobody we know: sign in, or send a token.",
    "403": "Your account or token may not do this, or it comes from another site's page.",
    "404": "There is no such thing.",
    "409": "It has changed meanwhile, or is closed.",
    "500": "Something went wrong here.",
    "503": "The database does not answer.",
}


def document(app: FastAPI) -> dict[str, Any]:
    """Return the document, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    made = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=[{"url": "/v1", "description": "This service."}],
    )
    made["info"]["contact"] = app.contact
    made["security"] = [{name: []} for name in _SECURITY]
    components = made.setdefault("components", {})
    components["securitySchemes"] = _SECURITY
    schemas = components.setdefault("schemas", {})
    # Invalid input is a problem with status 400 here, like any other.
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schema = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}", mode="serialization"
    )
    schemas.update(schema.pop("$defs", {}))
    schemas["Problem"] = schema
    for path, item in made["paths"].items():
        for method in _METHODS:
            if method in item:
                _complete(path, method, item[method])
    made = _renamed(made, {name: _upper_camel(name) for name in schemas})
    app.openapi_schema = made
    return made


def _upper_camel(name: str) -> str:
    """Return a model's name as the rules want it: of twins FastAPI tells modules or directions."""
    words = [word for word in re.split(r"[^0-9A-Za-z]+", name) if word not in _LAYERS]
    return "".join(word[0].upper() + word[1:] for word in words)


def _renamed(made: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Return the document with its schemas, and all that refers to them, by other names.

    Raises:
        ValueError: two would have the same one.
    """
    if len({*names.values()}) < len(names):
        raise ValueError(f"two schemas of one name among {sorted(names.values())}")

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: walk(each) for key, each in value.items()}
        if isinstance(value, list):
            return [walk(each) for each in value]
        if isinstance(value, str) and value.startswith(_SCHEMAS):
            return _SCHEMAS + names[value.removeprefix(_SCHEMAS)]
        return value

    made = walk(made)
    components = made["components"]
    components["schemas"] = {names[key]: each for key, each in components["schemas"].items()}
    return made


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    for status in _statuses(path, method, operation):
        responses.setdefault(status, {"description": _PROBLEMS[status]})
    for status, response in responses.items():
        for media in response.get("content", {}).values():
            # OpenAPI 3.2's word for the items of a stream; this document is 3.1.
            if media.pop("itemSchema", None):
                media["schema"] = {"type": "string", "description": "Server-sent events."}
        response["headers"] = response.get("headers", {}) | _VERSION_HEADER
        if status >= "400":
            content = response.pop("content", {})
            schema = next(
                (media["schema"] for media in content.values() if "schema" in media),
                {"$ref": "#/components/schemas/Problem"},
            )
            response["content"] = {problems.MEDIA_TYPE: {"schema": schema}}


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    found = ["401", "403", "500", "503"]
    if operation.get("parameters") or method != "get":
        found.append("400")
    if "{" in path:
        found.append("404")
    if method != "get":
        found += ["409"]
    return found
