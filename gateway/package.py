"""A signed package: the next programme of the modem itself.

A package is a zip file with the folder ``gateway`` and whatever else that needs beside it. What is
signed is not the package but a short statement about it, so that a forged order is refused before
anything is fetched, and nothing is unpacked that is not, byte for byte, what was signed.
"""

import hashlib
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from gateway.openssl import OpensslError, openssl
from gateway.protocol.vocabulary import Refusal

# Without the first, Python would take the programme that is installed elsewhere.
NEEDED: Final = ("gateway/__init__.py", "gateway/__main__.py")
MAX_UNPACKED_BYTES: Final = 256 * 1024 * 1024
_BLOCK: Final = 64 * 1024


class PackageError(Exception):
    """The package is not to be used."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal}: {detail}" if detail else str(refusal))


class Statement(Struct, frozen=True):
    """What is said of a package, and signed.

    Attributes:
        version: three numbers.
        size: bytes.
        sha256: in lower case.
    """

    version: str
    size: int
    sha256: str

    @property
    def text(self) -> bytes:
        """What the signature is made over; the first line keeps it from meaning anything else."""
        lines = (
            "liftwacht gateway package 1",
            f"version {self.version}",
            f"size {self.size}",
            f"sha256 {self.sha256}",
        )
        return "".join(f"{line}\n" for line in lines).encode("ascii")


def number_of(version: str) -> tuple[int, ...]:
    """Return what versions are compared by; whatever is no version comes before all."""
    try:
        return tuple(int(part) for part in version.split("."))
    except ValueError:
        return ()


def check_signature(statement: Statement, signature: bytes, key: Path) -> None:
    """Check who made a statement.

    Args:
        statement: of a package.
        signature: Ed25519, 64 bytes.
        key: the public key, a PEM file.

    Raises:
        PackageError: somebody else, or it cannot be told.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="liftwacht-") as folder:
            text, signed = Path(folder, "statement"), Path(folder, "signature")
            text.write_bytes(statement.text)
            signed.write_bytes(signature)
            openssl(
                *("pkeyutl", "-verify", "-pubin", "-inkey", str(key), "-rawin"),
                *("-in", str(text), "-sigfile", str(signed)),
            )
    except (OpensslError, OSError) as error:
        raise PackageError(Refusal.SIGNATURE, str(error)) from error


def statement_of(version: str, package: Path) -> Statement:
    """Return what is true of a file.

    Raises:
        OSError: it cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    with package.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return Statement(version, size, digest.hexdigest())


def missing_in(archive: zipfile.ZipFile) -> str:
    """Return what a package must have and this has not; "" if it has all."""
    return next((name for name in NEEDED if name not in archive.namelist()), "")


def unpack(package: Path, folder: Path) -> None:
    """Unpack into ``folder``, which is there and empty.

    Raises:
        PackageError: it is no package, or would write elsewhere.
        OSError: the disk cannot be written.
    """
    try:
        with zipfile.ZipFile(package) as archive:
            if missing := missing_in(archive):
                raise PackageError(Refusal.ARCHIVE, f"no {missing}")
            if sum(each.file_size for each in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise PackageError(Refusal.ARCHIVE, "too large")
            for name in archive.namelist():
                path = PurePosixPath(name)
                if path.is_absolute() or ".." in path.parts or "\\" in name:
                    raise PackageError(Refusal.ARCHIVE, f"{name!r} leads elsewhere")
            archive.extractall(folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise PackageError(Refusal.ARCHIVE, str(error)) from error
