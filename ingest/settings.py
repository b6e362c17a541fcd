"""What the environment says: variables that begin with ``LIFTWACHT_``."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


def problems(error: ValidationError) -> list[str]:
    """Return what is wrong with the environment, variable by variable."""
    return [
        f"LIFTWACHT_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
        for problem in error.errors()
    ]


class DatabaseSettings(BaseSettings):
    """For commands that need the database alone."""

    model_config = SettingsConfigDict(env_prefix="LIFTWACHT_")

    # With an empty default, since the environment provides it; min_length refuses that default.
    database_url: str = Field(
        default="",
        min_length=1,
        validate_default=True,
        description="PostgreSQL, as postgresql://user@host/database",
    )
    log_level: str = Field(default="INFO", description="the least level that is logged")


class IngestSettings(DatabaseSettings):
    """For the worker. The three paths are needed for an ``mqtts`` address."""

    mqtt_url: str = Field(
        default="mqtts://localhost:8883", description="broker, as mqtts://host:port or mqtt://"
    )
    mqtt_ca: Path | None = Field(default=None, description="certificate of the authority")
    mqtt_cert: Path | None = Field(default=None, description="our certificate")
    mqtt_key: Path | None = Field(default=None, description="our key")
