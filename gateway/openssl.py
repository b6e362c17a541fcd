"""The ``openssl`` command, and files that must be on the disk itself.

A Linux modem has the command beside the library that Python's TLS stands on: a Python library for
keys and signatures would weigh more than the whole gateway.
"""

import os
import subprocess
from pathlib import Path
from typing import Final

TIMEOUT_S: Final = 30


class OpensslError(Exception):
    """The command is not there, or fails. The text never has a key in it."""


def openssl(*arguments: str, stdin: bytes = b"") -> bytes:
    """Run the command; return what it prints.

    Raises:
        OpensslError: it cannot be run, or says no.
    """
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; nothing of it comes from outside
            ["openssl", *arguments],  # noqa: S607 - the system's
            input=stdin,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OpensslError(f"openssl {arguments[0]}: {type(error).__name__}") from error
    if done.returncode != 0:
        complaint = done.stderr.decode(errors="replace").strip().splitlines()
        raise OpensslError(f"openssl {arguments[0]}: {complaint[-1] if complaint else 'failed'}")
    return done.stdout


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, to the disk itself."""
    path.unlink(missing_ok=True)  # else it would keep the rights that it has
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Have the names in ``folder`` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
