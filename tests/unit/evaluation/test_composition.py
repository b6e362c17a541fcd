"""Fleets are put together by what is the matter, and by nothing else."""

from collections import Counter

from evaluation.composition import numbers
from simulator.years import Fleet, Split

FLEET = Fleet(size=10_000, days=300, seed=3, split=Split.TRAIN)


def word_of(number: int) -> str:
    spells = FLEET.aid(number).spells
    return next((one.behaviour.finding for one in spells if one.behaviour.finding), "")


def test_every_word_gets_its_episodes_and_no_more() -> None:
    taken = [*numbers(FLEET, usual=2, more={"drive_worn": 5}, ordinary=7, most=400)]
    assert taken == sorted(set(taken))
    counted = Counter(word_of(number) for number in taken)
    assert counted.pop("") == 7
    assert counted.pop("drive_worn") == 5
    assert len(counted) >= 25
    assert set(counted.values()) == {2}


def test_no_more_than_there_is_time_for() -> None:
    few = [*numbers(FLEET, usual=2, more={}, ordinary=7, most=10)]
    assert len(few) == 10
    assert few == [*numbers(FLEET, usual=2, more={}, ordinary=7, most=400)][:10]
    assert not [*numbers(FLEET, usual=2, more={}, ordinary=7, most=0)]
