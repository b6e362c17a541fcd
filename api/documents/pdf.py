"""Sets a document as PDF/UA-1: tagged, titled, in its language, pictures with their text.

Typst does it, in this process, from a template that ships with us (ADR 0017). The same document
gives the same bytes, on every machine: fonts come from a wheel, and nothing is dated but by the
document.
"""

import re
from collections.abc import Iterator
from datetime import UTC
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from api.documents.content import AnyBlock, Document, Labels, Picture, Table
from api.documents.fonts import FAMILY, fonts

MEDIA_TYPE: Final = "application/pdf"
_STANDARD: Final = "ua-1"
_INSTEAD: Final = "?"  # of a sign that the family lacks
_UNSHOWN_AT_MOST: Final = 40
_UNSHOWN: Final = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
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
    content = msgspec.json.encode({
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.author,
        "reference": document.reference,
        "address": document.address,
        "language": document.language,
        "family": FAMILY,
        "made_at": list(document.made_at.astimezone(UTC).timetuple()[:6]),
        "blocks": [_plain(block, number) for number, block in enumerate(document.blocks)],
    })  # fmt: skip
    pictures = dict(_pictures(document))
    for _ in range(_UNSHOWN_AT_MOST):
        try:
            return _set(content, pictures, document)
        except RuntimeError as error:  # also where it cannot quote what it stumbled over
            unshown = _UNSHOWN.search(str(error))
            if unshown is None:
                raise BadDocumentError(getattr(error, "message", None) or str(error)) from error
            # People type signs that the family lacks; nobody's letter may fail for a smiley.
            plain = _without(content.decode(), _characters(unshown[1]))
            if plain.encode() == content:  # it stands in a picture
                raise BadDocumentError(f"cannot be shown: {unshown[1]}") from error
            content = plain.encode()
    raise BadDocumentError("too many signs that cannot be shown")


def _set(content: bytes, pictures: dict[str, bytes], document: Document) -> bytes:
    import typst  # noqa: PLC0415 - a whole typesetter, for those who set something

    # As files, for a moment: those that Typst takes from memory must be text.
    with TemporaryDirectory(prefix="liftwacht-document-") as folder:
        sources = {"main.typ": _template(), "content.json": content, **pictures}
        for name, each in sources.items():
            (Path(folder) / name).write_bytes(each)
        return typst.compile(
            str(Path(folder) / "main.typ"),
            root=folder,
            format="pdf",
            font_paths=fonts(),
            ignore_system_fonts=True,
            pdf_standards=[_STANDARD],
            timestamp=int(document.made_at.timestamp()),
        )


def _characters(quoted: str) -> set[str]:
    """Return the characters that are named, some of them by their number."""
    named = {chr(int(code, 16)) for code in _ESCAPED.findall(quoted)}
    return (named | set(_ESCAPED.sub("", quoted))) - set(' "\\')


def _without(text: str, characters: set[str]) -> str:
    return text.translate(dict.fromkeys(map(ord, characters), _INSTEAD))


def readable(picture: Picture, at: Document) -> bool:
    """Return whether a picture can be set at all: what people send may be broken.

    Args:
        picture: to be tried.
        at: any document: its title and date are taken.
    """
    try:
        pdf(replace(at, blocks=(picture,)))
    except BadDocumentError:
        return False
    return True


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
    if isinstance(block, Labels):
        for at, label in enumerate(found["labels"]):
            label["content"] = f"label-{number}-{at}.svg"
    return found


def _pictures(document: Document) -> Iterator[tuple[str, bytes]]:
    for number, block in enumerate(document.blocks):
        if isinstance(block, Picture):
            yield _name(block, number), block.content
        if isinstance(block, Labels):
            for at, label in enumerate(block.labels):
                yield f"label-{number}-{at}.svg", label.content


def _name(picture: Picture, number: int) -> str:
    known = (name for start, name in _FORMATS.items() if picture.content.startswith(start))
    return f"picture-{number}.{next(known, 'svg')}"


@cache
def _template() -> bytes:
    return (files("api.documents") / "template.typ").read_bytes()
