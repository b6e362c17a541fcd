"""What the environment tells this process."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.accounts.lives import Life, Lives
from api.accounts.roles import Role
from ingest.settings import ProcessSettings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return {part.strip().lower() for part in value.split(",") if part.strip()}
    return value


class AccountSettings(BaseSettings):
    """How people come in, and for how long. ``oidc_file``: identity providers.

    ``session_road_lasts`` and ``session_road_idle`` are a mechanic's, who is on the road all day.
    ``secret_keys``: keys that seal secrets in the database, a file with one a line.
    """

    model_config = SettingsConfigDict(env_prefix="LIFTWACHT_")

    session_lasts: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=30))] = timedelta(
        hours=16
    )
    session_idle: Annotated[timedelta, Field(gt=timedelta(minutes=1))] = timedelta(hours=1)
    session_road_lasts: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=30))] = (
        timedelta(days=7)
    )
    session_road_idle: Annotated[timedelta, Field(gt=timedelta(minutes=1))] = timedelta(hours=16)
    second_factor_roles: Annotated[frozenset[Role], NoDecode, BeforeValidator(_listed)] = frozenset(
        {Role.ADMINISTRATOR, Role.MANAGER}
    )
    oidc_file: Path | None = None
    secret_keys: Path | None = None

    @property
    def lives(self) -> Lives:
        """How long sessions last."""
        return Lives(
            usual=Life(self.session_lasts, self.session_idle),
            road=Life(self.session_road_lasts, self.session_road_idle),
        )


class Settings(AccountSettings, ProcessSettings):
    """Environment variables with the prefix ``LIFTWACHT_``; lists are separated by commas.

    ``allowed_hosts``: names under which browsers may reach us, beside loopback.
    ``grafana_url``: of dashboards, as people reach them: pages link to them.
    ``public_url``: under which people reach us, for what is printed; else as the request says.
    ``service_phone``: where a defect is reported, day and night.
    ``token_keys``: RSA keys that sign access tokens, a PEM file; the first signs, all are believed.
    ``security_contact``: whom to tell of a weakness; ``mailto:…`` or ``https://…``.
    ``trusted_proxies``: who may say, in X-Forwarded-For and -Proto, where a request comes from.
    """

    model_config = SettingsConfigDict(env_prefix="LIFTWACHT_")

    database_url: str
    listen_host: str = "127.0.0.1"
    listen_port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    allowed_hosts: Annotated[frozenset[str], NoDecode, BeforeValidator(_listed)] = frozenset()
    trusted_proxies: Annotated[frozenset[str], NoDecode, BeforeValidator(_listed)] = frozenset(
        {"127.0.0.1", "::1"}
    )
    grafana_url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    public_url: str | None = None
    service_phone: Annotated[str, Field(max_length=40)] = ""
    token_keys: Path | None = None
    push_key: Path | None = None  # VAPID key of web push, a PEM file
    security_contact: Annotated[str, Field(pattern=r"^(mailto:|https://)\S+$")] | None = None
    pool_size: Annotated[int, Field(ge=1, le=100)] = 8
