"""Every reason has its sentence, in both languages."""

import re
from typing import Any

import pytest

from diagnostics import texts
from diagnostics.detectors.emergency.track import Cause
from diagnostics.sentences import SENTENCES
from gateway.protocol.vocabulary import FAULTS, CallReason, Contacts

SAMPLE = {"fault": "relay", "battery_v": 16.8, "seconds": 90, "metres": 2.1, "minutes": 5}
CODES = [
    "sos_pressed",
    "call_open",
    "call_smoke",
    "block_cleared",
    "silent",
    "connection_lost",
    "lost_as_boarded",
    "rider_aboard",
    "rider_unknown",
    "seat_empty",
    "position",
    "position_unknown",
    "went_on",
    "arrived",
    "from_backlog",
    *(cause.value for cause in Cause),
    *(f"call_{reason}" for reason in CallReason if reason is not CallReason.TEST),
]


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("parameters", [SAMPLE, {"fault": "relay", "metres": 1}])
def test_every_reason_has_a_sentence(code: str, parameters: dict[str, Any], language: str) -> None:
    text = texts.sentence(code, parameters, language)
    assert text != code
    assert text.endswith(".")
    assert "%(" not in text


def test_languages_differ_everywhere() -> None:
    same = [
        text
        for text in {*SENTENCES.values()}
        if texts.translated(text, "nl") == texts.translated(text, "en")
    ]
    assert same == []


def test_every_fault_and_contact_has_a_name() -> None:
    contacts = {contact.name.lower() for contact in Contacts if contact.name}
    assert {*FAULTS, *contacts} <= {*texts.FAULTS}


def test_parameters_survive_translation() -> None:
    for text in SENTENCES.values():
        for language in texts.LANGUAGES:
            found = re.findall(r"%\((\w+)\)s", texts.translated(text, language))
            assert found == re.findall(r"%\((\w+)\)s", text)


def test_numbers_are_written_as_people_write_them() -> None:
    assert "2,1 m" in texts.sentence("position", {"metres": 2.1}, "nl")
    assert "2.1 m" in texts.sentence("position", {"metres": 2.1}, "en")


def test_what_we_have_no_words_for_is_shown_as_it_is() -> None:
    assert texts.sentence("from_the_future", {}, "nl") == "from_the_future"
    assert texts.sentence("blocked", {}, "nl") == "blocked"
