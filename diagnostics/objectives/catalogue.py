"""The objectives and their targets, as data. The words about them are with who shows them.

Each is measured by the function ``objectives`` of the database, under the same name, and has a page
in ``docs/runbook``.
"""

from typing import Final, Literal

from msgspec import Struct

Unit = Literal["s", "share", "days", "messages"]


class Objective(Struct, frozen=True, kw_only=True):
    """One promise.

    Attributes:
        name: as the database calls it.
        unit: of value and target.
        target: what is still good.
        least: whether a value below the target is bad; else one above is.
        lasts_s: how long it may be missed before anybody is told.
        urgent: whether somebody is woken for it.
        critical: beyond this the platform pages people by itself; None: never.
    """

    name: str
    unit: Unit
    target: float
    least: bool = False
    lasts_s: int = 60
    urgent: bool = False
    critical: float | None = None

    def met(self, value: float) -> bool:
        """Tell whether ``value`` is good."""
        return value >= self.target if self.least else value <= self.target

    def is_critical(self, value: float) -> bool:
        """Tell whether people are to be paged for ``value``."""
        if self.critical is None:
            return False
        return value < self.critical if self.least else value > self.critical


OBJECTIVES: Final = (
    Objective(name="evidence_to_ticket", unit="s", target=1.0, urgent=True),
    # Escalation pages a mechanic after two minutes; who waits for five has been forgotten by all.
    Objective(name="calls_unacknowledged", unit="s", target=300.0, lasts_s=0, urgent=True),
    Objective(name="shard_lag", unit="s", target=30.0, lasts_s=120, urgent=True),
    Objective(name="quarantine_share", unit="share", target=0.01, lasts_s=600),
    Objective(name="outbox_age", unit="s", target=120.0, lasts_s=900),
    Objective(name="notification_delay", unit="s", target=30.0, lasts_s=120, urgent=True),
    Objective(
        name="certificate_days", unit="days", target=30.0, least=True, lasts_s=3_600, critical=3.0
    ),
    Objective(name="disk_free", unit="share", target=0.15, least=True, lasts_s=600, critical=0.05),
    # Nothing that is under way counts: a single one is one too many.
    Objective(name="accounts", unit="messages", target=0.0, urgent=True, critical=0.0),
    Objective(name="silence", unit="s", target=60.0, urgent=True),
)
BY_NAME: Final = {each.name: each for each in OBJECTIVES}
