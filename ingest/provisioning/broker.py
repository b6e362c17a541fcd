"""The broker's configuration, from the template in ``deploy/mosquitto``."""

import os
import pwd
from pathlib import Path
from string import Template
from typing import Final

# Deployment files stand beside the packages, and are not part of them.
DEFAULT_DIRECTORY: Final = Path(__file__).resolve().parents[2] / "deploy" / "mosquitto"


def render_configuration(
    *,
    port: int,
    certificates: Path,
    data: Path,
    bind_address: str = "127.0.0.1",
    directory: Path = DEFAULT_DIRECTORY,
) -> str:
    """Return mosquitto's configuration.

    Args:
        port: where it listens, with TLS.
        certificates: the folder with ``ca.crt``, ``broker.crt`` and ``broker.key``.
        data: the folder for its own state.
        bind_address: on which address it listens.
        directory: the folder with ``mosquitto.conf.in`` and ``acl``.

    Raises:
        OSError: the template cannot be read.
    """
    template = Template((directory / "mosquitto.conf.in").read_text(encoding="utf-8"))
    return template.substitute(
        port=port,
        bind_address=bind_address,
        certificates=certificates.resolve(),
        data=data.resolve(),
        acl=directory.resolve() / "acl",
        # Started as root, mosquitto would change to a user who cannot read these folders.
        user=pwd.getpwuid(os.geteuid()).pw_name,
    )
