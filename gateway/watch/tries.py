"""Somebody holds a control, again and again, and the aid does not move."""

from typing import Final

from msgspec import Struct

# Readings are never farther apart while a control is held; a gap is no holding.
_LONGEST_STEP_MS: Final = 1_000


class Tries(Struct):
    """The tries of one standstill.

    Attributes:
        first_ms: when the first began; None: there was none.
        last_ms: when the control was last held.
        held_ms: for how long it was held in all.
        refused: the controller said of one that it refuses.
    """

    first_ms: int | None = None
    last_ms: int = 0
    held_ms: int = 0
    refused: bool = False
    holding: bool = False
    noted_ms: int = 0

    def note(self, now_ms: int, *, holding: bool, refused: bool) -> None:
        """Take note of whether the control is held."""
        if holding:
            if self.first_ms is None:
                self.first_ms = now_ms
            elif self.holding:
                self.held_ms += min(now_ms - self.noted_ms, _LONGEST_STEP_MS)
            self.last_ms = now_ms
            self.refused = self.refused or refused
        self.holding = holding
        self.noted_ms = now_ms
