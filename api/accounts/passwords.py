"""Passwords: hashed with argon2id, checked outside of the event loop, long rather than odd."""

import asyncio
import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12
LONGEST: Final = 128  # a hash of a novel costs as much as we allow
_AT_ONCE = 2  # each takes 64 MiB and some 50 ms of a processor
# No 0/O, 1/l: it is read from paper and typed once.
ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"


class WeakPasswordError(ValueError):
    """Not good enough for a password."""


class Passwords:
    """Hashes and checks, a few at once."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """Return the hash to keep."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Tell whether it is that password. Takes as long if there is none (``hashed`` is None)."""
        async with self._turn:
            return await asyncio.to_thread(self._matches, password, hashed)

    def _matches(self, password: str, hashed: str | None) -> bool:
        known = hashed is not None
        try:
            return self._hasher.verify(hashed or _nobodys(self._hasher), password) and known
        except (VerificationError, InvalidHashError):
            return False

    def is_dated(self, hashed: str) -> bool:
        """Tell whether a hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)


def generate() -> str:
    """Return a new password: 100 random bits in groups of five letters."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def check(password: str, *, login: str) -> None:
    """Refuse what is too short, too long, or easily guessed by who knows the login.

    Raises:
        WeakPasswordError: says what is wrong.
    """
    if len(password) < SHORTEST:
        raise WeakPasswordError(f"a password has at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise WeakPasswordError(f"a password has at most {LONGEST} characters")
    if len(set(password)) < 5 or login in password.lower() or "liftwacht" in password.lower():
        raise WeakPasswordError("the password is too easy to guess")


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash(generate())
