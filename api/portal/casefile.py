"""A client's file, or an aid's: all that there is, in one view and as a package to take along."""

import io
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

from api.portal.actions import QUERIES, as_csv
from api.problems import NotFoundError
from api.queries import Connection, Row, row, rows


class CaseFile(NamedTuple):
    """Everything about a client, or about an aid; each is a list of rows."""

    title: str
    client_number: str | None
    aids: Sequence[Row]
    commissions: Sequence[Row]
    tickets: Sequence[Row]
    complaints: Sequence[Row]
    misuse: Sequence[Row]
    answers: Sequence[Row]
    letters: Sequence[Row]
    files: Sequence[Row]


async def of_client(connection: Connection, client_number: str) -> CaseFile:
    """Return the file of a client.

    Raises:
        NotFoundError: there is none of this municipality.
    """
    client = await row(connection, QUERIES["client"], {"client": client_number})
    if client is None:
        raise NotFoundError(f"There is no client {client_number}.")
    had = await rows(connection, QUERIES["devices_of_client"], client)
    devices = sorted({each["device_id"] for each in had})
    return await _file(connection, client_number, client_number, client["client_id"], devices)


async def of_aid(connection: Connection, name: str) -> CaseFile:
    """Return the file of an aid, whoever had it.

    Raises:
        NotFoundError: there is none of this municipality.
    """
    aid = await row(connection, QUERIES["aid"], {"device": name})
    if aid is None:
        raise NotFoundError(f"There is no aid {name}.")
    return await _file(connection, name, aid["client_number"], None, [aid["device_id"]])


async def package(connection: Connection, file: CaseFile) -> bytes:
    """Return a file as a zip: a table for each kind of thing, letters as text, documents."""
    content = io.BytesIO()
    numbers = [each["number"] for each in file.commissions]
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("aids", "commissions", "tickets", "complaints", "misuse", "answers"):
            found: Sequence[Row] = getattr(file, name)
            if found:
                archive.writestr(f"{name}.csv", as_csv(found, list(found[0])))
        for letter in file.letters:
            text = f"{letter['subject']}\n\n{letter['body']}\n"
            archive.writestr(f"letters/{letter['number']}-{letter['addressee']}.txt", text)
        contents = await rows(connection, QUERIES["file_contents"], {"commissions": numbers})
        for each in contents:
            safe = "".join(c if c.isalnum() or c in "-_. " else "_" for c in each["name"])
            archive.writestr(f"files/{each['number']}-{safe}", bytes(each["content"]))
    return content.getvalue()


async def _file(
    connection: Connection,
    title: str,
    client_number: str | None,
    client_id: int | None,
    devices: list[int],
) -> CaseFile:
    asked = {"client_id": client_id, "by_client": client_id is not None, "devices": devices}
    commissions = await rows(connection, QUERIES["commissions"], asked)
    asked["commissions"] = [each["number"] for each in commissions]
    return CaseFile(
        title=title,
        client_number=client_number,
        aids=await rows(connection, QUERIES["aids"], asked),
        commissions=commissions,
        tickets=await rows(connection, QUERIES["tickets"], asked),
        complaints=await rows(connection, QUERIES["complaints"], asked),
        misuse=await rows(connection, QUERIES["misuse"], asked),
        answers=await rows(connection, QUERIES["answers"], asked),
        letters=await rows(connection, QUERIES["letters"], asked),
        files=await rows(connection, QUERIES["files"], asked),
    )
