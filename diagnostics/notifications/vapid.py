"""Our name before push services (VAPID, RFC 8292): a key of our own."""

import base64
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02, VapidException


def vapid(key: Path) -> Vapid02:
    """Read our key.

    Raises:
        ValueError: the file is not there, or is no such key.
    """
    try:
        return Vapid02.from_pem(key.read_bytes())
    except (OSError, VapidException, ValueError, IndexError) as error:
        raise ValueError(f"LIFTWACHT_PUSH_KEY: {key} is not a VAPID key in PEM: {error}") from error


def public_key(key: Path) -> str:
    """Return what a browser needs to subscribe to us.

    Raises:
        ValueError: the file is not there, or is no such key.
    """
    point = vapid(key).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
