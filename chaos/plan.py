"""Which fault befalls what, and when: a seed becomes a list. Knows no clock and touches nothing.

Faults are dealt like cards. Every pair of a kind and a subject comes once before any comes
again, so that a run of some dozens has seen all of them, whatever its seed.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from random import Random
from typing import Final

from msgspec import Struct, structs


class Kind(StrEnum):
    """What can be done to a part."""

    KILL = "kill"
    TERM = "term"
    PAUSE = "pause"
    PARTITION = "partition"
    FILL = "fill"
    SKEW = "skew"
    SLOW_DISK = "slow_disk"
    SLOW_LINE = "slow_line"


GATEWAYS: Final = ("gateway-0", "gateway-1", "gateway-2")
INGEST: Final = ("ingest-low", "ingest-high")
PROCESSES: Final = (*INGEST, "broker", "database", "diagnostics", "analysis", "api", *GATEWAYS)
# To start the api takes longer than all others together, and nobody's call depends on it.
MORTAL: Final = tuple(name for name in PROCESSES if name != "api")
# Who talks to whom over a network that may be cut.
LINES: Final = (
    "home-broker",
    "ingest-broker",
    "ingest-database",
    "engine-database",
    "engine-broker",
)
SUBJECTS: Final = {
    Kind.KILL: MORTAL,
    Kind.TERM: MORTAL,
    Kind.PAUSE: (*PROCESSES, "lifts"),
    Kind.PARTITION: LINES,
    Kind.FILL: ("database", "home", "broker"),
    Kind.SKEW: (*INGEST, "diagnostics", *GATEWAYS),
    Kind.SLOW_DISK: ("database", "broker", *GATEWAYS),
    Kind.SLOW_LINE: ("home",),
}
SHORTEST_S: Final = 0.5
LONGEST_S: Final = 3.0
# How long a part is left alone after a fault: as long as it needs to come back, so that the next
# one meets something that works.
REST_S: Final = 3.0
# What a clock is wrong by: from what synchronising corrects to what a paused machine wakes up with.
MOST_SKEW_S: Final = 90.0
WAYS: Final = ("both", "there", "back")


class Fault(Struct, frozen=True, kw_only=True):
    """One fault.

    Attributes:
        at_s: when it begins, since the start of the run; ``lasts_s``: how long it is kept up.
        skew_s: by how much a clock goes wrong; 0 for other kinds.
        way: which direction of a line is cut: ``both``, ``there`` or ``back``; "" for other kinds.
    """

    number: int
    kind: Kind
    subject: str
    at_s: float
    lasts_s: float
    skew_s: float = 0.0
    way: str = ""

    @property
    def until_s(self) -> float:
        """When it is taken away."""
        return self.at_s + self.lasts_s

    @property
    def holds(self) -> tuple[str, ...]:
        """What no other fault may befall meanwhile."""
        if self.kind is Kind.FILL and self.subject == "home":
            # A modem whose disk is full goes on in memory: without power, that is gone by design.
            return ("home", *GATEWAYS)
        return (self.subject,)


def plan(seed: int, *, faults: int, seconds: float, kinds: Collection[Kind]) -> tuple[Fault, ...]:
    """Return ``faults`` faults of ``kinds``, spread over ``seconds``, in order of their beginning.

    Raises:
        ValueError: there is nothing to draw from, or no time for so many.
    """
    if not kinds:
        raise ValueError("no kind of fault can be had here")
    random = Random(seed)  # noqa: S311 - must come out the same again
    times = sorted(random.uniform(0, seconds) for _ in range(faults))
    deck = _deck(random, kinds)
    waiting: list[tuple[Kind, str]] = []
    free_s: dict[str, float] = {}
    found: list[Fault] = []
    for number, at_s in enumerate(times):
        while len(waiting) < 2 * len(PROCESSES):
            waiting.append(next(deck))
        index, fault = _first_fit(random, waiting, free_s, number, at_s)
        del waiting[index]
        for held in fault.holds:
            free_s[held] = fault.until_s + REST_S
        found.append(fault)
    return tuple(sorted(found, key=lambda fault: fault.at_s))


def _deck(random: Random, kinds: Collection[Kind]) -> Iterator[tuple[Kind, str]]:
    cards = [(kind, subject) for kind in Kind if kind in kinds for subject in SUBJECTS[kind]]
    while True:
        random.shuffle(cards)
        yield from cards


def _first_fit(
    random: Random,
    waiting: list[tuple[Kind, str]],
    free_s: dict[str, float],
    number: int,
    at_s: float,
) -> tuple[int, Fault]:
    """Return the first of those that wait whose subject is free, or will be soonest."""
    lasts_s = random.uniform(SHORTEST_S, LONGEST_S)
    skew_s = random.uniform(-MOST_SKEW_S, MOST_SKEW_S)
    way = random.choice(WAYS)
    best: tuple[float, int, Fault] | None = None
    for index, (kind, subject) in enumerate(waiting):
        fault = Fault(
            number=number,
            kind=kind,
            subject=subject,
            at_s=at_s,
            lasts_s=lasts_s,
            skew_s=skew_s if kind is Kind.SKEW else 0.0,
            way=way if kind is Kind.PARTITION else "",
        )
        late_s = max(0.0, max(free_s.get(held, 0.0) for held in fault.holds) - at_s)
        if best is None or late_s < best[0]:
            best = late_s, index, fault
        if late_s == 0:
            break
    if best is None or best[0] > LONGEST_S + REST_S:
        raise ValueError("too many faults for the time")
    late_s, index, fault = best
    return index, structs.replace(fault, at_s=at_s + late_s)
