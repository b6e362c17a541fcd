"""What people read: in their language, with what they need, and nothing personal."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from msgspec.structs import replace

from diagnostics.notifications import wording
from diagnostics.notifications.alarm_codes import CODES, code_of
from diagnostics.notifications.mail import compose, mail_server
from diagnostics.notifications.wording import worded
from diagnostics.texts import LANGUAGES, translated
from tests.support.notices import T0, outgoing

URL = "https://lift.example/"


def test_an_emergency_in_both_languages() -> None:
    dutch, english = (
        worded(outgoing(language=language), now=T0, public_url=URL) for language in LANGUAGES
    )
    assert dutch.title == "P1 NOODGEVAL: traplift sl-000001, 1621: U wordt gevraagd te gaan"
    assert english.title == "P1 EMERGENCY: stairlift sl-000001, 1621: You are asked to go"
    assert dutch.link == "https://lift.example/tickets/7"
    assert "Sinds: 10:00" in dutch.lines
    assert "Postcode: 1621" in dutch.lines
    assert "Berichtnummer: 42" in dutch.lines


@pytest.mark.parametrize("text", wording.SENTENCES)
def test_every_sentence_is_in_both_catalogues(text: str) -> None:
    from diagnostics.texts import _catalogue  # noqa: PLC0415

    assert all(text in _catalogue(language) for language in LANGUAGES)
    assert translated(text, "en") == text


@pytest.mark.parametrize(
    ("payload", "title", "line"),
    [
        (
            {"kind": "platform", "part": "engine", "detail": "silent", "state": "ill"},
            "Het platform is ziek",
            "engine: silent",
        ),
        (
            {"kind": "platform", "part": "engine", "detail": "silent", "state": "over"},
            "Het platform is weer beter",
            "engine: silent",
        ),
        (
            {
                "kind": "rota",
                "gaps": [
                    {
                        "layer": "mechanic",
                        "begin": "2026-11-21T07:00:00+00:00",
                        "end": "2026-11-22T07:00:00+00:00",
                    }
                ],
            },
            "Er ontbreekt iemand in het rooster",
            "Monteur: 21 november 08:00 - 22 november 08:00",
        ),
        ({"kind": "of_a_later_version", "text": "read this"}, "Nieuws", "read this"),
    ],
)
def test_what_is_about_no_ticket(payload: dict[str, Any], title: str, line: str) -> None:
    found = worded(replace(outgoing(payload), subject=None), now=T0, public_url=URL)
    assert (found.title, found.lines[1], found.link) == (title, line, URL)


def test_a_mail_has_text_and_page_and_is_the_same_mail_again() -> None:
    message = outgoing()
    later = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    mails = [
        compose(
            message,
            worded(message, now=now, public_url=URL),
            sender="Liftwacht <post@lift.example>",
            receiver="anna@home.example",
            now=now,
        )
        for now in (T0, later)
    ]
    assert mails[0]["Message-ID"] == mails[1]["Message-ID"] == "<liftwacht-42@lift.example>"
    read = message_from_bytes(mails[1].as_bytes(), _class=EmailMessage, policy=policy.default)
    assert read.get_content_type() == "multipart/alternative"
    plain, page = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert "Sinds: 20 november 10:00" in plain.get_content()
    assert '<a href="https://lift.example/tickets/7">' in page.get_content()
    assert (read["Importance"], read["Auto-Submitted"]) == ("high", "auto-generated")


@pytest.mark.parametrize(
    ("url", "password", "what"),
    [
        ("http://mail.example", None, "smtps://"),
        ("smtps://", None, "with a host"),
        ("smtps://anna:secret@mail.example", None, "in a file"),
        ("smtps://anna@mail.example", None, "needs a password"),
    ],
)
def test_a_wrong_mail_server_is_refused_with_a_reason(
    url: str, password: str | None, what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        mail_server(url, password=password)


def test_mail_servers() -> None:
    server = mail_server("smtp+starttls://anna%40x@mail.example", password="geheim")  # noqa: S106
    assert (server.port, server.security, server.user) == (587, "starttls", "anna@x")
    assert mail_server("smtp://localhost:2525").security == "none"


def event(name: str, /, **data: Any) -> dict[str, Any]:
    return {"type": f"nl.liftwacht.ticket.{name}", "data": data}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (event("opened", kind="emergency"), "QA"),
        (event("released", kind="emergency"), "QH"),
        (event("acknowledged", kind="emergency"), None),
        (event("opened", kind="repair", what="charger_failed"), "AT"),
        (event("repaired", kind="repair", what="charger_failed"), "AR"),
        (event("opened", kind="repair", what="battery_worn"), "YT"),
        (event("opened", kind="repair", what="offline"), "YC"),
        (event("opened", kind="repair", what="brake_slipping"), None),
        ({}, None),
    ],
)
def test_what_an_alarm_centre_hears(given: dict[str, Any], code: str | None) -> None:
    assert code_of(given) == code
    assert code is None or code in CODES
