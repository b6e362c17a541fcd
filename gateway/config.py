"""The configuration file of one modem (TOML).

Only ``device``, ``controller``, ``outbox`` and ``link`` are needed; file names are relative to the
file's own folder::

    device = "sl-000001"
    controller = "tcp://127.0.0.1:7000"      # or another bus, see gateway.adapters.choice
    outbox = "outbox.db"

    [link]
    host = "mqtt.example.nl"
    port = 8883
    [link.tls]
    ca = "ca.crt"
    certificate = "identity.pem"              # with its key; or a file each: key = "…"

    [update]                                  # only for a modem under liftwacht-launcher
    folder = "programmes"
    key = "packages.pub"                      # what packages must be signed with

    [watch]
    kind = "stairlift"                        # or scooter, wheelchair, hoist
    [watch.ride]
    rail_length_mm = 4700
    [watch.emergency]                         # gateway.watch.settings has them all
    stopped_ms = 30000
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, structs

from gateway.dispatch import DispatchSettings
from gateway.link import LinkSettings
from gateway.protocol.codec import Encoding
from gateway.protocol.messages import DeviceName
from gateway.trial import TrialSettings
from gateway.watch import WatchSettings


class ConfigError(Exception):
    """The configuration cannot be used. The text says what is wrong and where."""


class OutboxSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The bounds of the store on disk."""

    max_rows: int = 20_000
    max_bytes: int = 8 * 1024 * 1024


class UpdateSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the modem replaces its own programme.

    Attributes:
        folder: for programmes.
        key: the public key (Ed25519, PEM) that packages must be signed with.
        silent_s: a programme that shows no sign of life for so long is ended.
    """

    folder: Path
    key: Path
    silent_s: Annotated[float, Meta(ge=5)] = 60


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that differs from modem to modem.

    ``renewal_check_s``: how often it is looked how old the certificate is.
    """

    device: DeviceName
    controller: str
    outbox: Path
    link: LinkSettings
    firmware: str = ""
    encoding: Encoding = Encoding.MSGPACK
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    watch: WatchSettings = WatchSettings()
    dispatch: DispatchSettings = DispatchSettings()
    bounds: OutboxSettings = OutboxSettings()
    renewal_check_s: Annotated[int, Meta(ge=1)] = 6 * 3_600
    update: UpdateSettings | None = None
    trial: TrialSettings = TrialSettings()


def load(path: Path) -> Config:
    """Read and check the file at ``path``.

    Raises:
        ConfigError: it cannot be read, is not TOML, or says something wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        config = msgspec.convert(content, Config, dec_hook=_path)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: {error}") from error
    folder = path.resolve().parent
    link = config.link
    if link.tls is not None:
        tls = structs.replace(
            link.tls,
            ca=folder / link.tls.ca,
            certificate=folder / link.tls.certificate,
            key=None if link.tls.key is None else folder / link.tls.key,
        )
        link = structs.replace(link, tls=tls)
    update = config.update
    if update is not None:
        update = structs.replace(update, folder=folder / update.folder, key=folder / update.key)
    return structs.replace(config, outbox=folder / config.outbox, link=link, update=update)


def _path(type_: type, value: object) -> object:
    if type_ in (Path, Path | None) and isinstance(value, str):
        return Path(value)
    raise ValueError(f"{value!r} is not a {type_.__name__}")
