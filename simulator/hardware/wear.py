"""Wear of rail, rollers and gear: how much stiffer each place on the way has become."""

from collections.abc import Sequence

PLACES = 24


class Wear:
    """Friction gained, for each of ``PLACES`` equal parts of the rail; 0 is as new.

    Attributes:
        general: friction gained everywhere: worn rollers, a dry gear.
        brushes: how much more current the motor needs for the same work.
    """

    def __init__(
        self, places: Sequence[float] | None = None, *, general: float = 0.0, brushes: float = 0.0
    ) -> None:
        self.places = [0.0] * PLACES if places is None else list(places)
        if len(self.places) != PLACES:
            raise ValueError(f"wear is given for {PLACES} places, not {len(self.places)}")
        self.general = general
        self.brushes = brushes

    def factor(self, part: float) -> float:
        """Return by what the friction is multiplied at ``part`` (0 to 1) of the rail."""
        return 1 + self.general + self.places[self._index(part)]

    def travel(self, part: float, distance_m: float, *, per_km: float) -> None:
        """Wear the rail by ``distance_m`` travelled at ``part`` of it."""
        self.places[self._index(part)] += per_km * abs(distance_m) / 1000

    def dent(self, part: float, gained: float) -> None:
        """Make one place stiffer: dirt on the rail, a joint that has moved."""
        self.places[self._index(part)] += gained

    def _index(self, part: float) -> int:
        index = int(part * PLACES)
        return index if 0 <= index < PLACES else min(PLACES - 1, max(0, index))
