"""What the environment says: variables that begin with ``LIFTWACHT_``."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.logs import Form


def problems(error: ValidationError) -> list[str]:
    """Return what is wrong with the environment, variable by variable."""
    return [
        f"LIFTWACHT_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
        for problem in error.errors()
    ]


def _unset(value: Any) -> Any:
    return value or None  # a composition sets what it has no value for to nothing


class ProcessSettings(BaseSettings):
    """How a process tells what it does (docs/observability.md)."""

    model_config = SettingsConfigDict(env_prefix="LIFTWACHT_")

    log_level: str = Field(default="INFO", description="the least level that is logged")
    log_format: Form = Field(
        default="auto", description="auto (text for a terminal, else JSON), json or text"
    )
    metrics_listen: Annotated[str | None, BeforeValidator(_unset)] = Field(
        default=None,
        pattern=r"^\S*:\d+$",
        description="where /metrics is answered, as 127.0.0.1:9101; unset: nowhere",
    )
    otlp_endpoint: Annotated[str | None, BeforeValidator(_unset)] = Field(
        default=None,
        pattern=r"^https?://",
        description="collector of traces, by OTLP over HTTP, as http://collector:4318; unset: none",
    )


class DatabaseSettings(ProcessSettings):
    """For commands that need the database alone."""

    # With an empty default, since the environment provides it; min_length refuses that default.
    database_url: str = Field(
        default="",
        min_length=1,
        validate_default=True,
        description="PostgreSQL, as postgresql://user@host/database",
    )


class IngestSettings(DatabaseSettings):
    """For the worker. The three paths are needed for an ``mqtts`` address."""

    mqtt_url: str = Field(
        default="mqtts://localhost:8883", description="broker, as mqtts://host:port or mqtt://"
    )
    mqtt_ca: Path | None = Field(default=None, description="certificate of the authority")
    mqtt_cert: Path | None = Field(default=None, description="our certificate")
    mqtt_key: Path | None = Field(default=None, description="our key")
    nats_url: Annotated[str | None, BeforeValidator(_unset)] = Field(
        default=None,
        pattern=r"^(nats|tls)://",
        description="JetStream, as tls://host:4222,tls://…; unset: straight from the broker",
    )
    nats_replicas: int = Field(
        default=3, ge=1, le=5, description="on how many nodes the bridge has each message kept"
    )


class RegistrarSettings(DatabaseSettings):
    """For the registrar, and for who founds its authority."""

    mqtt_url: str = Field(
        default="", description="the broker's listener for the platform; empty: none"
    )
    mqtt_ca: Path | None = Field(default=None, description="certificate of the authority")
    mqtt_cert: Path | None = Field(default=None, description="our certificate")
    mqtt_key: Path | None = Field(default=None, description="our key")
    authority_passphrase: Path | None = Field(
        default=None, description="file with what seals the authority's keys; none: in the clear"
    )

    def passphrase(self) -> bytes | None:
        """Return what seals the authority's keys.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is empty.
        """
        if self.authority_passphrase is None:
            return None
        found = self.authority_passphrase.read_bytes().strip()
        if not found:
            raise ValueError(f"{self.authority_passphrase} is empty")
        return found
