"""What any aid may say: a bit of everything, days of an ordinary life, and the same half blind."""

from typing import Any

from msgspec.structs import replace

from diagnostics.detectors.contract import Aid
from diagnostics.facts import (
    Called,
    ConditionReported,
    Fact,
    FaultChanged,
    PresenceChanged,
    RideEnded,
    Sampled,
)
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import (
    CallPhase,
    CallReason,
    Demand,
    Direction,
    Edge,
    Landing,
    LoadClass,
    Mode,
    Seat,
    Signals,
)
from tests.support.facts import ARRIVED, DAY_S, PARKED, RIDING, STOPPED, Word, aid_of
from tests.support.tales import Tale

BLIND = Sample(0, None, None, None, None, Seat.UNKNOWN, Demand.NONE, Mode.NORMAL, Landing.UNKNOWN)
LIFE_DAYS = 20


def everything() -> list[Fact]:
    """A bit of everything: rides, faults, calls, losses of the line, silence."""
    word = Word()
    return [
        word.connected(0, 1, PARKED),
        *word.samples(1, 11, RIDING),
        word.fault(11, "footrest_up_edge", Edge.RAISED, STOPPED),
        *word.samples(12, 14, replace(STOPPED, fault="footrest_up_edge")),
        word.fault(14, "footrest_up_edge", Edge.CLEARED, STOPPED),
        *word.samples(14, 24, RIDING),
        word.sample(24, ARRIVED),
        word.ride_ended(25),
        word.call(30, CallReason.TEST, sample=ARRIVED, call_id="1" * 32),
        *word.samples(40, 50, RIDING),
        *word.samples(50, 130, STOPPED, every=5),
        word.sample(131, STOPPED, signals=Signals.SOS),
        word.call(131, call_id="2" * 32),
        word.call(200, phase=CallPhase.CLEARED, sample=ARRIVED, call_id="2" * 32),
        word.sample(200, ARRIVED),
        word.condition(210, period_ms=1_000),
        *word.samples(300, 310, RIDING),
        word.lost(312, 1),
        word.connected(600, 2, ARRIVED, call_id="3" * 32),
        word.sample(320, STOPPED, delay=281),
    ]


def life(days: int = LIFE_DAYS) -> list[Fact]:
    """Days of an ordinary life: rides, conditions, test calls, a fault, a line that flickers."""
    word, facts, session = Word(), [], 1
    facts.append(word.connected(0, session, PARKED))
    for day in range(days):
        for hour in (8, 13, 21):
            at_s = day * DAY_S + hour * 3_600 + 60 * (day % 7)
            up = hour != 13
            facts.append(
                word.ride_ended(
                    at_s,
                    Landing.TOP if up else Landing.BOTTOM,
                    start_landing=Landing.BOTTOM if up else Landing.TOP,
                    duration_ms=44_000 + 500 * (day % 5),
                    distance_mm=4_700,
                    direction=Direction.UP if up else Direction.DOWN,
                    mean_current_ma=9_000 if up else 3_000,
                    peak_current_ma=12_000 if up else 4_000,
                    load_class=LoadClass.NORMAL,
                    seat=Seat.OCCUPIED,
                    battery_before_mv=25_600,
                    battery_after_mv=25_300,
                    min_battery_mv=24_300,
                    max_speed_mm_s=120,
                    boarding_ms=15_000,
                    presses=1,
                    trips=0,
                    away=False,
                    profile_ma=(9_000,) * 8,
                )
            )
        if day % 3 == 0:
            call_id = f"{day:032x}"
            facts.append(
                word.call((day + 0.95) * DAY_S, CallReason.TEST, sample=PARKED, call_id=call_id)
            )
        if day % 5 == 2:
            session += 1
            facts.append(word.lost((day + 0.96) * DAY_S, session - 1))
            facts.append(word.connected((day + 0.96) * DAY_S + 40, session, PARKED))
        facts.append(
            word.condition(
                (day + 0.99) * DAY_S,
                battery_rest_mv=25_700,
                battery_min_mv=25_500,
                battery_max_mv=27_600,
                charging_ms=82_000_000,
                mains_ms=86_400_000,
                off_charge_ms=0,
                seat_ms=240_000,
                away_ms=0,
                cell="u178k",
                temperature_min_dc=180,
                temperature_max_dc=220,
                cycles=1_000 + 3 * day,
                odometer_m=5_000 + 14 * day,
                parameters="a1",
                hardware="b2",
                signal_dbm=-85,
            )
        )
    at_s = days * DAY_S
    facts.append(word.fault(at_s, "no_charge", Edge.RAISED, PARKED))
    facts.append(word.fault(at_s + 600, "no_charge", Edge.CLEARED, PARKED))
    return facts


def on(kind: str, facts: list[Fact]) -> list[Fact]:
    """Return ``facts`` as an aid of this kind would tell them: others have no landings."""
    return facts if kind == "stairlift" else [_without_landings(fact) for fact in facts]


def blinded(facts: list[Fact]) -> list[Fact]:
    """Return ``facts`` as an aid tells them whose controller says as little as it may."""
    return [_blind(fact) for fact in facts]


def common_tales(kind: str) -> list[Tale]:
    """Return what every detector of this kind of aid must be able to hear."""
    aid = aid_of(kind)
    short, long = on(kind, everything()), on(kind, life())
    late = 2_000.0
    end = (LIFE_DAYS + 1) * DAY_S
    return [
        Tale(name=f"{kind}-everything", aid=aid, facts=short, until=late),
        Tale(name=f"{kind}-life", aid=aid, facts=long, until=end),
        Tale(name=f"{kind}-blind", aid=_bare(kind), facts=blinded(short), until=late),
        Tale(name=f"{kind}-blind-life", aid=_bare(kind), facts=blinded(long), until=end),
    ]


def _bare(kind: str) -> Aid:
    return aid_of(kind, rail_length_mm=None)


def _without_landings(fact: Fact) -> Fact:
    if isinstance(fact, RideEnded):
        return replace(fact, end_landing=Landing.UNKNOWN, start_landing=Landing.UNKNOWN)
    if isinstance(fact, Sampled | FaultChanged | Called | PresenceChanged) and fact.sample:
        sample = fact.sample
        away = Signals.AWAY if sample.landing is Landing.BETWEEN else Signals.NONE
        sample = replace(sample, landing=Landing.UNKNOWN, signals=sample.signals | away)
        return replace(fact, sample=sample)
    return fact


def _blind(fact: Fact) -> Fact:
    match fact:
        case Sampled() | FaultChanged():
            return replace(fact, sample=BLIND)
        case PresenceChanged(sample=Sample()):
            return replace(fact, sample=BLIND)
        case RideEnded():
            return RideEnded(
                **_head(fact), end_landing=Landing.UNKNOWN, stops=0, duration_ms=fact.duration_ms
            )
        case ConditionReported():
            return ConditionReported(**_head(fact), period_ms=fact.period_ms)
        case _:
            return fact


def _head(fact: Fact) -> dict[str, Any]:
    return {
        "order": fact.order,
        "log_no": fact.log_no,
        "measured_at": fact.measured_at,
        "received_at": fact.received_at,
    }
