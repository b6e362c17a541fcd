"""Writes down who came in or tried, what was changed, who looked at personal data. Append-only."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from psycopg.types.json import Jsonb

from api.queries import Connection

_RECORD = """
INSERT INTO audit (at, actor, action, subject, address, detail)
VALUES (%(at)s, %(actor)s, %(action)s, %(subject)s, %(address)s, %(detail)s)
"""


class Action(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_REFUSED = "sign_in_refused"  # too many attempts
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word


ANONYMOUS = "anonymous"


async def record(
    connection: Connection,
    action: Action,
    *,
    at: datetime,
    actor: str,
    subject: str | None = None,
    address: str | None = None,
    **detail: Any,
) -> None:
    """Write it down, in the transaction of what it is about."""
    await connection.execute(
        _RECORD,
        {
            "at": at,
            "actor": actor,
            "action": action.value,
            "subject": subject,
            "address": address,
            "detail": Jsonb(detail),
        },
    )
