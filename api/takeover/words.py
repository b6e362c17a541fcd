"""What may be wrong with a row of their list; translated through the catalogue like any text."""

from typing import Final


def _(text: str) -> str:
    """Mark for translation; translated where it is shown."""
    return text


FAULTS: Final = {
    "empty": _("is empty, and must not be"),
    "too_long": _("is too long"),
    "no_name": _("gives no identification number that can be used"),
    "not_then": _("is a day that cannot be: before 1980, or in the future"),
    "no_date": _("is no date as the mapping writes them"),
    "no_number": _("is no number"),
    "impossible": _("cannot be"),
    "odd_number": _("is unusual: is it meant?"),
    "unknown_kind": _("is no kind of aid that the mapping knows"),
    "no_postcode": _("is no postcode"),
    "no_client": _("is no client number: capitals, digits and hyphens"),
    "twice": _("stands in the list twice"),
    "elsewhere": _("is known here already, in another municipality or under another number"),
    "other_client": _("is a client of another municipality here"),
}
LISTS: Final = {
    "no_excel": _("This is no Excel file (.xlsx)"),
    "bad_mapping": _("The mapping cannot be used"),
    "no_sheet": _("There is no sheet of the name that the mapping gives"),
    "no_headings": _("No row has the headings of the mapping"),
}
OUTCOMES: Final = {
    "new": _("new"),
    "changed": _("changed"),
    "same": _("the same"),
    "rejected": _("left out"),
}
ALL: Final = {"fault_of_row": FAULTS, "fault_of_list": LISTS, "outcome_of_row": OUTCOMES}
