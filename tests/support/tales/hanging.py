"""People who hang in a hoist that does not let them down."""

from msgspec.structs import replace

from diagnostics.facts import Fact
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import Demand, Signals
from tests.support.facts import HANGING, LAID_DOWN, LIFTING, Word, aid_of
from tests.support.tales import Tale


def tales() -> list[Tale]:
    """A fault, a button that does nothing, and a transfer without an end."""
    refused = replace(HANGING, demand=Demand.DOWN, signals=Signals.REFUSED)
    return [
        _transfer("fault", [(replace(HANGING, fault="actuator"), 60)]),
        _transfer("refused", [(refused, 5), (HANGING, 60)]),
        _transfer("long", [(HANGING, 2_000)]),
    ]


def _transfer(name: str, parts: list[tuple[Sample, float]]) -> Tale:
    word, now = Word(), 20.0
    facts: list[Fact] = [word.connected(0, 1, LAID_DOWN), *word.samples(1, now, LIFTING)]
    for sample, seconds in parts:
        facts += word.samples(now, now + seconds, sample, every=max(1.0, seconds / 60))
        now += seconds
    aid, finds = aid_of("hoist"), frozenset({"hanging"})
    return Tale(name=name, aid=aid, facts=facts, until=4_000, finds=finds)
