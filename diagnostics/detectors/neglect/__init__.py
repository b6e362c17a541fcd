"""Neglected: several signs, or one for very long, that nobody looks after it.

See docs/detectors/neglect.md. ``parameters`` are the numbers, ``memory`` is what is remembered of a
day, ``detector`` is the whole as the contract wants it.
"""

from diagnostics.detectors.neglect.detector import Neglect

__all__ = ["Neglect"]
