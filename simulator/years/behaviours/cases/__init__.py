"""Ways thought of as case files of a municipality: some mild, none a caricature on purpose.

Written by people who had not read the detectors, and kept for the test until a verdict was looked
at. Left out, since nobody could tell them by what a modem says: things lifted by a hoist (they
weigh like people), flat tyres nobody pumps (they look like wear), a theft with the modem torn out
within the hour (silence, and no more), an entitled partner who takes another's part, a service that
was done and never written down.
"""

from simulator.years.behaviours.cases import (
    astray,
    bodies,
    care,
    decay,
    errands,
    faults,
    health,
    households,
    journeys,
    limits,
    people,
    places,
    purpose,
    quiet,
    repairs,
    riders,
    seasons,
    signs,
    silence,
    strain,
    streets,
    tamper,
    upkeep,
    visits,
    wear,
)

__all__ = [
    "astray",
    "bodies",
    "care",
    "decay",
    "errands",
    "faults",
    "health",
    "households",
    "journeys",
    "limits",
    "people",
    "places",
    "purpose",
    "quiet",
    "repairs",
    "riders",
    "seasons",
    "signs",
    "silence",
    "strain",
    "streets",
    "tamper",
    "upkeep",
    "visits",
    "wear",
]
