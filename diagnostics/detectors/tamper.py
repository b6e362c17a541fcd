"""Modified: settings or hardware of the controller are others than before, and nobody serviced it.

See docs/detectors/tamper.md.
"""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Reason
from diagnostics.detectors.habits.daily import Case, Daily
from diagnostics.detectors.habits.load import LEAST_DISTANCE_MM, WHEELS
from diagnostics.detectors.habits.mechanic import with_key
from diagnostics.detectors.habits.memory import Day, Memory
from diagnostics.detectors.habits.numbers import median, quantile, spread
from diagnostics.facts import (
    Called,
    ConditionReported,
    Fact,
    FaultChanged,
    PresenceChanged,
    RideEnded,
)
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Contacts, Direction, Seat

LAST_DAYS: Final = 80
VALUES: Final = 8  # of longer ago: what is put back after months was there before


class Parameters(Struct, frozen=True, kw_only=True):
    """When a change is unexplained; why stands in docs/detectors/tamper.md.

    Attributes:
        explained_days: a mechanic seen, or a service registered, so near explains a change.
        keys_at_most: its key was taken out on no more days, or it is the household that does.
        grace_days: so long a service may take to be registered.
        stays: days on which the new value is reported before it counts: a reading may fail.
        to_and_fro: settings that come and go count on so many days of each, side by side, if it
            drives otherwise on the days with the rarer…
        to_and_fro_speed: …by this share: a reading that fails changes no speed.
        openings: housing opened on so many days, without power on this share of them…
        opened_span: …no farther apart than this many days…
        openings_at_most: …and no more often, or its contact is broken.
        beside_days: what differs is looked for so long before an opening and after it…
        beside_known: …of which so many days must be known.
        charge_mv: what the charger nearly always reaches, its highest voltage moved by so much…
        speed: …or the highest speed by this share…
        speed_wheels: …more, and only upwards, of long rides on wheels…
        current: …or what the drive takes on a rail or lifting by this share…
        seat_ms: …or something is on the seat for longer than this a day, and was not…
        seat_free_ms: …for longer than this…
        trips: …or edges that tripped in this share of rides…
        trips_missed: …and so often do no more, though so often would be expected.
        length: …or the way from end to end of a rail, or of a stroke, by this share.
    """

    explained_days: int = 7
    keys_at_most: int = 4
    grace_days: int = 10
    stays: int = 4
    to_and_fro: int = 6
    to_and_fro_speed: float = 0.025
    openings: int = 2
    unpowered: float = 0.25
    opened_span: int = 30
    openings_at_most: int = 20
    beside_days: int = 35
    beside_known: int = 8
    charge_mv: int = 500
    speed: float = 0.04
    speed_wheels: float = 0.1
    current: float = 0.12
    seat_ms: int = 20 * 3_600_000
    seat_free_ms: int = 8 * 3_600_000
    trips: float = 0.03
    trips_missed: float = 6.0
    length: float = 0.04


class TamperDay(Day, frozen=True, array_like=True, kw_only=True):
    """What the controller said of itself in a day, and how the aid was. "": nothing.

    Attributes:
        openings: of the housing; ``restarts``: of the modem.
        charge_mv: highest voltage while charging; ``top_mm_s``: highest speed.
        rides: how many; ``trips``: of an edge in them.
        felt_ma: mean current of those upwards or out with somebody on the seat: sum and number.
        seat_ms: how long somebody or something was on it.
        farthest_mm: the longest ride; not on wheels.
    """

    parameters: str = ""
    hardware: str = ""
    openings: int = 0
    serviced: bool = False
    outbox_no: int = 0  # another one: the modem was exchanged, by somebody who may
    restarts: int = 0
    charge_mv: int = 0
    top_mm_s: int = 0
    rides: int = 0
    trips: int = 0
    felt_ma: tuple[int, int] = (0, 0)
    seat_ms: int = 0
    key_off: bool = False
    farthest_mm: int = 0


class Tamper(Daily[TamperDay]):
    """Finds controllers that were changed without a mechanic."""

    name = "tamper"
    version = 5
    kinds = frozenset({"stairlift", "scooter", "wheelchair", "hoist"})
    state_type: type = Memory[TamperDay]
    heeds: ClassVar = (ConditionReported, FaultChanged, Called, PresenceChanged, RideEnded)
    day_type = TamperDay
    keeps = LAST_DAYS + VALUES

    def __init__(self, limits: Parameters | None = None) -> None:
        self._limits = limits or Parameters()

    def fold(self, day: TamperDay, fact: Fact, aid: Aid) -> TamperDay:
        """Note digests, openings, what opening may change, and whether a mechanic was there."""
        if isinstance(fact, RideEnded):
            goes = aid.kind not in WHEELS or fact.distance_mm >= LEAST_DISTANCE_MM
            total, count = day.felt_ma
            up = fact.direction is Direction.UP and fact.seat is not Seat.EMPTY
            if up and fact.mean_current_ma is not None:
                total, count = total + fact.mean_current_ma, count + 1
            return replace(
                day,
                rides=day.rides + 1,
                felt_ma=(total, count),
                trips=day.trips + (fact.trips or 0),
                farthest_mm=0 if aid.kind in WHEELS else max(day.farthest_mm, fact.distance_mm),
                top_mm_s=max(day.top_mm_s, (fact.max_speed_mm_s or 0) * goes),
            )
        if isinstance(fact, ConditionReported):
            return replace(
                day,
                # Of two reports of a day the later word counts, whichever came first.
                parameters=max(day.parameters, fact.parameters),
                hardware=max(day.hardware, fact.hardware),
                openings=day.openings + fact.openings,
                restarts=day.restarts + fact.restarts,
                charge_mv=max(day.charge_mv, fact.battery_max_mv or 0),
                seat_ms=day.seat_ms + (fact.seat_ms or 0),
                outbox_no=max(day.outbox_no, fact.order.outbox_no),
                log_no=min(day.log_no or fact.log_no, fact.log_no),
            )
        if isinstance(fact, FaultChanged | Called | PresenceChanged):
            if fact.sample is not None and _in_service(fact.sample):
                return replace(day, serviced=True)
            if isinstance(fact, FaultChanged) and fact.code == "key_off":
                return replace(day, key_off=True)
        return day

    def kept(self, days: tuple[TamperDay, ...]) -> tuple[TamperDay, ...]:
        """Return the last months, and of each value of longer ago the day that it was last said."""
        if len(days) <= LAST_DAYS:
            return days
        values: dict[tuple[str, str], TamperDay] = {}
        for day in days[:-LAST_DAYS]:
            value = (day.parameters, day.hardware)
            if any(value):
                values.pop(value, None)  # in order of when it was last said
                values[value] = TamperDay(
                    on=day.on,
                    parameters=day.parameters,
                    hardware=day.hardware,
                    outbox_no=day.outbox_no,
                )
        return (*[*values.values()][-VALUES:], *days[-LAST_DAYS:])

    def judge(self, days: tuple[TamperDay, ...], aid: Aid) -> Sequence[Case]:
        """Look for a change that stayed and that nobody explains."""
        reasons: list[Reason] = []
        found: list[TamperDay] = []
        for name in ("parameters", "hardware"):
            changed = self._changed(days, name, aid)
            if changed is not None and not (
                name == "parameters" and self._updated(days, changed, aid)
            ):
                found.append(changed)
                reasons.append(Reason(f"{name}_changed"))
        by_turns = None if reasons else self._by_turns(days, aid)
        if by_turns is not None:
            found.extend(by_turns[0])
            reasons.extend(by_turns[1])
        opened = self._opened(days, aid)
        if opened:
            # Opened once, or as a loose contact says: nothing by itself. What came with it tells.
            differs = self._differs(days, opened[0].on, aid)
            unpowered = self._unpowered(days, opened)
            if reasons or differs or unpowered:
                found.extend(opened)
                reasons.append(Reason("housing_opened", {"days": len(opened)}))
                reasons.extend(differs)
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

    def _by_turns(
        self, days: Sequence[TamperDay], aid: Aid
    ) -> tuple[list[TamperDay], list[Reason]] | None:
        """Return days on which settings were others than on the days around, and it drove so."""
        limits = self._limits
        said = [day for day in days if day.parameters and day.top_mm_s]
        counts = Counter(day.parameters for day in said).most_common(2)
        if len(counts) < 2 or counts[1][1] < limits.to_and_fro:
            return None
        usual, other = ([day for day in said if day.parameters == value] for value, _ in counts)
        # Side by side: what was set once and stayed has been looked at.
        within = [day for day in usual if other[0].on <= day.on <= other[-1].on]
        if len(within) < limits.to_and_fro or len({day.outbox_no for day in (*within, *other)}) > 1:
            return None
        if any(self._explained(day.on, days, aid) for day in other):
            return None
        was, now = (median([day.top_mm_s for day in side]) for side in (within, other))
        faster = now / was - 1
        # Medians of days that stray by so much stray less themselves, the more days there are.
        stray = max(
            spread([day.top_mm_s for day in side]) / len(side) ** 0.5 for side in (within, other)
        )
        if abs(faster) < max(limits.to_and_fro_speed, 4 * stray / was):
            return None
        percent = round(100 * faster)
        return other, [Reason("parameters_changed"), Reason("speed_changed", {"percent": percent})]

    def _updated(self, days: Sequence[TamperDay], changed: TamperDay, aid: Aid) -> bool:
        """Return whether other settings may be no more than an update from afar.

        It starts anew, nobody opens it, its board stays, and it drives as before.
        """
        near = [day for day in days if abs(day.on - changed.on) <= 1]
        return (
            any(day.restarts for day in near)
            and not any(day.openings for day in near)
            and self._changed(days, "hardware", aid) is None
            and not self._differs(days, changed.on, aid)
        )

    def _opened(self, days: Sequence[TamperDay], aid: Aid) -> list[TamperDay]:
        opened = [day for day in days if day.openings]
        if sum(day.openings for day in opened) > self._limits.openings_at_most:
            return []
        opened = [day for day in opened if not self._explained(day.on, days, aid)]
        if not opened or days[-1].on - opened[-1].on < self._limits.grace_days:
            return []
        return opened

    def _unpowered(self, days: Sequence[TamperDay], opened: Sequence[TamperDay]) -> bool:
        """Return whether it was without power as it was opened, and hardly ever otherwise."""
        limits = self._limits
        if len(opened) < limits.openings or opened[-1].on - opened[0].on > limits.opened_span:
            return False
        then = sum(bool(day.restarts) for day in opened)
        otherwise = sum(bool(day.restarts) for day in days) - then
        return then >= limits.unpowered * len(opened) and otherwise <= limits.unpowered / 2 * (
            len(days) - len(opened)
        )

    def _differs(self, days: Sequence[TamperDay], on: int, aid: Aid) -> list[Reason]:
        """Return what is otherwise since day ``on`` than it was before, and does not stray so."""
        limits = self._limits
        before = [day for day in days if on - limits.beside_days <= day.on < on]
        after = [day for day in days if on < day.on <= on + limits.beside_days]
        reasons = []
        # Nearly the highest: a day's charge may not have come to its end when it was reported.
        volts = [
            quantile([day.charge_mv for day in side if day.charge_mv], 0.9) / 1000
            for side in (before, after)
            if sum(bool(day.charge_mv) for day in side) >= limits.beside_known
        ]
        if len(volts) > 1 and abs(volts[1] - volts[0]) * 1000 >= limits.charge_mv:
            was_v, is_v = (round(each, 1) for each in volts)
            reasons.append(Reason("charges_otherwise", {"before_v": was_v, "now_v": is_v}))
        speeds = self._moved([d.top_mm_s for d in before], [d.top_mm_s for d in after])
        wheels = aid.kind in WHEELS
        faster = 0.0 if speeds is None else speeds[1] / speeds[0] - 1
        # On wheels slower is a matter of where one goes.
        if faster >= limits.speed_wheels if wheels else abs(faster) >= limits.speed:
            percent = round(100 * faster)
            reasons.append(Reason("speed_changed", {"percent": percent}))
        felt = self._moved([_mean(d.felt_ma) for d in before], [_mean(d.felt_ma) for d in after])
        if not wheels and felt is not None and abs(felt[1] / felt[0] - 1) >= limits.current:
            percent = round(100 * (felt[1] / felt[0] - 1))
            reasons.append(Reason("drive_takes_otherwise", {"percent": percent}))
        ways = self._moved([d.farthest_mm for d in before], [d.farthest_mm for d in after])
        if ways is not None and abs(ways[1] / ways[0] - 1) >= limits.length:
            percent = round(100 * (ways[1] / ways[0] - 1))
            reasons.append(Reason("length_changed", {"percent": percent}))
        sat = self._moved([d.seat_ms for d in before], [d.seat_ms for d in after])
        if sat is not None and sat[0] <= limits.seat_free_ms < limits.seat_ms <= sat[1]:
            reasons.append(Reason("seat_always_taken"))
        rides, trips = sum(day.rides for day in before), sum(day.trips for day in before)
        often = trips / max(rides, 1)
        expected = often * sum(day.rides for day in after)
        if (
            often >= limits.trips
            # A share is known no better than by what it was counted from.
            and min(trips, expected) >= limits.trips_missed
            and not any(day.trips for day in after)
        ):
            reasons.append(Reason("edges_trip_no_more", {"times": trips, "rides": rides}))
        return reasons

    def _moved(self, before: Sequence[int], after: Sequence[int]) -> tuple[float, float] | None:
        """Return the medians before and after, where they are apart for certain."""
        old, new = [value for value in before if value], [value for value in after if value]
        if min(len(old), len(new)) < self._limits.beside_known:
            return None
        apart = abs(median(new) - median(old)) > 2 * max(spread(old), spread(new))
        return (median(old), median(new)) if apart else None

    def _explained(self, on: int, days: Sequence[TamperDay], aid: Aid) -> bool:
        near = self._limits.explained_days
        known = [
            moment.toordinal() for moment in (aid.serviced_on, aid.lent_on) if moment is not None
        ]
        known += [day.on for day in days if day.serviced]
        turned = [day.on for day in days if day.key_off]
        # A mechanic turns the key; so does a household, night after night.
        known += turned if len(turned) <= self._limits.keys_at_most else []
        return any(abs(on - each) <= near for each in known)


def _mean(total: tuple[int, int]) -> int:
    return round(total[0] / total[1]) if total[1] else 0


def _in_service(sample: Sample) -> bool:
    return with_key(sample) or bool(sample.open_contacts & Contacts.KEY_SWITCH)
