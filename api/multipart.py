"""Forms with files (``multipart/form-data``, RFC 7578): what was typed, and what was chosen."""

from typing import NamedTuple

from fastapi import Request

from api.problems import InvalidInputError


class Sent(NamedTuple):
    """A file that somebody chose. ``name``: as their machine calls it, without a path."""

    name: str
    media_type: str
    content: bytes


async def read(request: Request, *, most: int) -> tuple[dict[str, str], dict[str, list[Sent]]]:
    """Return the fields of a form and the files that were chosen, by their names.

    Args:
        request: the form.
        most: how many bytes it may have.

    Raises:
        InvalidInputError: too much, or no form with files.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise InvalidInputError("body", "/", f"more than {most} bytes")
    return parse(bytes(body), request.headers.get("content-type", ""))


def parse(body: bytes, content_type: str) -> tuple[dict[str, str], dict[str, list[Sent]]]:
    """Return the fields and the files of a form.

    Raises:
        InvalidInputError: it is none.
    """
    import email.parser  # noqa: PLC0415 - few send a form with a file
    import email.policy  # noqa: PLC0415

    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parsed = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    if not parsed.is_multipart():
        raise InvalidInputError("body", "/", "no form with a file")
    fields: dict[str, str] = {}
    files: dict[str, list[Sent]] = {}
    for part in parsed.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        chosen = part.get_filename()
        if chosen is None:
            fields[name] = content.decode(errors="replace").strip()
        elif chosen:
            plain = chosen.replace("\\", "/").rpartition("/")[2]
            files.setdefault(name, []).append(Sent(plain, part.get_content_type(), content))
    return fields, files
