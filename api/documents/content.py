"""What stands in a document: frozen blocks, without any layout."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct


class Block(Struct, frozen=True, kw_only=True, tag_field="block"):
    """One piece of a document."""


class Heading(Block, frozen=True, kw_only=True, tag="heading"):
    """A heading; ``level`` 1 is right under the document's title."""

    text: str
    level: int = 1


class Paragraph(Block, frozen=True, kw_only=True, tag="paragraph"):
    """Plain text; an empty line in it begins another paragraph."""

    text: str


class Notice(Block, frozen=True, kw_only=True, tag="notice"):
    """A paragraph that must not be overlooked."""

    text: str


class Items(Block, frozen=True, kw_only=True, tag="items"):
    """A list."""

    items: Sequence[str]


class Facts(Block, frozen=True, kw_only=True, tag="facts"):
    """Names with their values, one to a line."""

    facts: Sequence[tuple[str, str]]


class Table(Block, frozen=True, kw_only=True, tag="table"):
    """A table with a header, repeated on each page.

    Attributes:
        caption: what it shows, also for those who do not see it.
        columns: the header.
        rows: as many cells each as there are columns.
        numeric: the columns, from 0, that are aligned as numbers.
        widths: of the columns, as shares of each other; none: as wide as what is in them.
        total: whether the last row is the sum of the others.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int] = ()
    widths: Sequence[int] = ()
    total: bool = False


class Picture(Block, frozen=True, kw_only=True, tag="picture"):
    """A photograph or a drawing.

    Attributes:
        content: the file: JPEG, PNG, WebP or SVG. Text in an SVG is set in ``fonts.FAMILY``.
        text: what is to be seen, for those who do not see it; never empty.
        caption: under it.
        width: as a share of the page's, 0 to 1.
    """

    content: bytes
    text: str
    caption: str = ""
    width: float = 1.0


class Label(Struct, frozen=True, kw_only=True):
    """A label to be cut out: a picture with what is to be seen on it, and lines beside it."""

    content: bytes
    text: str
    lines: Sequence[str]


class Labels(Block, frozen=True, kw_only=True, tag="labels"):
    """Labels, three beside each other, with lines to cut along."""

    labels: Sequence[Label]


class PageBreak(Block, frozen=True, kw_only=True, tag="page_break"):
    """What follows begins on a page of its own."""


AnyBlock = Heading | Paragraph | Notice | Items | Facts | Table | Picture | Labels | PageBreak


class Document(Struct, frozen=True, kw_only=True):
    """A document.

    Attributes:
        title: of the file and on its first page.
        subtitle: under the title.
        author: who answers for it.
        made_at: the moment that it is dated by (aware): part of the bytes.
        blocks: what stands in it.
        address: of a letter, its lines: above the title.
        reference: in the foot of every page.
        language: in which it is written.
    """

    title: str
    made_at: datetime
    blocks: Sequence[AnyBlock]
    subtitle: str = ""
    address: Sequence[str] = ()
    author: str = "Liftwacht"
    reference: str = ""
    language: str = "nl"
