"""Times as scenarios write them: 250ms, 20s, 1.5m, 2h, 3d."""

import re
from typing import Annotated

from msgspec import Meta

_DURATION = r"^\d+(\.\d+)?(ms|s|m|h|d)$"
_UNIT_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

Duration = Annotated[
    str,
    Meta(pattern=_DURATION, description="A time such as 250ms, 20s, 1.5m, 2h or 3d."),
]


def duration_ms(text: str) -> int:
    """Return a ``Duration`` in milliseconds. Raises ValueError when it is none."""
    if not re.fullmatch(_DURATION, text):
        raise ValueError(f"not a duration such as 20s: {text!r}")
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()  # type: ignore[union-attr]
    return round(float(number) * _UNIT_MS[unit])


def written(ms: int) -> str:
    """Return ``ms`` as scenarios write it."""
    return f"{ms // 1000}s" if ms % 1000 == 0 else f"{ms}ms"
