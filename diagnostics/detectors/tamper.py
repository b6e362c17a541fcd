"""Modified: settings or hardware of the controller are others than before, and nobody serviced it.

See docs/detectors/tamper.md.
"""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.facts import Called, ConditionReported, Fact, FaultChanged, PresenceChanged
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Contacts, Mode


class Parameters(Struct, frozen=True, kw_only=True):
    """When a change is unexplained; why stands in docs/detectors/tamper.md.

    Attributes:
        explained_days: a mechanic seen, or a service registered, so near explains a change.
        grace_days: so long a service may take to be registered.
        stays: days on which the new value is reported before it counts: a reading may fail.
        openings: housing opened on so many days…
        openings_at_most: …and no more often, or its contact is broken.
    """

    explained_days: int = 7
    grace_days: int = 10
    stays: int = 4
    openings: int = 2
    openings_at_most: int = 20


class TamperDay(Day, frozen=True, array_like=True, kw_only=True):
    """What the controller said of itself in a day. "": nothing."""

    parameters: str = ""
    hardware: str = ""
    openings: int = 0
    serviced: bool = False
    outbox_no: int = 0  # another one: the modem was exchanged, by somebody who may


class Tamper(Daily[TamperDay]):
    """Finds controllers that were changed without a mechanic."""

    name = "tamper"
    version = 1
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[TamperDay]
    heeds: ClassVar = (ConditionReported, FaultChanged, Called, PresenceChanged)
    day_type = TamperDay
    keeps = 45

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def fold(self, day: TamperDay, fact: Fact, aid: Aid) -> TamperDay:  # noqa: ARG002
        """Note digests, openings, and whether a mechanic was there."""
        if isinstance(fact, ConditionReported):
            return replace(
                day,
                # Of two reports of a day the later word counts, whichever came first.
                parameters=max(day.parameters, fact.parameters),
                hardware=max(day.hardware, fact.hardware),
                openings=day.openings + fact.openings,
                outbox_no=max(day.outbox_no, fact.order.outbox_no),
                log_no=min(day.log_no or fact.log_no, fact.log_no),
            )
        if isinstance(fact, FaultChanged | Called | PresenceChanged) and _mechanic(fact):
            return replace(day, serviced=True)
        return day

    def judge(self, days: tuple[TamperDay, ...], aid: Aid) -> Sequence[Case]:
        """Look for a change that stayed and that nobody explains."""
        reasons: list[Reason] = []
        found: list[TamperDay] = []
        for name in ("parameters", "hardware"):
            changed = self._changed(days, name, aid)
            if changed is not None:
                found.append(changed)
                reasons.append(Reason(f"{name}_changed"))
        opened = self._opened(days, aid)
        if opened:
            found.extend(opened)
            reasons.append(Reason("housing_opened", {"days": len(opened)}))
        if not reasons:
            return ()
        found.sort(key=lambda day: day.on)
        reasons.append(Reason("no_service_known"))
        return (
            Case(
                what="modified",
                since=found[0].on,
                until=found[-1].on,
                reasons=tuple(reasons),
                otherwise=tuple(
                    Reason(code)
                    for code in ("other_service_unregistered", "other_updated", "other_contact")
                ),
                confidence=min(0.7 + 0.1 * len(reasons), 0.95),
                log_nos=tuple(dict.fromkeys(day.log_no for day in found if day.log_no)),
            ),
        )

    def _changed(self, days: Sequence[TamperDay], name: str, aid: Aid) -> TamperDay | None:
        """Return the first day of a value that came, stayed, and is unexplained."""
        said = [(day, str(getattr(day, name))) for day in days if getattr(day, name)]
        if len(said) < 2 * self._limits.stays:
            return None
        current = said[-1][1]
        if any(value != current for _, value in said[-self._limits.stays :]):
            return None
        place = len(said)
        while place and said[place - 1][1] == current:
            place -= 1
        before = Counter(value for _, value in said[:place])
        # A reading that flickers between two values tells of the reading, not of the controller.
        if place < self._limits.stays or current in before:
            return None
        first = said[place][0]
        outboxes = {day.outbox_no for day, _ in said[place - 1 : place + 1]}
        if len(outboxes) > 1 or self._explained(first.on, days, aid):
            return None
        return first if days[-1].on - first.on >= self._limits.grace_days else None

    def _opened(self, days: Sequence[TamperDay], aid: Aid) -> list[TamperDay]:
        opened = [day for day in days if day.openings]
        if sum(day.openings for day in opened) > self._limits.openings_at_most:
            return []
        opened = [day for day in opened if not self._explained(day.on, days, aid)]
        if len(opened) < self._limits.openings:
            return []
        return opened if days[-1].on - opened[-1].on >= self._limits.grace_days else []

    def _explained(self, on: int, days: Sequence[TamperDay], aid: Aid) -> bool:
        near = self._limits.explained_days
        known = [
            moment.toordinal() for moment in (aid.serviced_on, aid.lent_on) if moment is not None
        ]
        known += [day.on for day in days if day.serviced]
        return any(abs(on - each) <= near for each in known)


def _mechanic(fact: FaultChanged | Called | PresenceChanged) -> bool:
    """Return whether the fact shows that somebody with the key was there."""
    sample = fact.sample
    if sample is not None and _in_service(sample):
        return True
    return isinstance(fact, FaultChanged) and fact.code == "key_off"


def _in_service(sample: Sample) -> bool:
    return sample.mode is not Mode.NORMAL or bool(sample.open_contacts & Contacts.KEY_SWITCH)
