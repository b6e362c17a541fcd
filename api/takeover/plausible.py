"""Which numbers of their list can be: in the register's units, by field."""

from typing import Final, NamedTuple


class Range(NamedTuple):
    """Beyond ``least`` and ``most`` a number is a mistake; beyond what is usual it is told of.

    Attributes:
        least: mm or kg, as all of these; of the smallest that is made, with room to spare.
        usual_least: from here on nobody is asked whether it is meant…
        usual_most: …up to here.
        most: of the largest that is made, with room to spare.
    """

    least: int
    usual_least: int
    usual_most: int
    most: int


# Seats: from a child's to a bariatric one. A list in millimetres that is read as centimetres, or
# the other way round, is ten times off: hardly any seat is still within these then.
RANGES: Final = {
    # One step, to a spiral over four floors.
    "rail_length_mm": Range(500, 1_500, 15_000, 40_000),
    "seat_width_mm": Range(100, 250, 800, 1_200),
    "seat_depth_mm": Range(100, 250, 700, 1_000),
    # A child's chair comes down to the floor; a seat that rises lets one reach a shelf.
    "seat_height_mm": Range(100, 300, 800, 1_100),
    # A child's chair, to a bariatric hoist. EN 12184 has 25 to 300 kg for chairs and scooters.
    "max_load_kg": Range(20, 75, 300, 600),
}
