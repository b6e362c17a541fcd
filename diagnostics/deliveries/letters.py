"""What is told in writing: the letters' words, in the reader's language. Pure.

No name and no address: those are put on it when it is printed, by somebody whose look is recorded.
"""

from datetime import date
from typing import Final, NamedTuple

from babel.dates import format_date

_KINDS: Final = {
    "nl": {
        "delivery": "de levering van uw hulpmiddel",
        "reissue": "de levering van uw hulpmiddel",
        "exchange": "de omruil van uw hulpmiddel",
        "adaptation": "de aanpassing van uw hulpmiddel",
        "collection": "het ophalen van uw hulpmiddel",
        "dismantling": "de demontage van uw traplift",
        "structural_works": "de bouwkundige aanpassing",
    },
    "en": {
        "delivery": "the delivery of your aid",
        "reissue": "the delivery of your aid",
        "exchange": "the exchange of your aid",
        "adaptation": "the adaptation of your aid",
        "collection": "the collection of your aid",
        "dismantling": "the dismantling of your stairlift",
        "structural_works": "the structural works",
    },
}
# A subject, and then paragraphs.
_CLIENT: Final = {
    "nl": (
        "Het duurt langer: {what}",
        "Wij zouden {what} uiterlijk op {due} afronden. Dat lukt niet.",
        "De reden: {reason}",
        "De nieuwe verwachte datum is {expected}. Verandert dat weer, dan hoort u het van ons.",
        "Kunt u zo lang niet zonder? Bel ons: u kunt een vervangend hulpmiddel lenen.",
        "Onze excuses voor het ongemak.",
    ),
    "en": (
        "It takes longer: {what}",
        "We were to complete {what} by {due}. We cannot.",
        "The reason: {reason}",
        "The new date that we expect is {expected}. If it changes again, you will hear from us.",
        "Can you not do without for that long? Call us: you can borrow another aid.",
        "Our apologies for the inconvenience.",
    ),
}
_MUNICIPALITY: Final = {
    "nl": (
        "Levertijd overschreden: opdracht {number}, cliënt {client}",
        "Opdracht {number} ({reference}) voor cliënt {client} zou uiterlijk {due} gereed zijn.",
        "Reden van de overschrijding: {reason}",
        "Nieuwe verwachte datum: {expected}.",
        "De cliënt krijgt hierover een brief.",
    ),
    "en": (
        "Term exceeded: commission {number}, client {client}",
        "Commission {number} ({reference}) for client {client} was to be done by {due}.",
        "Reason: {reason}",
        "New date expected: {expected}.",
        "The client is told by letter.",
    ),
}


class Text(NamedTuple):
    """A letter in words."""

    subject: str
    body: str


class Late(NamedTuple):
    """What exceeded its term, or will."""

    commission_id: int
    reference: str | None
    kind: str
    client_number: str
    due_on: date
    reason: str
    expected_on: date


def to_client(late: Late, language: str) -> Text:
    """Return the letter to the client."""
    return _filled(_CLIENT[language], late, language)


def to_municipality(late: Late, language: str) -> Text:
    """Return the letter to the consultant."""
    return _filled(_MUNICIPALITY[language], late, language)


def _filled(texts: tuple[str, ...], late: Late, language: str) -> Text:
    words = {
        "what": _KINDS[language][late.kind],
        "number": late.commission_id,
        "reference": late.reference or "-",
        "client": late.client_number,
        "reason": late.reason,
        "due": format_date(late.due_on, "long", locale=language),
        "expected": format_date(late.expected_on, "long", locale=language),
    }
    subject, *paragraphs = (text.format(**words) for text in texts)
    return Text(subject, "\n\n".join(paragraphs))
