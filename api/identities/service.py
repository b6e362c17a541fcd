"""Security events, reviews, certificates and codes."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.accounts.principal import Principal
from api.identities.schemas import SecurityEvent, SecurityEvents
from api.problems import NotFoundError
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load
from ingest.identity.codes import VALID_FOR, hash_of, new_code

QUERIES = load("api.identities")
SHOWN = 100


async def events(connection: Connection, device: str | None = None) -> SecurityEvents:
    """Return what is on record, of one aid or of all."""
    found = await rows(connection, QUERIES["events"], {"device": device, "limit": SHOWN})
    return SecurityEvents(items=[SecurityEvent.model_validate(each) for each in found])


async def review(
    connection: Connection, who: Principal, event_id: int, note: str, now: datetime
) -> None:
    """Put on record that somebody has looked into an event, which ends the doubt.

    Raises:
        NotFoundError: there is no such event, or it was reviewed.
    """
    asked = {"event_id": event_id, "actor": who.login, "note": note, "now": now}
    if await row(connection, QUERIES["review"], asked) is None:
        raise NotFoundError("There is no such event, or somebody has reviewed it already.")


async def aid(connection: Connection, device: str) -> tuple[Row, Sequence[Row]]:
    """Return an aid and its certificates.

    Raises:
        NotFoundError: there is none of that name.
    """
    found = await row(connection, QUERIES["aid"], {"device": device})
    if found is None:
        raise NotFoundError(f"There is no aid {device}.")
    return found, await rows(connection, QUERIES["certificates"], found)


async def add_code(
    connection: Connection, who: Principal, device: str, *, replaces: bool, now: datetime
) -> str:
    """Make a code for a modem, and return it: this once."""
    found, _ = await aid(connection, device)
    code = new_code(secrets.randbits)
    wanted: dict[str, Any] = {
        "device_id": found["device_id"],
        "hash": hash_of(code),
        "replaces": replaces,
        "actor": who.login,
        "now": now,
        "expires": now + VALID_FOR,
    }
    await connection.execute(QUERIES["add_code"], wanted)
    return code


async def revoke(
    connection: Connection, who: Principal, device: str, *, reason: str, now: datetime
) -> int:
    """End all certificates of an aid; return how many."""
    found, _ = await aid(connection, device)
    asked = {"device_id": found["device_id"], "reason": reason, "actor": who.login, "now": now}
    ended = await row(connection, QUERIES["revoke"], asked)
    assert ended is not None  # noqa: S101 - a function always answers
    return int(ended["ended"])


async def doubtful(connection: Connection, devices: Sequence[str]) -> frozenset[str]:
    """Return which of ``devices`` are in doubt."""
    found = await rows(connection, QUERIES["doubtful"], {"devices": list(devices)})
    return frozenset(each["name"] for each in found)
