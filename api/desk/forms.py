"""What people send from the pages: small url-encoded forms."""

from collections.abc import Mapping
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.problems import InvalidInputError

_MAX_BYTES = 16 * 1024


class Form(BaseModel):
    """``back``: the page to return to."""

    model_config = ConfigDict(str_strip_whitespace=True)

    back: Annotated[
        str, Field(pattern=r"^/(tickets/\d{1,19}|devices/[a-z0-9-]{3,32})?(\?contact=show)?$")
    ] = "/"


F = TypeVar("F", bound=BaseModel)


async def read(request: Request, form: type[F]) -> F:
    """Return the form that was sent.

    Raises:
        InvalidInputError: too much, or not what the form asks for.
    """
    return parse(await fields(request), form)


async def fields(request: Request) -> dict[str, str]:
    """Return the fields that were sent.

    Raises:
        InvalidInputError: too much, or no text.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BYTES:
            raise InvalidInputError("body", "/", f"more than {_MAX_BYTES} bytes")
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except UnicodeDecodeError as error:
        raise InvalidInputError("body", "/", "not text") from error


def parse(sent: Mapping[str, str], form: type[F]) -> F:
    """Return ``sent`` as a form.

    Raises:
        InvalidInputError: not what the form asks for.
    """
    try:
        return form.model_validate(dict(sent))
    except ValidationError as error:
        where = error.errors()[0]["loc"][0]
        raise InvalidInputError("body", f"/{where}", "missing or not valid") from error
