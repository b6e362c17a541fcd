"""The words of the indicators' drawings; translated through the catalogue like any text."""

from typing import Final


def _(text: str) -> str:
    """Mark for translation; translated where it is shown."""
    return text


ASKED: Final = _("target")
NOTHING: Final = _("no cases")
