"""What the environment tells this process."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _loopback(host: str) -> str:
    if host not in LOOPBACK:
        raise ValueError(
            f"{host!r} is not this machine alone ({', '.join(sorted(LOOPBACK))}):"
            " there are no accounts yet, so nobody else may reach the desk"
        )
    return host


class Settings(BaseSettings):
    """Environment variables with the prefix ``LIFTWACHT_``."""

    model_config = SettingsConfigDict(env_prefix="LIFTWACHT_")

    database_url: str
    listen_host: Annotated[str, AfterValidator(_loopback)] = "127.0.0.1"
    listen_port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    log_level: str = "INFO"
    pool_size: Annotated[int, Field(ge=1, le=100)] = 8
