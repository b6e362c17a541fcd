"""Everything that goes wrong leaves as problem details (RFC 9457), rendered in one place."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

import psycopg
import psycopg_pool
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.schema import Document
from diagnostics.deliveries.errors import CommissionError, CommissionNotFound, NotPossible
from diagnostics.misuse.errors import CaseChanged, CaseNotFound, CaseNotNow, MisuseError
from diagnostics.tickets.errors import (
    NotNow,
    TicketClosed,
    TicketError,
    TicketNotFound,
    VersionConflict,
    WrongKind,
)

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class InputError(Document):
    """One thing that is wrong with what was sent."""

    in_: Literal["body", "query", "path", "header", "cookie"] = Field(serialization_alias="in")
    location: str = Field(description="Which parameter, or where in the body, as a JSON pointer.")
    detail: str


class Problem(Document):
    """Problem details (RFC 9457)."""

    type: str = Field(default="about:blank", description="A URI that names the kind of problem.")
    status: int
    title: str
    detail: str
    errors: list[InputError] | None = Field(
        default=None, description="What is wrong with the input."
    )


class ProblemError(Exception):
    """A request cannot be answered: how, and why."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: Mapping[str, str] = {}

    def problem(self) -> Problem:
        """Return what the caller is told."""
        return problem(self.status, str(self))


class NotFoundError(ProblemError):
    """There is no such thing."""

    status = HTTPStatus.NOT_FOUND


class InvalidInputError(ProblemError):
    """Input of the right type that makes no sense."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, in_: Literal["body", "query"], location: str, detail: str) -> None:
        super().__init__(f"{location}: {detail}")
        self.error = InputError(in_=in_, location=location, detail=detail)

    def problem(self) -> Problem:
        """Return what the caller is told, with the parameter at fault."""
        return problem(self.status, "The input is not valid.", errors=[self.error])


class SaidError(ProblemError):
    """What somebody did on a page cannot be done: says why, in their language."""

    status = HTTPStatus.CONFLICT


def problem(status: int, detail: str, *, errors: list[InputError] | None = None) -> Problem:
    """Describe a problem that the HTTP status names well enough."""
    return Problem(status=status, title=HTTPStatus(status).phrase, detail=detail, errors=errors)


def problem_of(error: Exception) -> Problem:  # noqa: C901, PLR0911, PLR0912 - one line for each kind
    """Say what ``error`` means to the caller: the one place that translates errors."""
    match error:
        case ProblemError():
            return error.problem()
        case RequestValidationError():
            return problem(400, "The input is not valid.", errors=_input_errors(error.errors()))
        case HTTPException():
            return problem(error.status_code, str(error.detail))
        case ClientDisconnect():  # as pages do that are left while they say so
            return problem(400, "The request ended before it was complete.")
        case TicketNotFound():
            return problem(404, "There is no such ticket.")
        case TicketClosed():
            return problem(409, "The ticket is closed.")
        case WrongKind():
            return problem(409, f"The ticket is of another kind: {error.kind}.")
        case VersionConflict():
            return problem(409, "Somebody else changed the ticket. Read it again, then decide.")
        case NotNow():
            return problem(409, f"As the ticket stands that cannot be done: {error.why}.")
        case CommissionNotFound():
            return problem(404, "There is no such commission.")
        case NotPossible():
            return problem(409, f"As the commission stands that cannot be done: {error}.")
        case CommissionError():
            return problem(409, "Somebody else changed the commission. Read it, then decide.")
        case CaseNotFound():
            return problem(404, "There is no such case.")
        case CaseChanged():
            return problem(409, "Something was added to the case. Read it again, then decide.")
        case CaseNotNow():
            return problem(409, f"As the case stands that cannot be done: {error.why}.")
        case psycopg.OperationalError() | psycopg_pool.PoolTimeout():
            return problem(503, "The database does not answer.")
        case _:
            return problem(500, "Something went wrong here; it has been logged.")


def response(found: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """Render a problem."""
    content = found.model_dump(mode="json", exclude={"errors"} if found.errors is None else None)
    return JSONResponse(content, found.status, media_type=MEDIA_TYPE, headers=headers)


async def _handle(_: Request, error: Exception) -> JSONResponse:
    found = problem_of(error)
    # That the database is away is said once, by the monitor; unforeseen errors by the server.
    if found.status >= 500 and not isinstance(error, psycopg_pool.PoolTimeout):
        logger.error("request failed: %s", error, exc_info=found.status == 500)
    headers = None
    if isinstance(error, HTTPException | ProblemError):
        headers = dict(error.headers or {})
    return response(found, headers)


HANDLED: Sequence[type[Exception]] = (
    ProblemError,
    RequestValidationError,
    HTTPException,
    ClientDisconnect,
    TicketError,
    CommissionError,
    MisuseError,
    psycopg.Error,
    psycopg_pool.PoolTimeout,
    Exception,
)


def install(app: FastAPI, handle: Any = _handle) -> None:
    """Let ``handle`` answer for everything that goes wrong in ``app``."""
    for error in HANDLED:
        app.add_exception_handler(error, handle)


def _input_errors(errors: Sequence[Any]) -> list[InputError]:
    found = []
    for error in errors:
        in_, *where = error["loc"]
        location = "/" + "/".join(map(str, where)) if in_ == "body" else ".".join(map(str, where))
        found.append(InputError(in_=in_, location=location, detail=error["msg"]))
    return found
