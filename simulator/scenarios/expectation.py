"""The label of a scenario: what is true, what must be found and what must not."""

from typing import Literal

from msgspec import Struct, field

from simulator.scenarios.durations import Duration

Reason = Literal[
    "sos",
    "fault_while_riding",
    "drive_refused",
    "rider_gone",
    "power_too_low",
    "stopped_between_landings",
    "silent_while_riding",
    "stranded_away",
    "tilted",
    "load_hanging",
]

# The words of the platform's catalogue (diagnostics/detectors/catalogue.py).
Found = Literal[
    "stuck",
    "stranded",
    "hanging",
    "offline",
    "mute",
    "test_calls_missed",
    "fault",
    "flapping",
    "battery_worn",
    "charger_failed",
    "off_charge_point",
    "drive_worn",
    "brake_slipping",
    "edges_tripping",
    "signal_weak",
    "service_due",
    "other_person",
    "goods_transport",
    "play",
    "overload",
    "duty_cycle",
    "too_steep",
    "too_fast",
    "not_charged",
    "unsheltered",
    "modified",
    "neglected",
    "lost",
    "unused",
]
EMERGENCIES: tuple[Found, ...] = ("stuck", "stranded", "hanging")


class Expect(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The truth: whether somebody needs help, and what a platform should find.

    Attributes:
        emergency: whether a priority-1 ticket must (true) or must not (false) be opened.
        since: from when the rider needs help, or from when ``finds`` is so.
        reasons: what it may rightly be put down to; at least one of these must be named.
        within: how long after ``since`` the ticket may take while platform and line are well.
        finds: what else must be found, sooner or later.
        excluded: (``not`` in the file) what must not, though it looks like it.
    """

    emergency: bool
    since: Duration | None = None
    reasons: tuple[Reason, ...] = ()
    within: Duration | None = None
    finds: tuple[Found, ...] = ()
    excluded: tuple[Found, ...] = field(default=(), name="not")

    def __post_init__(self) -> None:
        """Refuse a label that leaves open what to find. Raises ValueError."""
        complete = self.since is not None and self.within is not None and bool(self.reasons)
        if self.emergency and not complete:
            raise ValueError("an emergency needs since, reasons and within")
        if not self.emergency and (self.within or self.reasons):
            raise ValueError("without an emergency there is no within and no reasons")
        if not self.emergency and self.since and not self.finds:
            raise ValueError("without an emergency since needs finds")
        if emergencies := set(self.finds) & set(EMERGENCIES):
            raise ValueError(f"{', '.join(sorted(emergencies))}: said by emergency, not by finds")
        if both := set(self.finds) & set(self.excluded):
            raise ValueError(f"must and must not be found: {', '.join(sorted(both))}")
