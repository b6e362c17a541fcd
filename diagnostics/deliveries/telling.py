"""News of orders and complaints for a municipality: rows that the outbox sends after the commit.

To its people who chose to be told, by their own ways; to its systems as events; and, where the
order names one, to the consultant's mail address. Numbers only: the rest is behind the sign-in.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg.types.json import Jsonb

from diagnostics.deliveries import repository
from diagnostics.deliveries.repository import Connection

KINDS: Final = ("commission_late", "complaint_received", "complaint_handled", "overdue_maintenance")
_MAILBOX: Final = "mailbox:"


class News(NamedTuple):
    """Something that happened. ``key`` tells it from all others: it is told once.

    Attributes:
        kind: of ``KINDS``.
        title: for people.
        text: likewise.
        path: where it can be read.
        mail: an address that hears of it whatever was chosen.
        letter: that the mail to it is.
    """

    municipality_code: str
    kind: str
    key: str
    title: str
    text: str
    path: str
    number: int
    mail: str | None = None
    letter: int | None = None


async def tell(conn: Connection, news: News, now: datetime) -> None:
    """Write what is to be sent, in the caller's transaction."""
    message = {"kind": "news", "title": news.title, "text": news.text, "path": news.path}
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": news.key,
        "type": f"nl.liftwacht.{news.kind}",
        "subject": str(news.number),
        "time": now.isoformat(),
        "datacontenttype": "application/json",
        "data": {"number": news.number, "municipality": news.municipality_code},
    }
    asked = {
        "code": news.municipality_code,
        "kind": news.kind,
        "key": news.key,
        "message": Jsonb(message),
        "event": Jsonb(event),
        "brings": Jsonb({} if news.letter is None else {"letter": news.letter}),
        "mailbox": None if news.mail is None else _MAILBOX + news.mail,
        "now": now,
    }
    await repository.run(conn, "tell", asked)
    await repository.run(conn, "announce", {})
