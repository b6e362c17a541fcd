"""What people send from the pages: small url-encoded forms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.problems import InvalidInputError
from api.tickets.schemas import How

_MAX_BYTES = 16 * 1024


class Form(BaseModel):
    """``back``: the page to return to."""

    model_config = ConfigDict(str_strip_whitespace=True)

    back: Annotated[
        str, Field(pattern=r"^/(tickets/\d{1,19}|devices/[a-z0-9-]{3,32})?(\?contact=show)?$")
    ] = "/"


F = TypeVar("F", bound=BaseModel)


class AcknowledgeForm(Form):
    """Taking an emergency on needs nothing more."""


class NoteForm(Form):
    """A note."""

    text: Annotated[str, Field(min_length=1, max_length=4_000)]


class ReleaseForm(Form):
    """The confirmation that the rider is free."""

    version: Annotated[int, Field(ge=1)]
    how: How
    aid_works: Literal["yes", "no"]
    note: Annotated[str, Field(max_length=4_000)] = ""


class RepairForm(Form):
    """The word that a repair is done. ``at`` is by the clock on the wall; empty: now."""

    version: Annotated[int, Field(ge=1)]
    by: Annotated[str, Field(min_length=1, max_length=64)]
    at: datetime | Literal[""] = ""
    note: Annotated[str, Field(max_length=4_000)] = ""


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
