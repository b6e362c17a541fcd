"""Riders who cannot get off."""

from msgspec.structs import replace

from gateway.protocol.vocabulary import Demand, Signals
from tests.support.facts import AID, ARRIVED, PARKED, RIDING, STOPPED, Word
from tests.support.tales import Tale


def tales() -> list[Tale]:
    """One that refuses, and goes on later; one that is silent."""
    word = Word()
    refused = replace(STOPPED, demand=Demand.UP, signals=Signals.REFUSED)
    stays = [
        word.sample(-1, PARKED),
        *word.samples(0, 10, RIDING),
        *word.samples(10, 40, refused),
        *word.samples(40, 50, RIDING),
        word.sample(50, ARRIVED),
        word.ride_ended(51),
    ]
    silent = [word.connected(100, 1, PARKED), *word.samples(101, 110, RIDING), word.lost(125, 1)]
    finds = frozenset({"stuck"})
    return [
        Tale(name="refused", aid=AID, facts=stays, until=600, finds=finds),
        Tale(name="silent", aid=AID, facts=silent, until=900, finds=finds),
    ]
