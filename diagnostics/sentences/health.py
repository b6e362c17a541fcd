"""Why an aid needs maintenance."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {}
