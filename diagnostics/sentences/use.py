"""Why the use of an aid may not be proper, and what else could explain it."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {}
