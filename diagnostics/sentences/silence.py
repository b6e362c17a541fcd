"""Why an aid that says nothing is worth a look."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "offline_for": "It has had no connection for more than %(hours)s hours.",
    "silent_usually": "Usually that takes no longer than %(hours)s hours with this aid.",
    "mute_for": (
        "The connection is there, but nothing has been heard of it for more than %(hours)s hours."
    ),
    "tests_missing": "The last %(count)s test calls did not arrive; one is due every three days.",
    "tests_often_missing": (
        "Of the last %(of)s test calls %(count)s did not arrive; chance does not explain so many."
    ),
    "tests_lost_usually": (
        "Some test calls are always lost on the way: of this aid about %(percent)s percent."
    ),
    "unplugged": "It may have been unplugged: for a stay in hospital, a holiday, or cleaning.",
    "power_cut": "There may be a power cut, or no mobile network.",
}
