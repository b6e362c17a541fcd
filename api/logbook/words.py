"""What the logbook calls things; translated through the catalogue like any text."""

from typing import Final


def _(text: str) -> str:
    """Mark for translation; translated where it is shown."""
    return text


FIELDS: Final = {
    "provision": _("provision"),
    "maker": _("make"),
    "model": _("type"),
    "serial_number": _("serial number"),
    "rail_length_mm": _("length of the rail"),
    "seat_width_mm": _("seat width"),
    "seat_depth_mm": _("seat depth"),
    "seat_height_mm": _("seat height"),
    "max_load_kg": _("greatest load"),
    "built_on": _("year and month built"),
    "first_used_on": _("first used"),
    "lent_on": _("handed over on"),
    "serviced_on": _("last serviced on"),
    "standard_adaptations": _("standard adaptations"),
    "individual_adaptations": _("individual adaptations"),
    "remarks": _("remarks"),
    "municipality_code": _("municipality"),
    "postcode4": _("postcode"),
    "retired_at": _("out of use"),
    "name": _("identification number"),
    "kind": _("kind"),
    "number": _("their number"),
    "client_number": _("client number"),
}
ADAPTATIONS: Final = {
    "standard": _("standard adaptation"),
    "individual": _("individual adaptation"),
}
MAINTENANCE: Final = {"corrective": _("corrective"), "preventive": _("preventive")}
ALL: Final = {
    "field_of_aid": FIELDS,
    "adaptation": ADAPTATIONS,
    "maintenance": MAINTENANCE,
}
