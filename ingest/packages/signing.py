"""Makes packages, signs them, checks who did. The key that signs never comes to the platform."""

import zipfile
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from msgspec import Struct

import gateway
from gateway.package import Statement, missing_in, number_of, statement_of

# The same content is the same package, whenever and wherever it was made.
_WHEN: Final = (2020, 1, 1, 0, 0, 0)


class Signed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What lies beside a package: the statement about it, and the signature."""

    version: str
    size: int
    sha256: str
    signature: bytes

    @property
    def statement(self) -> Statement:
        """What is signed."""
        return Statement(self.version, self.size, self.sha256)


def signed_file(package: Path) -> Path:
    """Return where the signature of a package is."""
    return package.with_name(package.name + ".signed")


def build(target: Path, source: Path | None = None) -> None:
    """Make a package of the modem's programme.

    Args:
        target: the file.
        source: the folder ``gateway``; None: the one that is installed here.

    Raises:
        OSError: something cannot be read or written.
    """
    source = source or Path(gateway.__file__).parent
    files = sorted(
        path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            name = f"gateway/{path.relative_to(source).as_posix()}"
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def sign(package: Path, version: str, key: Path) -> Signed:
    """Sign a package with a private key (Ed25519, PEM), and put the signature beside it.

    Raises:
        OSError: a file cannot be read or written.
        ValueError: it is no package, no version, or no such key.
    """
    with zipfile.ZipFile(package) as archive:
        if missing := missing_in(archive):
            raise ValueError(f"{package}: no {missing} in it")
    if len(number_of(version)) != 3:
        raise ValueError(f"{version!r} is no version of three numbers")
    private = load_pem_private_key(key.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError(f"{key}: not an Ed25519 key")  # noqa: TRY004 - of a file, not of a type
    statement = statement_of(version, package)
    found = Signed(
        version=version,
        size=statement.size,
        sha256=statement.sha256,
        signature=private.sign(statement.text),
    )
    signed_file(package).write_bytes(msgspec.json.encode(found) + b"\n")
    return found


def verify(package: Path, key: Path) -> Signed:
    """Return what was signed, if it is this package, by the holder of this public key.

    Raises:
        OSError: a file cannot be read.
        ValueError: it is another package, or somebody else signed it.
    """
    found = msgspec.json.decode(signed_file(package).read_bytes(), type=Signed)
    public = load_pem_public_key(key.read_bytes())
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError(f"{key}: not an Ed25519 key")  # noqa: TRY004 - of a file, not of a type
    if statement_of(found.version, package) != found.statement:
        raise ValueError(f"{package} is not what was signed")
    try:
        public.verify(found.signature, found.statement.text)
    except InvalidSignature:
        raise ValueError(f"{package}: signed by somebody else") from None
    return found
