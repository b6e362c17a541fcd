"""A letter as a document: the text as it was written, with whom it goes to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from babel.dates import format_date

from api.desk.languages import catalogue
from api.documents.content import AnyBlock, Document, Facts, Paragraph
from api.words import _
from diagnostics.tickets.calendar import dutch_day

_DATE: Final = _("Date")
_REFERENCE: Final = _("Our reference")
_CLIENT: Final = _("Client number")
_DEAR: Final = _("Dear Sir or Madam,")
_YOURS: Final = _("Yours faithfully,")
_DESK: Final = _("Service desk for Wmo aids")
_ACCESS: Final = _("Municipality of %(name)s, Wmo team")


def document(letter: dict[str, Any], address: Sequence[str]) -> Document:
    """Return the document of a letter.

    Args:
        letter: a row of the statement ``one``.
        address: lines of whom it goes to; empty: the letter is addressed by what it is about.
    """
    language = letter["language"]
    gettext = catalogue(language).gettext
    written: datetime = letter["written_at"]
    to_municipality = letter["addressee"] == "municipality"
    lines = list(address)
    if to_municipality and not lines:
        lines = [gettext(_ACCESS) % {"name": letter["municipality"]}]
    facts = [
        (gettext(_DATE), format_date(dutch_day(written), "long", locale=language)),
        (gettext(_REFERENCE), reference(letter)),
    ]
    if letter["client_number"]:
        facts.append((gettext(_CLIENT), letter["client_number"]))
    if not lines:
        lines = [f"{gettext(_CLIENT)} {letter['client_number']}"]
    blocks: list[AnyBlock] = [
        Facts(facts=facts),
        Paragraph(text=gettext(_DEAR)),
        Paragraph(text=letter["body"]),
        Paragraph(text=gettext(_YOURS)),
        Paragraph(text=gettext(_DESK)),
    ]
    return Document(
        title=letter["subject"],
        made_at=written,
        address=lines,
        blocks=blocks,
        reference=reference(letter),
        language=language,
    )


def reference(letter: dict[str, Any]) -> str:
    """Return what a letter is called by who answers it."""
    about = f"O{letter['commission']}" if letter["commission"] else f"K{letter['complaint']}"
    return f"{about}-B{letter['number']}"


def file_name(letter: dict[str, Any]) -> str:
    """Return the name of its file."""
    return f"brief-{reference(letter)}.pdf"
