"""Who makes and signs packages."""

import zipfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ingest.packages.signing import Signed, build, sign


class Maker:
    """Has the key that signs, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.key = folder / "packages.key"
        self.public = folder / "packages.pub"
        private = Ed25519PrivateKey.generate()
        self.key.write_bytes(
            private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        self.public.write_bytes(
            private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )

    def package(self, version: str, main: str | None = None) -> tuple[Path, Signed]:
        """Return the gateway as it is, or with another ``__main__``, signed."""
        path = self._folder / f"gateway-{version}.zip"
        if main is None:
            build(path)
        else:
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("gateway/__init__.py", "")
                archive.writestr("gateway/__main__.py", main)
        return path, sign(path, version, self.key)
