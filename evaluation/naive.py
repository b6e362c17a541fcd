"""What one would have instead of the slow detectors: two plain rules for each word.

The first is what a controller's own codes or counters give, the second what a threshold in an
IoT platform gives. A rule alarms at most once in thirty days.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from statistics import fmean
from typing import Final, NamedTuple

from diagnostics.detectors.contract import Aid
from diagnostics.facts import Called, ConditionReported, Fact, FaultChanged, RideEnded
from gateway.protocol.vocabulary import CallReason, Edge, LoadClass, Seat

_QUIET: Final = timedelta(days=30)
_DAY: Final = timedelta(days=1)
_HOUR_MS: Final = 3_600_000

Alarms = Iterator[datetime]


class Silence(NamedTuple):
    """A time of an hour or more in which nothing was heard of an aid."""

    since: datetime
    until: datetime


class Heard(NamedTuple):
    """What was heard of an aid, and when nothing was."""

    facts: Sequence[Fact]
    silences: Sequence[Silence] = ()


Find = Callable[[Heard, Aid], Alarms]


class Rule(NamedTuple):
    """A plain rule: its name, what it does, and when it alarms."""

    name: str
    text: str
    find: Find


def alarms(rule: Rule, heard: Heard, aid: Aid) -> list[datetime]:
    """Return when ``rule`` alarms."""
    kept: list[datetime] = []
    for at in rule.find(heard, aid):
        if not kept or at - kept[-1] >= _QUIET:
            kept.append(at)
    return kept


def _conditions(
    holds: Callable[[ConditionReported, Aid], bool], days: int, heard: Heard, aid: Aid
) -> Alarms:
    """Alarm when ``holds`` for so many reports on end."""
    run = 0
    for fact in heard.facts:
        if isinstance(fact, ConditionReported):
            run = run + 1 if holds(fact, aid) else 0
            if run >= days:
                yield fact.received_at


def _rides(holds: Callable[[RideEnded, Aid], bool], times: int, heard: Heard, aid: Aid) -> Alarms:
    """Alarm when ``holds`` for so many rides, on end or not."""
    seen = 0
    for fact in heard.facts:
        if isinstance(fact, RideEnded) and holds(fact, aid):
            seen += 1
            if seen >= times:
                yield fact.received_at


def _codes(codes: frozenset[str], heard: Heard, aid: Aid) -> Alarms:  # noqa: ARG001
    """Alarm at each fault with one of ``codes``; none named: any."""
    for fact in heard.facts:
        if isinstance(fact, FaultChanged) and fact.edge is Edge.RAISED:
            named = not codes or fact.code in codes
            if named:
                yield fact.received_at


def _often(
    of: type[Fact],
    times: int,
    within: timedelta,
    heard: Heard,
    aid: Aid,  # noqa: ARG001
) -> Alarms:
    """Alarm when so many facts come within a time; faults only as they are raised."""
    recent: list[datetime] = []
    for fact in heard.facts:
        if not isinstance(fact, of):
            continue
        if isinstance(fact, FaultChanged) and fact.edge is not Edge.RAISED:
            continue
        recent = [at for at in recent if fact.received_at - at <= within]
        recent.append(fact.received_at)
        if len(recent) >= times:
            yield fact.received_at


def _silence(longest: timedelta, heard: Heard, aid: Aid) -> Alarms:  # noqa: ARG001
    """Alarm when nothing is received for so long."""
    for silence in heard.silences:
        if silence.until - silence.since > longest:
            yield silence.since + longest


def _without(
    of: Callable[[Fact], bool],
    longest: timedelta,
    heard: Heard,
    aid: Aid,  # noqa: ARG001
) -> Alarms:
    """Alarm when there is no such fact for so long."""
    if not heard.facts:
        return
    last = heard.facts[0].received_at
    for fact in heard.facts:
        while fact.received_at - last > longest:
            last += longest
            yield last
        if of(fact):
            last = fact.received_at


def _rise(share: float, rides: int, heard: Heard, aid: Aid) -> Alarms:  # noqa: ARG001
    """Alarm when the mean current of so many rides is off that of the first thirty."""
    first: list[int] = []
    recent: list[int] = []
    for fact in heard.facts:
        if not isinstance(fact, RideEnded) or fact.mean_current_ma is None:
            continue
        if len(first) < 30:
            first.append(fact.mean_current_ma)
            continue
        recent = [*recent, fact.mean_current_ma][-rides:]
        usual = fmean(first)
        if len(recent) == rides and usual and abs(fmean(recent) / usual - 1) > share:
            yield fact.received_at


def _since_service(days: int, heard: Heard, aid: Aid) -> Alarms:
    """Alarm so many days after the last service."""
    for fact in heard.facts:
        if aid.serviced_on and (fact.received_at.date() - aid.serviced_on).days >= days:
            yield fact.received_at
            return


def _changed(heard: Heard, aid: Aid) -> Alarms:  # noqa: ARG001
    """Alarm when the controller's settings change."""
    known = ""
    for fact in heard.facts:
        if isinstance(fact, ConditionReported) and fact.parameters:
            if known and fact.parameters != known:
                yield fact.received_at
            known = fact.parameters


def _below(value: int | None, limit: int) -> bool:
    return value is not None and value < limit


def _above(value: float | None, limit: float | None) -> bool:
    return value is not None and limit is not None and value > limit


def _tested(fact: Fact) -> bool:
    return isinstance(fact, Called) and fact.reason == CallReason.TEST


def _rode(fact: Fact) -> bool:
    return isinstance(fact, RideEnded)


def _day(text: str, holds: Callable[[ConditionReported, Aid], bool], days: int = 1) -> Rule:
    name = f"daily: {text}" if days == 1 else f"{days} days on end: {text}"
    return Rule(name, f"alarm when {name}", partial(_conditions, holds, days))


def _ride(text: str, holds: Callable[[RideEnded, Aid], bool], times: int = 1) -> Rule:
    name = f"ride: {text}" if times == 1 else f"{times} rides: {text}"
    return Rule(name, f"alarm at {name}", partial(_rides, holds, times))


def _code(*codes: str) -> Rule:
    text = ", ".join(codes) or "any"
    return Rule(f"fault code: {text}", f"alarm at {text}", partial(_codes, frozenset(codes)))


def _rule(name: str, find: Find) -> Rule:
    return Rule(name, f"alarm at {name}", find)


_EDGES: Final = ("footrest_up_edge", "footrest_down_edge", "carriage_up_edge", "carriage_down_edge")

RULES: Final[dict[str, tuple[Rule, Rule]]] = {
    "offline": (
        _rule("nothing heard for an hour", partial(_silence, timedelta(hours=1))),
        _rule("nothing heard for a day", partial(_silence, _DAY)),
    ),
    "mute": (
        _rule("nothing heard for two hours", partial(_silence, timedelta(hours=2))),
        _rule("nothing heard for a day", partial(_silence, _DAY)),
    ),
    "test_calls_missed": (
        _rule("a test call missed", partial(_without, _tested, timedelta(hours=74))),
        _rule("no test call for a week", partial(_without, _tested, timedelta(days=7))),
    ),
    "fault": (_code(), _rule("three faults in a day", partial(_often, FaultChanged, 3, _DAY))),
    "flapping": (
        _rule("three faults in an hour", partial(_often, FaultChanged, 3, timedelta(hours=1))),
        _rule("ten faults in a day", partial(_often, FaultChanged, 10, _DAY)),
    ),
    "battery_worn": (
        _code("battery_low", "battery_flat"),
        _day("rest voltage below 24.4 V", lambda c, _: _below(c.battery_rest_mv, 24_400)),
    ),
    "charger_failed": (
        _code("no_charge", "charger"),
        _day("not charged at all", lambda c, _: c.charging_ms == 0),
    ),
    "off_charge_point": (
        _day("off the charger for 12 h", lambda c, _: _above(c.off_charge_ms, 12 * _HOUR_MS)),
        _day("rest voltage below 24.4 V", lambda c, _: _below(c.battery_rest_mv, 24_400)),
    ),
    "drive_worn": (
        _code("over_current", "drive_hot", "motor", "actuator"),
        _rule("current 30 % off the first month's", partial(_rise, 0.3, 10)),
    ),
    "brake_slipping": (_code("brake"), _code("brake", "final_limit")),
    "edges_tripping": (
        _rule("two edge faults", partial(_codes, frozenset(_EDGES))),
        _day("three trips", lambda c, _: c.trips >= 3),
    ),
    "signal_weak": (
        _day("below -110 dBm", lambda c, _: _below(c.signal_dbm, -110)),
        _day("three restarts", lambda c, _: c.restarts >= 3),
    ),
    "service_due": (
        _rule("a year after the service", partial(_since_service, 365)),
        _day("more than 10,000 starts", lambda c, _: _above(c.cycles, 10_000)),
    ),
    "other_person": (
        _rule("one ride's current 25 % off", partial(_rise, 0.25, 1)),
        _rule("a week's current 15 % off", partial(_rise, 0.15, 40)),
    ),
    "goods_transport": (
        _ride("heavy", lambda r, _: r.load_class is LoadClass.HEAVY),
        _ride(
            "loaded, nobody on the seat",
            lambda r, _: r.seat is Seat.EMPTY and _above(r.mean_current_ma, 9_000),
            3,
        ),
    ),
    "play": (
        _rule("25 rides in a day", partial(_often, RideEnded, 25, _DAY)),
        _ride("ten empty ones", lambda r, _: r.load_class is LoadClass.EMPTY, 10),
    ),
    "overload": (
        _ride("more than its load", lambda r, a: _above(r.load_kg, a.max_load_kg)),
        _ride("heavy", lambda r, _: r.load_class is LoadClass.HEAVY),
    ),
    "duty_cycle": (
        _rule("30 rides in a day", partial(_often, RideEnded, 30, _DAY)),
        _rule("ten rides in an hour", partial(_often, RideEnded, 10, timedelta(hours=1))),
    ),
    "too_steep": (
        _ride("steeper than allowed", lambda r, a: _above(r.max_incline_deg, a.max_incline_deg)),
        _ride("steeper than allowed", lambda r, a: _above(r.max_incline_deg, a.max_incline_deg), 5),
    ),
    "too_fast": (
        _ride("faster than allowed", lambda r, a: _above(r.max_speed_mm_s, a.max_speed_mm_s)),
        _ride("faster than allowed", lambda r, a: _above(r.max_speed_mm_s, a.max_speed_mm_s), 5),
    ),
    "not_charged": (
        _day("rest voltage below 24 V", lambda c, _: _below(c.battery_rest_mv, 24_000)),
        _day("not charged", lambda c, _: c.charging_ms == 0, 3),
    ),
    "unsheltered": (
        _day("frost", lambda c, _: _below(c.temperature_min_dc, 0)),
        _day("frost", lambda c, _: _below(c.temperature_min_dc, 0), 3),
    ),
    "modified": (
        _rule("settings changed", _changed),
        _day("housing opened", lambda c, _: c.openings > 0),
    ),
    "neglected": (
        _rule("five faults in a month", partial(_often, FaultChanged, 5, timedelta(days=30))),
        _day("rest voltage below 24 V", lambda c, _: _below(c.battery_rest_mv, 24_000), 7),
    ),
    "lost": (
        _day("away all day", lambda c, _: _above(c.away_ms, 23 * _HOUR_MS)),
        _rule("nothing heard for two days", partial(_silence, 2 * _DAY)),
    ),
    "unused": (
        _rule("no ride for a week", partial(_without, _rode, timedelta(days=7))),
        _rule("no ride for a month", partial(_without, _rode, timedelta(days=30))),
    ),
}
