"""Settings: what is wrong is said at the start, and which one it is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from diagnostics.notifications.office import parts
from diagnostics.settings import DiagnosticsSettings


def settings(**changes: Any) -> DiagnosticsSettings:
    given: dict[str, Any] = {"database_url": "postgresql://", "mqtt_url": "mqtt://localhost"}
    return DiagnosticsSettings(**given | changes)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"smtp_url": "mail.example"}, "LIFTWACHT_SMTP_URL: 'mail.example' is not"),
        ({"smtp_url": "smtps://post@mail.example"}, "LIFTWACHT_SMTP_URL: post needs a password"),
        (
            {"smtp_url": "smtps://post@mail.example", "smtp_password_file": "nowhere"},
            "LIFTWACHT_SMTP_PASSWORD_FILE: .*nowhere",
        ),
        ({"push_key": "nowhere.pem"}, "LIFTWACHT_PUSH_KEY: nowhere.pem is not"),
    ],
)
def test_a_wrong_setting_is_named(changes: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        parts(settings(**changes), now=lambda: datetime.now(UTC))


def test_the_source_of_events_keeps_to_the_profile() -> None:
    with pytest.raises(ValidationError, match="event_source"):
        settings(event_source="liftwacht")


def test_with_everything_set_everything_runs(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("geheim\n")
    mail = {"smtp_url": "smtps://post@mail.example", "smtp_password_file": password}
    running = parts(settings(**mail), now=lambda: datetime.now(UTC))
    # The bell, the distributor, the link tests, and a dispatcher for each channel.
    assert len(running) == 9
