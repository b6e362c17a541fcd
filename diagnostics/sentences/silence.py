"""Why an aid that says nothing is worth a look."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {}
