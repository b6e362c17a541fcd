"""What the portal calls things; translated through the catalogue like any text."""

from typing import Final


def _(text: str) -> str:
    """Mark for translation; translated where it is shown."""
    return text


PLACES: Final = {
    "overview": _("Open actions"),
}
ALL: Final = {
    "place_of_portal": PLACES,
}
