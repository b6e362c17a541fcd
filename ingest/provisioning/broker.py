"""The broker's configuration, from the template in ``mosquitto`` beside this file."""

import os
import pwd
from pathlib import Path
from string import Template
from typing import Final

DEFAULT_DIRECTORY: Final = Path(__file__).resolve().with_name("mosquitto")


def render_configuration(
    *,
    port: int,
    platform_port: int,
    certificates: Path,
    data: Path,
    bind_address: str = "127.0.0.1",
    platform_address: str = "127.0.0.1",
    lists: Path | None = None,
    directory: Path = DEFAULT_DIRECTORY,
) -> str:
    """Return mosquitto's configuration.

    Args:
        port: where it listens for devices, with TLS.
        platform_port: where it listens for our own processes.
        certificates: the folder with ``ca.crt``, ``broker.crt`` and ``broker.key``.
        data: the folder for its own state.
        bind_address: on which address it listens for devices.
        platform_address: on which for our own processes.
        lists: the folder with ``acl`` and ``crl.pem``, as ``ingest.identity`` writes them; None:
            that of the certificates.
        directory: the folder with ``mosquitto.conf.in``.

    Raises:
        OSError: the template cannot be read.
    """
    template = Template((directory / "mosquitto.conf.in").read_text(encoding="utf-8"))
    return template.substitute(
        port=port,
        platform_port=platform_port,
        bind_address=bind_address,
        platform_address=platform_address,
        certificates=certificates.resolve(),
        data=data.resolve(),
        lists=(lists or certificates).resolve(),
        # Started as root, mosquitto would change to a user who cannot read these folders.
        user=pwd.getpwuid(os.geteuid()).pw_name,
    )
