"""What somebody typed into the one search field: pure."""

import re
from typing import Final

from msgspec import Struct

_POSTCODE: Final = re.compile(r"([1-9][0-9]{3})\s?([a-z]{2})?")
_TICKET: Final = re.compile(r"#\s?([0-9]{1,18})")
_NAME: Final = re.compile(r"[^\W\d_][^\d_#%]{2,}")
_PHONE_MARKS: Final = str.maketrans("", "", " -./()")
# Shorter pieces of a telephone number would find half the register.
_SHORTEST_PHONE: Final = 7
_LONGEST: Final = 100


class Wanted(Struct, frozen=True, kw_only=True):
    """All that the text may mean; None: not that.

    Attributes:
        text: as it was typed, trimmed.
        beginning: of an aid's name, a serial or client number, in the case that those have.
        ticket: a ticket's number.
        postcode4: four digits of a postcode; ``letters`` the rest, if given.
        phone: the national digits of a telephone number, without its leading zero.
        name: whether it may be the beginning of somebody's name.
    """

    text: str
    beginning: str | None = None
    ticket: int | None = None
    postcode4: int | None = None
    letters: str | None = None
    phone: str | None = None
    name: bool = False


def understand(text: str) -> Wanted:
    """Return what ``text`` may mean; everything None if it is empty."""
    text = " ".join(text.split())[:_LONGEST]
    lower = text.lower()
    postcode = _POSTCODE.fullmatch(lower)
    ticket = _TICKET.fullmatch(lower)
    return Wanted(
        text=text,
        beginning=lower if text and not ticket and " " not in text else None,
        ticket=int(ticket[1]) if ticket else None,
        postcode4=int(postcode[1]) if postcode else None,
        letters=postcode[2].upper() if postcode and postcode[2] else None,
        phone=_phone(lower),
        name=_NAME.fullmatch(lower) is not None,
    )


def _phone(text: str) -> str | None:
    digits = text.translate(_PHONE_MARKS)
    for prefix in ("+31", "0031", "0"):
        if digits.startswith(prefix):
            national = digits.removeprefix(prefix).removeprefix("0")
            if national.isascii() and national.isdigit() and len(national) >= _SHORTEST_PHONE:
                return national
            return None
    return None
