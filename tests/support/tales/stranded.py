"""Clients who cannot get home."""

from msgspec.structs import replace

from diagnostics.facts import Fact
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Demand, Seat, Signals
from tests.support.facts import AT_HOME, DRIVING, HALTED, Word, aid_of
from tests.support.tales import Tale

REFUSED = replace(HALTED, demand=Demand.UP, signals=HALTED.signals | Signals.REFUSED)
TIPPED = replace(HALTED, signals=HALTED.signals | Signals.TILTED)


def tales() -> list[Tale]:
    """A drive that fails, one that is flat, one that tips over, one that falls silent."""
    flat = replace(HALTED, fault="battery_flat", battery_mv=19_000)
    weak = replace(DRIVING, battery_mv=21_500)
    return [
        _outing("refused", [(REFUSED, 10), (HALTED, 90)]),
        _outing("flat", [(flat, 120)]),
        _outing("tipped", [(TIPPED, 5), (replace(TIPPED, seat=Seat.EMPTY), 60)], kind="wheelchair"),
        _outing("silent", [(weak, 20)]),
    ]


def _outing(name: str, parts: list[tuple[Sample, float]], kind: str = "scooter") -> Tale:
    word, now = Word(), 30.0
    facts: list[Fact] = [word.connected(0, 1, AT_HOME), *word.samples(1, now, DRIVING)]
    for sample, seconds in parts:
        facts += word.samples(now, now + seconds, sample, every=1.0)
        now += seconds
    aid, finds = aid_of(kind), frozenset({"stranded"})
    return Tale(name=name, aid=aid, facts=facts, until=4_000, finds=finds)
