"""What the environment says: variables that begin with ``LIFTWACHT_``."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from ingest.settings import DatabaseSettings, ProcessSettings


def _paths(value: Any) -> Any:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


class DiagnosticsSettings(DatabaseSettings):
    """For the running engine. The three paths are needed for an ``mqtts`` address."""

    mqtt_url: str = Field(
        default="mqtts://localhost:8883", description="broker, as mqtts://host:port or mqtt://"
    )
    mqtt_protocol: Literal["5", "3.1.1"] = Field(default="5", description="version of MQTT")
    mqtt_ca: Path | None = Field(default=None, description="certificate of the authority")
    mqtt_cert: Path | None = Field(default=None, description="our certificate")
    mqtt_key: Path | None = Field(default=None, description="our key")
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="of the desk, as people reach it: for links"
    )
    event_source: str = Field(
        default="urn:nld:liftwacht",
        pattern=r"^urn:nld:",
        description="of CloudEvents, as urn:nld:kvknr:12345678.liftwacht",
    )
    smtp_url: str | None = Field(
        default=None, description="mail server, as smtps://user@host or smtp+starttls://user@host"
    )
    smtp_password_file: Path | None = Field(default=None, description="holds its password")
    mail_from: str = Field(default="liftwacht@localhost", description="the sender of mails")
    push_key: Path | None = Field(default=None, description="VAPID key of web push, a PEM file")
    secret_keys: Path | None = Field(
        default=None, description="keys that open secrets in the database, a file with one a line"
    )
    watchdog_url: str | None = Field(
        default=None, description="called each minute while all is well, so that silence pages"
    )
    self_test_every_s: float | None = Field(
        default=None, gt=0, description="how often the test lift calls; unset: it does not"
    )
    disks: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_paths)] = Field(
        default=(), description="paths on disks whose space is watched, separated by commas"
    )
    certificates: Path | None = Field(
        default=None,
        description="folder of certificates whose end is watched; unset: only our own",
    )


class SelfTestSettings(ProcessSettings):
    """For the test lift, which knows of no database."""

    mqtt_url: str = Field(
        default="mqtts://localhost:8883", description="broker, as mqtts://host:port or mqtt://"
    )
    mqtt_protocol: Literal["5", "3.1.1"] = Field(default="5", description="version of MQTT")
    mqtt_ca: Path | None = Field(default=None, description="certificate of the authority")
    mqtt_cert: Path | None = Field(default=None, description="the test lift's certificate")
    mqtt_key: Path | None = Field(default=None, description="its key")
    self_test_every_s: float = Field(default=3600, gt=0, description="between two calls")
    self_test_state: Path | None = Field(default=None, description="folder: the modem's disk")
