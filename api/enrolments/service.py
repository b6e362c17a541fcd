"""Takes a code, has the registrar sign, and waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from api.accounts import throttle
from api.enrolments.schemas import Enrolment, NewEnrolment
from api.problems import InvalidInputError, ProblemError
from api.queries import Connection, row
from diagnostics.queries import load
from ingest.identity.codes import hash_of
from ingest.provisioning.authority import RequestError, read_request

QUERIES = load("api.enrolments")
# Signing takes milliseconds; then the modem asks again with the same code and key.
PATIENCE_S: Final = 15.0
LOOK_EVERY_S: Final = 0.1


class CodeRefusedError(ProblemError):
    """The code is no good: unknown, used, withdrawn or too old. Which of these, nobody is told."""

    status = HTTPStatus.FORBIDDEN


class TooManyError(ProblemError):
    """Too many attempts from one place."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"Too many attempts; try again in {wait_s} seconds.")
        self.headers = {"Retry-After": str(wait_s)}


class NotYetError(ProblemError):
    """Nobody has signed yet."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Retry-After": "60"}  # noqa: RUF012 - of one kind


async def enrol(
    connection: Connection,
    asked: NewEnrolment,
    *,
    address: str,
    now: datetime,
    pause: Callable[[float], Awaitable[Any]] = asyncio.sleep,
) -> Enrolment:
    """Let a modem in. ``connection`` is in autocommit: attempts count whatever comes of them.

    Raises:
        TooManyError: too many attempts from ``address``.
        InvalidInputError: the request for a certificate is none.
        CodeRefusedError: the code is no good.
        NotYetError: the registrar does not answer.
    """
    wait = await throttle.admit_enrolment(connection, address, now=now)
    if wait is not None:
        raise TooManyError(max(1, round(wait.total_seconds())))
    try:
        request = read_request(asked.csr)
    except RequestError as error:
        raise InvalidInputError("body", "/csr", str(error)) from error
    values: dict[str, Any] = {
        "code_hash": hash_of(asked.code),
        "key_hash": request.key_hash,
        "csr": asked.csr,
        "address": address,
        "now": now,
    }
    async with connection.transaction():
        found = await row(connection, QUERIES["take_code"], values)
        if found is not None and found["name"] == request.name:
            await connection.execute(QUERIES["ask"], values | {"code_id": found["code_id"]})
            await connection.execute(QUERIES["wake_registrar"])
    if found is None:
        await _refused(connection, values)
        raise CodeRefusedError("This code is not good, or not any more.")
    if found["name"] != request.name:
        raise InvalidInputError(
            "body", "/csr", f"asks to be {request.name}; the code is for {found['name']}"
        )
    for _ in range(round(PATIENCE_S / LOOK_EVERY_S)):
        answer = await row(connection, QUERIES["answer"], {"code_id": found["code_id"]})
        if answer is not None and answer["refusal"]:
            raise InvalidInputError("body", "/csr", answer["refusal"])
        if answer is not None:
            authority = await row(connection, QUERIES["authority"])
            assert authority is not None  # noqa: S101 - whoever signs has put it there
            return Enrolment(
                device=found["name"],
                certificate=answer["chain"],
                authority=authority["certificate"],
            )
        await pause(LOOK_EVERY_S)
    raise NotYetError("Nobody has signed yet; ask again with the same code.")


async def _refused(connection: Connection, values: dict[str, Any]) -> None:
    misused = await row(connection, QUERIES["misused"], values)
    if misused is not None:
        await connection.execute(QUERIES["record_misuse"], values | misused)
