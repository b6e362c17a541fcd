"""Sets a document as PDF/UA-1: tagged, titled, in its language, pictures with their text.

Typst does it, in this process, from a template that ships with us (ADR 0017). The same document
gives the same bytes, on every machine: fonts come from a wheel, and nothing is dated but by the
document.
"""

from collections.abc import Iterator
from datetime import UTC
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec
import typst

from api.documents.content import AnyBlock, Document, Picture, Table
from api.documents.fonts import FAMILY, fonts

MEDIA_TYPE: Final = "application/pdf"
_STANDARD: Final = "ua-1"
_FORMATS: Final = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png", b"RIFF": "webp"}


class BadDocumentError(ValueError):
    """It cannot be set, or not so that everybody can read it; says why."""


def pdf(document: Document) -> bytes:
    """Return ``document`` as a PDF.

    Raises:
        BadDocumentError: a table's rows differ in length, a picture has no text or cannot be read.
    """
    for block in document.blocks:
        _check(block)
    content = {
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.author,
        "reference": document.reference,
        "language": document.language,
        "family": FAMILY,
        "made_at": list(document.made_at.astimezone(UTC).timetuple()[:6]),
        "blocks": [_plain(block, number) for number, block in enumerate(document.blocks)],
    }
    sources = {
        "main.typ": _template(),
        "content.json": msgspec.json.encode(content),
        **dict(_pictures(document)),
    }
    try:
        made: bytes = typst.compile(  # type: ignore[call-overload]  # its stub knows one file only
            sources,
            format="pdf",
            font_paths=fonts(),
            ignore_system_fonts=True,
            pdf_standards=[_STANDARD],
            timestamp=int(document.made_at.timestamp()),
        )
    except RuntimeError as error:  # also where it cannot quote what it stumbled over
        raise BadDocumentError(getattr(error, "message", None) or str(error)) from error
    return made


def _check(block: AnyBlock) -> None:
    if isinstance(block, Table) and any(len(row) != len(block.columns) for row in block.rows):
        raise BadDocumentError(f"table {block.caption!r}: a row has not {len(block.columns)} cells")
    if isinstance(block, Picture) and not block.text.strip():
        raise BadDocumentError("a picture has no text for those who do not see it")


def _plain(block: AnyBlock, number: int) -> dict[str, Any]:
    """Return what the template reads; a picture is a file beside it."""
    found: dict[str, Any] = msgspec.to_builtins(block)
    if isinstance(block, Picture):
        found["content"] = _name(block, number)
    return found


def _pictures(document: Document) -> Iterator[tuple[str, bytes]]:
    for number, block in enumerate(document.blocks):
        if isinstance(block, Picture):
            yield _name(block, number), block.content


def _name(picture: Picture, number: int) -> str:
    known = (name for start, name in _FORMATS.items() if picture.content.startswith(start))
    return f"picture-{number}.{next(known, 'svg')}"


@cache
def _template() -> bytes:
    return (files("api.documents") / "template.typ").read_bytes()
