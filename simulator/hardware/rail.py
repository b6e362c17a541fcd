"""The rail: straight or bent segments from the bottom landing to the top one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A piece of rail. ``incline_deg`` is against the horizontal; a bend turns in plan."""

    length_m: float
    incline_deg: float
    bend: bool = False

    def __post_init__(self) -> None:
        """Refuse what no rail can be. Raises ValueError."""
        if not self.length_m > 0:
            raise ValueError(f"a rail segment needs a length, not {self.length_m} m")
        if not 0 <= self.incline_deg <= 70:
            raise ValueError(f"a rail inclines 0 to 70 degrees, not {self.incline_deg}")


class Rail:
    """Segments in order, bottom first. Positions are metres along the rail, 0 at the bottom."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        if not segments:
            raise ValueError("a rail needs at least one segment")
        self._segments = tuple(segments)
        self.length_m = math.fsum(segment.length_m for segment in segments)

    @classmethod
    def straight(cls, length_m: float = 4.7, incline_deg: float = 38.0) -> "Rail":
        """Return a straight rail (defaults: 4.7 m is the standard size; incline assumed)."""
        return cls([Segment(length_m=length_m, incline_deg=incline_deg)])

    def segment_at(self, position_m: float) -> Segment:
        """Return the segment under ``position_m``; beyond the ends, the one at that end."""
        for segment in self._segments[:-1]:
            if position_m < segment.length_m:
                return segment
            position_m -= segment.length_m
        return self._segments[-1]

    def height_m(self, position_m: float) -> float:
        """Return the height above the bottom landing."""
        height = 0.0
        for segment in self._segments:
            piece = min(position_m, segment.length_m)
            height += piece * math.sin(math.radians(segment.incline_deg))
            position_m -= piece
            if position_m <= 0:
                break
        return height
