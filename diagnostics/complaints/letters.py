"""The written outcome of a complaint, to client and municipality. Pure; no name, no address."""

from datetime import date
from typing import Final

from babel.dates import format_date

from diagnostics.deliveries.letters import Text

_OUTCOMES: Final = {
    "nl": {
        "founded": "Uw klacht is gegrond.",
        "partly_founded": "Uw klacht is gedeeltelijk gegrond.",
        "unfounded": "Uw klacht is ongegrond.",
        "withdrawn": "U hebt uw klacht ingetrokken.",
    },
    "en": {
        "founded": "Your complaint is founded.",
        "partly_founded": "Your complaint is founded in part.",
        "unfounded": "Your complaint is not founded.",
        "withdrawn": "You have withdrawn your complaint.",
    },
}
_SUBJECT: Final = {
    "nl": "Uitkomst van uw klacht van {received}",
    "en": "Outcome of your complaint of {received}",
}
_FIRST: Final = {
    "nl": "Op {received} hebt u ons een klacht laten weten. Wij hebben die onderzocht.",
    "en": "On {received} you told us of a complaint. We have looked into it.",
}
_MEASURES: Final = {
    "nl": "Wat wij daarop doen: {measures}",
    "en": "What we do about it: {measures}",
}


def outcome(
    *, received_on: date, outcome_: str, text: str, measures: str, language: str = "nl"
) -> Text:
    """Return the letter that tells the outcome."""
    received = format_date(received_on, "long", locale=language)
    paragraphs = [
        _FIRST[language].format(received=received),
        _OUTCOMES[language][outcome_],
        text,
        *([_MEASURES[language].format(measures=measures)] if measures else []),
    ]
    return Text(_SUBJECT[language].format(received=received), "\n\n".join(paragraphs))
