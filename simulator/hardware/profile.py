"""What a maker's controller is like: its codes, and what it cannot tell.

The physics know what is the matter in our own vocabulary; a profile says which of it this maker's
display shows, under which code, and one code at a time or all. What has no code stays unseen:
the drive just does not run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.protocol.vocabulary import AidKind


class Quirk(StrEnum):
    """What a controller does not have, or does badly."""

    NO_SEAT_SENSOR = "no_seat_sensor"
    NO_LANDING_SWITCHES = "no_landing_switches"
    NO_POSITION = "no_position"  # nor speed
    COARSE_POSITION = "coarse_position"  # in steps of 250 mm, no speed
    NO_REFUSED_SIGNAL = "no_refused_signal"
    NO_CONTACTS = "no_contacts"
    NO_BELT_SWITCH = "no_belt_switch"
    NO_COUNTERS = "no_counters"  # of starts and distance
    NO_IDENTITY = "no_identity"  # neither serial number nor settings
    NO_CURRENT = "no_current"
    NO_LOCATION = "no_location"  # no satellite receiver: never away, no cell
    SLOW_BUS = "slow_bus"  # answers anew only every two seconds
    WRONG_CLOCK = "wrong_clock"  # the modem's clock is 1 h 17 min ahead, and never set


COARSE_STEP_MM = 250
SLOW_BUS_MS = 2_000
WRONG_CLOCK_MS = 77 * 60_000


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One maker's controller. ``codes`` maps our vocabulary to the maker's, most serious first.

    ``maker`` is as the manifest has it; ``quirks`` are those of every one of these. ``shown_as``:
    what a code of several meanings is taken for, where it is not the word it stands beside.
    """

    name: str
    maker: str
    kinds: frozenset[AidKind]
    codes: Mapping[str, str]
    one_code_at_a_time: bool
    quirks: frozenset[Quirk] = frozenset()
    shown_as: Mapping[str, str] = field(default_factory=dict)
