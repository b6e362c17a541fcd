"""Writes down who came in or tried, what was changed, who looked at personal data. Append-only."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from psycopg.types.json import Jsonb

from api.queries import Connection, Row, rows

_RECORD = """
INSERT INTO audit (at, actor, action, subject, address, detail)
VALUES (%(at)s, %(actor)s, %(action)s, %(subject)s, %(address)s, %(detail)s)
"""

_TRAIL = """
SELECT at, actor, action, subject, address, detail FROM audit_trail
WHERE %(about)s::text IS NULL OR subject = %(about)s OR actor = %(about)s
ORDER BY at DESC
LIMIT %(most)s
"""
_SHOWN: Final = 200


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
    SECOND_FACTOR_SET_UP = "second_factor_set_up"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    IDENTITY_LINKED = "identity_linked"
    TOKEN_ADDED = "token_added"  # noqa: S105 - a word
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - a word
    TOKEN_GRANTED = "token_granted"  # noqa: S105 - a word
    TOKEN_USED = "token_used"  # noqa: S105 - a word
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a word
    CLIENT_REGISTERED = "client_registered"
    CLIENT_REVOKED = "client_revoked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word
    CENTRE_CHANGED = "centre_changed"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word


ANONYMOUS = "anonymous"


async def trail(connection: Connection, *, about: str | None, most: int = _SHOWN) -> Sequence[Row]:
    """Return the newest of what is on record, looks at personal data included; by or about whom."""
    return await rows(connection, _TRAIL, {"about": about, "most": most})


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
