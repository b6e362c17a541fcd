"""What the environment says of Grafana: variables that begin with ``LIFTWACHT_``."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class GrafanaSettings(BaseSettings):
    """Where Grafana is, and how it reaches the database: always as a role that only reads views."""

    model_config = SettingsConfigDict(env_prefix="LIFTWACHT_")

    grafana_url: str = Field(
        default="http://127.0.0.1:3000", pattern=r"^https?://", description="address of Grafana"
    )
    grafana_token_file: Path | None = Field(
        default=None, description="holds a token of a service account that may edit"
    )
    grafana_database_host: str = Field(
        default="127.0.0.1:5432", description="the database as Grafana reaches it"
    )
    grafana_database_name: str = Field(default="liftwacht", description="its name")
    grafana_database_user: str = Field(default="liftwacht_grafana", description="the role")
    grafana_database_tls: Literal["disable", "require", "verify-full"] = Field(
        default="verify-full", description="how sure Grafana wants to be of the database"
    )
    grafana_database_password_file: Path | None = Field(
        default=None, description="holds the role's password; unset: none is set"
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="of the desk, as people reach it: for links"
    )
    grafana_alarm_to: str | None = Field(
        default=None,
        description="mail addresses that alarms go to, with ; between; unset: Grafana's own",
    )
    runbook_url: str = Field(
        default="https://example.invalid/liftwacht/docs/runbook",
        description="where people find docs/runbook: for links in alarms",
    )

    @property
    def token(self) -> str | None:
        """What opens Grafana.

        Raises:
            OSError: the file cannot be read.
        """
        return _read(self.grafana_token_file)

    @property
    def database_password(self) -> str | None:
        """What opens the database to Grafana.

        Raises:
            OSError: the file cannot be read.
        """
        return _read(self.grafana_database_password_file)


def _read(file: Path | None) -> str | None:
    return None if file is None else file.read_text(encoding="utf-8").strip()
