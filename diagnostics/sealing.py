"""Secrets of others, sealed in the database with a key that is not in it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_MARK: Final = "sealed:"


class UnreadableSecretError(Exception):
    """It was sealed with a key that is not among ours."""


class Keyring:
    """Seals with the first of its keys, opens with any; without keys secrets stand in the clear.

    What is in the clear, from before there was a key, is opened as it is.
    """

    def __init__(self, keys: Iterable[str] = ()) -> None:
        fernets = [Fernet(key) for key in keys]
        self._keys = MultiFernet(fernets) if fernets else None

    @property
    def seals(self) -> bool:
        """Whether there is a key to seal with."""
        return self._keys is not None

    def seal(self, secret: str) -> str:
        """Return ``secret`` as it is stored."""
        if self._keys is None:
            return secret
        return _MARK + self._keys.encrypt(secret.encode()).decode()

    def open(self, stored: str) -> str:
        """Return the secret of what is stored.

        Raises:
            UnreadableSecretError: none of our keys opens it.
        """
        if not stored.startswith(_MARK):
            return stored
        if self._keys is None:
            raise UnreadableSecretError("a secret is sealed, and LIFTWACHT_SECRET_KEYS is not set")
        try:
            return self._keys.decrypt(stored.removeprefix(_MARK).encode()).decode()
        except InvalidToken as error:
            raise UnreadableSecretError("a secret is sealed with a key that we lack") from error


def keyring(file: Path | None) -> Keyring:
    """Return the keys of a file, one a line, the one that seals first; none without a file.

    Raises:
        ValueError: it cannot be read, or holds no key; says what is wrong, and no key.
    """
    if file is None:
        return Keyring()
    try:
        lines = file.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"LIFTWACHT_SECRET_KEYS: {error}") from error
    try:
        found = Keyring(lines)
    except ValueError:
        raise ValueError(
            f"LIFTWACHT_SECRET_KEYS: {file}: a line is no key (32 bytes in URL-safe base64)"
        ) from None
    if not found.seals:
        raise ValueError(f"LIFTWACHT_SECRET_KEYS: {file}: no key")
    return found


def new_key() -> str:
    """Return a new key, as a line of the file."""
    return Fernet.generate_key().decode()
