"""What counts as improper use: the list of requirement 61, and what falls under it. Pure data.

The Dutch wording is the requirement's own. Normal wear is expressly excluded there: it is no item,
but a reason to reject a signal.
"""

from enum import StrEnum
from typing import Final


class Item(StrEnum):
    """An item of the list."""

    NO_USE = "no_use"
    OTHER_USER = "other_user"
    OTHER_PURPOSE = "other_purpose"
    OUTSIDE_SPECIFICATION = "outside_specification"
    BASIC_CARE = "basic_care"
    UNAUTHORISED_CHANGE = "unauthorised_change"
    NEGLECT = "neglect"
    LOSS = "loss"


WORDING: Final[dict[Item, str]] = {
    Item.NO_USE: "het niet of niet adequaat gebruik van een hulpmiddel",
    Item.OTHER_USER: (
        "(mede)gebruik van het hulpmiddel door een ander dan de geïndiceerde cliënt, tenzij de"
        " gemeente daarvoor toestemming heeft verleend"
    ),
    Item.OTHER_PURPOSE: "gebruik voor een ander doel dan waarvoor het hulpmiddel is verstrekt",
    Item.OUTSIDE_SPECIFICATION: (
        "gebruik buiten de technische specificaties of gebruiksaanwijzing"
    ),
    Item.BASIC_CARE: (
        "het nalaten van door de cliënt te verrichten basishandelingen, zoals het opladen van de"
        " accu of het stallen van het hulpmiddel op een beschutte locatie"
    ),
    Item.UNAUTHORISED_CHANGE: (
        "het zonder toestemming (laten) uitvoeren van aanpassingen of reparaties (door derden),"
        " waaronder mede wordt verstaan bestickering/beplakken van het hulpmiddel"
    ),
    Item.NEGLECT: (
        "schade als gevolg van aantoonbare verwaarlozing of ernstige onzorgvuldigheid en/of"
        " nalatigheid (bijvoorbeeld brandvlekken etc.)"
    ),
    Item.LOSS: (
        "schade als gevolg van verlies of ontvreemding van het hulpmiddel, waaronder begrepen"
        " verkoop of verhuur, waarbij de cliënt onzorgvuldig heeft gehandeld, zoals onder meer doch"
        " niet uitsluitend door het hulpmiddel niet te vergrendelen of onbeheerd achter te laten"
    ),
}
WEAR_EXCLUDED: Final = (
    "Normale slijtage als gevolg van regulier gebruik door de cliënt valt uitdrukkelijk buiten deze"
    " definitie."
)

# Kinds that nobody can choose to receive without a review: in the newest verdict that is kept
# (docs/evaluation), or in the one before, they accused somebody who only looked like it, or were
# wrong more often than three times in a hundred. ``tests/unit/api/test_algorithms.py`` compares.
REVIEWED_FIRST: Final = frozenset(
    {"goods_transport", "other_person", "overload", "play", "unsheltered", "unused"}
)

# What detectors find, by the words of their catalogue, to the item that it usually falls under.
FOUND: Final[dict[str, Item]] = {
    "other_person": Item.OTHER_USER,
    "goods_transport": Item.OTHER_PURPOSE,
    "play": Item.OTHER_PURPOSE,
    "overload": Item.OUTSIDE_SPECIFICATION,
    "duty_cycle": Item.OUTSIDE_SPECIFICATION,
    "too_steep": Item.OUTSIDE_SPECIFICATION,
    "too_fast": Item.OUTSIDE_SPECIFICATION,
    "not_charged": Item.BASIC_CARE,
    "unsheltered": Item.BASIC_CARE,
    "modified": Item.UNAUTHORISED_CHANGE,
    "neglected": Item.NEGLECT,
    "lost": Item.LOSS,
    "unused": Item.NO_USE,
}
# What only people see.
SEEN: Final[dict[str, Item]] = {
    "other_purpose": Item.OTHER_PURPOSE,
    "against_instructions": Item.OUTSIDE_SPECIFICATION,
    "damaged": Item.NEGLECT,
}
KINDS: Final[dict[str, Item]] = FOUND | SEEN
