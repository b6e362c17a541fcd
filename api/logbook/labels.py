"""The label of an aid (QR code) and the page behind it, which everybody may read. By a token."""

import io
import secrets
from asyncio import to_thread
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from api.desk import words as desk_words
from api.desk.languages import catalogue
from api.documents.content import Document, Label, Labels, Paragraph
from api.documents.pdf import pdf
from api.problems import NotFoundError
from api.queries import Connection, Row, row, rows
from diagnostics.queries import load

QUERIES = load("api.logbook", "labels.sql")
MOST: Final = 300  # on a sheet
_SCAN: Final = "Scan voor gegevens van dit hulpmiddel."
_TOKEN_BYTES: Final = 16


class Public(NamedTuple):
    """What stands on the page behind a label."""

    aid: Row
    adaptations: Sequence[Row]


async def live(connection: Connection, name: str) -> Row:
    """Return an aid with its label's ``token``, None if it has none that is good.

    Raises:
        NotFoundError: there is no such aid.
    """
    found = await row(connection, QUERIES["live"], {"name": name})
    if found is None:
        raise NotFoundError(f"There is no aid called {name}.")
    return found


async def make(connection: Connection, name: str, *, actor: str, now: datetime) -> Row:
    """Give an aid a label, instead of one that it has; return the aid with it.

    Raises:
        NotFoundError: there is no such aid.
    """
    asked = {"device_id": (await live(connection, name))["device_id"], "actor": actor, "now": now}
    await connection.execute(QUERIES["lock"], asked)
    await connection.execute(QUERIES["revoke"], asked)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    await connection.execute(QUERIES["make"], asked | {"token": token})
    return await live(connection, name)


async def revoke(connection: Connection, name: str, *, actor: str, now: datetime) -> None:
    """Let an aid's label be good no more.

    Raises:
        NotFoundError: there is no such aid.
    """
    asked = {"device_id": (await live(connection, name))["device_id"], "actor": actor, "now": now}
    await connection.execute(QUERIES["revoke"], asked)


async def behind(connection: Connection, token: str) -> Public | None:
    """Return what is behind a label; None: it is good no more, or never was."""
    aid = await row(connection, QUERIES["page"], {"token": token})
    if aid is None:
        return None
    asked = {"device_id": aid["device_id"]}
    return Public(aid, await rows(connection, QUERIES["adaptations"], asked))


def svg(url: str) -> bytes:
    """Return the QR code of an address as an SVG."""
    import segno  # noqa: PLC0415 - only who prints a label needs it

    content = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        content, kind="svg", border=2, scale=4, xmldecl=False, light="#fff"
    )
    return content.getvalue()


async def sheet(aids: Sequence[Row], base: str, phone: str, *, now: datetime) -> bytes:
    """Return the labels of aids as a PDF to print.

    Args:
        aids: each with a ``token``.
        base: under which address people reach us.
        phone: where a defect is reported; may be empty.
        now: the moment that it is dated by.
    """
    labels = [
        Label(
            content=svg(url_of(base, each["token"])),
            text=f"QR-code naar de pagina van hulpmiddel {each['name']}",
            lines=(
                each["name"],
                " ".join(filter(None, (_kind(each["kind"]), each["maker"], each["model"]))),
                *([f"Storing? Bel {_whole(phone)}"] if phone else []),
                _SCAN,
            ),
        )
        for each in aids
    ]
    made = Document(
        title="Labels voor hulpmiddelen",
        made_at=now,
        blocks=(Paragraph(text="Uitknippen langs de stippellijnen."), Labels(labels=labels)),
    )
    return await to_thread(pdf, made)


def _whole(phone: str) -> str:
    """Return a telephone number that no line breaks in two."""
    return phone.replace(" ", "\N{NO-BREAK SPACE}")


def url_of(base: str, token: str) -> str:
    """Return the address of the page behind a label."""
    return f"{base.rstrip('/')}/a/{token}"


def _kind(kind: str) -> str:
    return str(catalogue("nl").gettext(desk_words.KINDS[kind])).capitalize()
