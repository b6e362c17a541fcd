"""Aids that are away, connected and mute, or do not test."""

from gateway.protocol.vocabulary import CallReason
from tests.support.facts import DAY_S, PARKED, Word, aid_of
from tests.support.tales import Tale

HOUR_S = 3_600.0


def tales() -> list[Tale]:
    """One of each, and each ends."""
    return [_away(), _mute(), _untested()]


def _away() -> Tale:
    word = Word()
    facts = [word.connected(0, 1, PARKED)]
    for number in range(1, 7):  # it is unplugged every evening
        facts.append(word.lost(number * DAY_S + 12 * HOUR_S, number))
        facts.append(word.connected(number * DAY_S + 22 * HOUR_S, number + 1, PARKED))
    facts.append(word.lost(8 * DAY_S, 7))
    facts.append(word.connected(10 * DAY_S, 8, PARKED))
    finds = frozenset({"offline"})
    aid = aid_of("stairlift")
    return Tale(name="away", aid=aid, facts=facts, until=11 * DAY_S, finds=finds)


def _mute() -> Tale:
    word = Word()
    facts = [word.connected(0, 1, PARKED)]
    facts += [word.sample(number * HOUR_S, PARKED) for number in range(1, 48)]
    facts += [word.condition(DAY_S), word.condition(4 * DAY_S)]
    facts.sort(key=lambda fact: fact.received_at)
    finds = frozenset({"mute"})
    return Tale(name="mute", aid=aid_of("scooter"), facts=facts, until=5 * DAY_S, finds=finds)


def _untested() -> Tale:
    word = Word()
    facts = [word.connected(0, 1, PARKED)]
    for day in range(1, 40):
        if day < 15 and day % 3 == 0:
            reason, call_id = CallReason.TEST, f"{day:032x}"
            facts.append(word.call(day * DAY_S - 60, reason, call_id=call_id, sample=PARKED))
        facts.append(word.condition(day * DAY_S))
    finds = frozenset({"test_calls_missed"})
    return Tale(name="untested", aid=aid_of("hoist"), facts=facts, until=41 * DAY_S, finds=finds)
