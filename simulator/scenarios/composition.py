"""Scenarios made of others: loops and inclusions are written out, so that a player need not know.

``include`` brings the steps of another scenario to a moment of this one; ``then`` lets others
follow when this one is over. The label, the aid and the people are always those of the outermost.
"""

from collections.abc import Callable, Iterable, Iterator

from msgspec import structs

from simulator.scenarios.durations import duration_ms, written
from simulator.scenarios.model import Scenario
from simulator.scenarios.steps import MAX_STEPS, Step

MAX_DEPTH = 8
Lookup = Callable[[str], Scenario]


def flattened(scenario: Scenario, lookup: Lookup) -> Scenario:
    """Return ``scenario`` with every loop and inclusion written out, steps in order of time.

    Raises:
        KeyError: it includes what ``lookup`` does not know.
        ValueError: it includes itself, or becomes too long.
    """
    if not scenario.then and not any(step.repeat or step.include for step in scenario.steps):
        return scenario
    timed = list(_written_out(scenario.steps, 0, lookup, (scenario.name,)))
    end_ms = scenario.duration_ms
    for name in scenario.then:
        other = _other(name, lookup, (scenario.name,))
        timed += _written_out(other.steps, end_ms, lookup, (scenario.name, name))
        end_ms += other.duration_ms
    timed.sort(key=lambda pair: pair[0])
    if len(timed) > MAX_STEPS:
        raise ValueError(f"{len(timed)} steps are more than {MAX_STEPS}")
    steps = tuple(structs.replace(step, at=written(at_ms)) for at_ms, step in timed)
    return structs.replace(scenario, steps=steps, then=(), duration=written(end_ms))


def _written_out(
    steps: Iterable[Step], begin_ms: int, lookup: Lookup, within: tuple[str, ...]
) -> Iterator[tuple[int, Step]]:
    for step in steps:
        at_ms = begin_ms + step.at_ms
        if step.repeat is not None:
            every_ms = duration_ms(step.repeat.every)
            for number in range(step.repeat.times):
                yield from _written_out(
                    step.repeat.steps, at_ms + number * every_ms, lookup, within
                )
        elif step.include is not None:
            other = _other(step.include, lookup, within)
            yield from _written_out(other.steps, at_ms, lookup, (*within, step.include))
        else:
            yield at_ms, step


def _other(name: str, lookup: Lookup, within: tuple[str, ...]) -> Scenario:
    if name in within:
        raise ValueError(f"{name} includes itself: {' > '.join((*within, name))}")
    if len(within) > MAX_DEPTH:
        raise ValueError(f"included deeper than {MAX_DEPTH} times: {' > '.join(within)}")
    return lookup(name)
