"""Logging: what is bound stands in each line, and secrets in none."""

import json
import logging
from collections.abc import Iterator

import pytest

from gateway import logs

SECRETS = {
    "postgresql://liftwacht_api:hunter2@db/liftwacht is away": "hunter2",
    "Authorization: Bearer eyJhbGciOi.x.y": "eyJhbGciOi",
    "{'authorization': 'Basic YWJj'}": "YWJj",
    "cookie: liftwacht_session=abc.def; other=1": "abc.def",
    "connection failed: password=hunter2 host=db": "hunter2",
    "token: s3cr3t-value": "s3cr3t",
    "signs with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": "MfKQ9r8G",
}


def fail(text: str) -> None:
    raise ValueError(text)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_lines_are_json_with_what_is_bound(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("engine", "INFO", "json")
    logger = logging.getLogger("diagnostics.calls")
    with logs.bound(device="sl-000001", ticket=12, request=None):
        with logs.bound(notification=3):
            logger.info("help is %s", "coming")
        try:
            fail("postgresql://me:hunter2@db/x")
        except ValueError:
            logger.exception("cannot be judged")
    logger.debug("not shown")
    logger.info("outside")
    first, second, third = map(json.loads, capsys.readouterr().err.splitlines())
    assert first.pop("at").endswith("Z")
    assert first == {
        "level": "INFO",
        "process": "engine",
        "logger": "diagnostics.calls",
        "message": "help is coming",
        "device": "sl-000001",
        "ticket": 12,
        "notification": 3,
    }
    assert second["ticket"] == 12
    assert "notification" not in second
    assert "Traceback" in second["exception"]
    assert "hunter2" not in second["exception"]
    assert "device" not in third


def test_a_terminal_gets_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("api", "info", "text")
    with logs.bound(request="r-1"):
        logging.getLogger("api.desk").warning("slow")
    assert capsys.readouterr().err.rstrip().endswith("WARNING api api.desk: slow request=r-1")


def test_secrets_are_blotted_out_and_nothing_else() -> None:
    for text, secret in SECRETS.items():
        blotted = logs.redacted(text)
        assert secret not in blotted, text
        assert "***" in blotted, text
    for text in (
        "mqtts://broker:8883",
        "https://desk.example/tickets/1",
        "device sl-000001: tokens",
    ):
        assert logs.redacted(text) == text


def test_addresses_of_requests_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("diagnostics", "DEBUG", "json")
    logging.getLogger("httpx").info("HTTP Request: GET https://ping.example/uuid-that-is-a-secret")
    assert capsys.readouterr().err == ""
