"""What the broker reads about identities: the access list and the list of revoked certificates.

Both are written anew when the registry changes, each in one step, and the broker is told to read
them again (SIGHUP): nobody is disconnected by that. An access list with a paragraph for each device
would cost mosquitto seconds of standstill (28 s at 10,000 devices); so a pattern binds everybody to
their own topics, and only those are listed who may not even use these.
"""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from ingest.provisioning.broker import DEFAULT_DIRECTORY

ACL: Final = "acl"
CRL: Final = "crl.pem"


def access_list(denied: Iterable[str], *, directory: Path = DEFAULT_DIRECTORY) -> str:
    """Return the access list: the rules for all, and those who may do nothing.

    Raises:
        OSError: the rules cannot be read.
    """
    rules = (directory / "acl").read_text(encoding="utf-8")
    paragraphs = [f"user {name}\ntopic deny #\n" for name in denied]
    if not paragraphs:
        return rules
    return "\n".join([rules, "# Retired, or without a certificate that is good.", *paragraphs])


def write(folder: Path, name: str, content: bytes) -> bool:
    """Put a file in place in one step; False if it said so already."""
    path = folder / name
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return False
    fresh = folder / f".{name}.new"
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o644)
    fresh.replace(path)
    return True


def reload(pid_file: Path) -> bool:
    """Have the broker read its files again; False if it does not run."""
    try:
        os.kill(int(pid_file.read_text()), signal.SIGHUP)
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return False
    return True
