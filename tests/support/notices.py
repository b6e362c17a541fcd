"""Messages on their way out, as tests need them."""

from datetime import UTC, datetime
from typing import Any

from diagnostics.notifications.message import Outgoing, Subject

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def outgoing(
    payload: dict[str, Any] | None = None,
    *,
    priority: int | None = 1,
    ticket_open: bool = True,
    created_at: datetime = T0,
    attempts: int = 1,
    address: dict[str, Any] | None = None,
    language: str = "nl",
) -> Outgoing:
    """Return a message about a ticket of sl-000001."""
    return Outgoing(
        notification_id=42,
        dedup_key="test:42",
        recipient="anna",
        payload=payload or {"ticket": 7, "how": "page", "why": "opened"},
        created_at=created_at,
        attempts=attempts,
        address=address,
        language=language,
        subject=Subject(
            ticket_id=7,
            kind="emergency",
            what=None,
            priority=priority,
            since=T0,
            open=ticket_open,
            device="sl-000001",
            device_kind="stairlift",
            postcode4=1621,
        ),
    )
