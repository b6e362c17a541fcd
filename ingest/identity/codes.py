"""One-time codes, as they are printed and typed. Pure."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Final

# Crockford's base 32: no letter that looks like a digit, no vowels but A and E.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TYPED: Final = str.maketrans("OIL", "011", " -")
LENGTH: Final = 16  # of 5 bits each: nobody guesses 80
VALID_FOR: Final = timedelta(days=30)


def new_code(random_bits: Callable[[int], int]) -> str:
    """Return a code of four groups, made of ``random_bits(80)``."""
    bits = random_bits(5 * LENGTH)
    places = range(LENGTH - 1, -1, -1)
    letters = [_ALPHABET[bits >> 5 * place & 31] for place in places]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, LENGTH, 4))


def hash_of(code: str) -> bytes:
    """Return what we keep of a code, however it was typed.

    The code itself has 80 random bits: a plain hash cannot be searched.
    """
    return hashlib.sha256(code.upper().translate(_TYPED).encode()).digest()
