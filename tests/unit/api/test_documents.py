"""Documents: readable by everybody, the same bytes from the same content, and never markup."""

import struct
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any
from zlib import compress, crc32

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from api.documents.content import (
    AnyBlock,
    Document,
    Facts,
    Heading,
    Items,
    Notice,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)
from api.documents.pdf import BadDocumentError, pdf

MADE_AT = datetime(2026, 11, 29, 10, tzinfo=UTC)
SVG = (
    b"<svg xmlns='http://www.w3.org/2000/svg' width='80' height='20'>"
    b"<text y='15' font-family='Source Sans Pro'>12 kg</text></svg>"
)


def dot() -> bytes:
    """A PNG of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", compress(b"\x00\xff\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"")


ODD = 'Accu #2 *nieuw* $5 _x_ @y <z> [w] \\ // "q" = Kop'
BLOCKS: tuple[AnyBlock, ...] = (
    Notice(text="Een signaal is geen beschuldiging."),
    Heading(text="Kosten"),
    Facts(facts=[("Cliëntnummer", "C-0001"), ("Opmerking", ODD)]),
    Table(
        caption="Onderdelen",
        columns=["Wat", "Bedrag"],
        rows=[[ODD, "€ 120,00"], ["Totaal", "€ 120,00"]],
        numeric=[1],
        total=True,
    ),
    Items(items=["een", ODD]),
    PageBreak(),
    Heading(text="Onderdeel", level=2),
    Paragraph(text="Eerste regel\ntweede regel\n\nAndere alinea"),
    Picture(content=SVG, text="Een gewicht van 12 kilo", caption="Gewicht", width=0.5),
    Picture(content=dot(), text="Een rode stip"),
)
DOCUMENT = Document(
    title="Reparatieofferte", subtitle="Zaak 12", made_at=MADE_AT, blocks=BLOCKS, reference="Z12"
)


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def test_it_says_what_everybody_needs_to_read_it() -> None:
    found = read(pdf(DOCUMENT))
    catalogue: Any = found.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "nl"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert catalogue["/StructTreeRoot"]
    assert b"pdfuaid" in catalogue["/Metadata"].get_object().get_data()
    assert found.metadata is not None
    assert (found.metadata.title, found.metadata.creation_date) == ("Reparatieofferte", MADE_AT)
    assert len(found.pages) == 2
    assert len(found.pages[1].images) == 1


def test_what_people_typed_is_text() -> None:
    first, second = (page.extract_text() for page in read(pdf(DOCUMENT)).pages)
    words = " ".join(first.split())
    for piece in ("Accu #2 *nieuw* $5 _x_ @y <z> [w]", "Cliëntnummer: C-0001", "€ 120,00"):
        assert piece in words
    assert "Pagina 1 van 2" in words
    assert "Andere alinea" in second


def test_a_sign_that_cannot_be_set_does_not_stop_a_document() -> None:
    said = "Dank u \N{GRINNING FACE} مرحبا, tot ziens \N{ZERO WIDTH JOINER}x"
    shown = read(pdf(replace(DOCUMENT, blocks=[Paragraph(text=said)]))).pages[0].extract_text()
    assert "Dank u ?" in shown
    assert "tot ziens" in shown


def test_the_same_content_is_the_same_bytes() -> None:
    elsewhere = MADE_AT.astimezone(timezone(timedelta(hours=1)))
    assert pdf(DOCUMENT) == pdf(replace(DOCUMENT, made_at=elsewhere))
    assert pdf(DOCUMENT) != pdf(replace(DOCUMENT, made_at=MADE_AT + timedelta(seconds=1)))


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (Picture(content=SVG, text=" "), "no text"),
        (Picture(content=b"\x89PNG broken", text="x"), "UTF-8|decode|format|PNG"),
        (Table(caption="c", columns=["a", "b"], rows=[["1"]]), "has not 2 cells"),
    ],
)
def test_what_cannot_be_read_is_refused(block: AnyBlock, says: str) -> None:
    with pytest.raises(BadDocumentError, match=says):
        pdf(replace(DOCUMENT, blocks=[block]))
