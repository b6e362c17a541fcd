"""Everything that can be found, by one word each: what it asks for, and which detector finds it.

The words are also those of the simulator's ground truth and of ``make evaluate``.
"""

from typing import Final, NamedTuple

from diagnostics.detectors.contract import Ask


class Entry(NamedTuple):
    """One thing that can be found."""

    detector: str
    asks: Ask


CATALOGUE: Final[dict[str, Entry]] = {
    # Emergencies.
    "stuck": Entry("stuck", Ask.EMERGENCY),  # stairlift: the rider cannot get off
    "stranded": Entry("stranded", Ask.EMERGENCY),  # scooter, wheelchair: away, with its client
    "hanging": Entry("hanging", Ask.EMERGENCY),  # hoist: somebody hangs in it and it stopped
    # Silence.
    "offline": Entry("silence", Ask.NOTICE),  # longer than is usual for this aid
    "mute": Entry("silence", Ask.NOTICE),  # connected, and says nothing
    "test_calls_missed": Entry("silence", Ask.ADVICE),
    # Faults.
    "fault": Entry("fault", Ask.REPAIR),
    "flapping": Entry("fault", Ask.REPAIR),  # comes and goes, again and again
    # Health.
    "battery_worn": Entry("battery", Ask.ADVICE),
    "charger_failed": Entry("charger", Ask.REPAIR),
    "off_charge_point": Entry("charger", Ask.NOTICE),
    "drive_worn": Entry("drive", Ask.ADVICE),
    "brake_slipping": Entry("brake", Ask.REPAIR),
    "edges_tripping": Entry("edges", Ask.ADVICE),
    "signal_weak": Entry("signal", Ask.ADVICE),
    "service_due": Entry("service", Ask.ADVICE),
    # Improper use: signals to people, never tickets.
    "other_person": Entry("person", Ask.SIGNAL),
    "goods_transport": Entry("purpose", Ask.SIGNAL),
    "play": Entry("purpose", Ask.SIGNAL),  # many empty rides
    "overload": Entry("limits", Ask.SIGNAL),
    "duty_cycle": Entry("limits", Ask.SIGNAL),
    "too_steep": Entry("limits", Ask.SIGNAL),
    "too_fast": Entry("limits", Ask.SIGNAL),
    "not_charged": Entry("charging", Ask.SIGNAL),
    "unsheltered": Entry("storage", Ask.SIGNAL),
    "modified": Entry("tamper", Ask.SIGNAL),
    "neglected": Entry("neglect", Ask.SIGNAL),
    "lost": Entry("loss", Ask.SIGNAL),  # or stolen
    "unused": Entry("nonuse", Ask.SIGNAL),
}

# What an emergency of each kind of aid is called.
EMERGENCIES: Final[dict[str, str]] = {
    "stairlift": "stuck",
    "scooter": "stranded",
    "wheelchair": "stranded",
    "hoist": "hanging",
}
