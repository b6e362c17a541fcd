"""What the environment says: variables that begin with ``LIFTWACHT_``."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from ingest.settings import DatabaseSettings


class DiagnosticsSettings(DatabaseSettings):
    """For the running engine. The three paths are needed for an ``mqtts`` address."""

    mqtt_url: str = Field(
        default="mqtts://localhost:8883", description="broker, as mqtts://host:port or mqtt://"
    )
    mqtt_protocol: Literal["5", "3.1.1"] = Field(default="5", description="version of MQTT")
    mqtt_ca: Path | None = Field(default=None, description="certificate of the authority")
    mqtt_cert: Path | None = Field(default=None, description="our certificate")
    mqtt_key: Path | None = Field(default=None, description="our key")
    webhook_url: str | None = Field(default=None, description="receiver of CloudEvents")
