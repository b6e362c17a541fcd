"""Dutch first, English available, nothing left untranslated."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import api
from api.desk import words
from api.desk.languages import choose
from gateway.protocol.errors import IdentityError, PayloadError, TooLargeError, TopicError
from ingest.decode import DEFECT

PACKAGE = Path(api.__file__).parent
METHODS = [("**.py", "python"), ("web/templates/**.html", "jinja2")]


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "language"),
    [
        (None, None, None, "nl"),
        (None, None, "en-GB,en;q=0.9", "en"),
        (None, None, "nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        (None, None, "en;q=0.1, nl;q=0.5", "nl"),
        (None, None, "fr, de;q=0.5", "nl"),
        (None, None, "en;q=nonsense,,;q=1", "nl"),
        (None, "en", "nl", "en"),
        ("nl", "en", "en", "nl"),
        ("xx", None, None, "nl"),
    ],
)
def test_the_language_is_chosen(
    asked: str | None, remembered: str | None, accepted: str | None, language: str
) -> None:
    assert choose(asked, remembered, accepted) == language


def test_every_text_has_a_dutch_one_and_none_is_left_over() -> None:
    used = {
        message if isinstance(message, str) else message[0]
        for _, _, message, _, _ in extract_from_dir(PACKAGE, METHODS, {})
    }
    with (PACKAGE / "locale/nl/LC_MESSAGES/api.po").open("rb") as file:
        catalogue = read_po(file)
    translated = {
        entry.id if isinstance(entry.id, str) else entry.id[0]
        for entry in catalogue
        if entry.id and entry.string
    }
    assert len(used) > 100
    assert translated == used


def test_placeholders_survive_translation() -> None:
    with (PACKAGE / "locale/nl/LC_MESSAGES/api.po").open("rb") as file:
        catalogue = read_po(file)
    assert [(entry.id, list(entry.check())) for entry in catalogue if list(entry.check())] == []


def test_why_a_call_could_not_be_judged_is_told_in_words() -> None:
    wrong = (TopicError, PayloadError, TooLargeError, IdentityError)
    reasons = {each.reason for each in wrong} | {DEFECT, "storage", "unknown_device"}
    assert words.UNREAD.keys() == reasons
