"""What a behaviour is: a name, the truth about it, and how it shapes an aid's life."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np

from gateway.protocol.vocabulary import AidKind
from simulator.years.life import Bools, Floats, Life
from simulator.years.profiles import Profile

ALL = frozenset(AidKind)
LIFTS = frozenset({AidKind.STAIRLIFT})
HOISTS = frozenset({AidKind.HOIST})
WHEELS = frozenset({AidKind.SCOOTER, AidKind.WHEELCHAIR})


class Stage(IntEnum):
    """When a behaviour has its say."""

    DAYS = 0  # how things stand by day
    RIDES = 1  # who rides, with what
    SIGHT = 2  # what sensors make of it, and what faults are shown


class Split(StrEnum):
    """What a behaviour may be used for: nothing is tuned on those kept for the test."""

    TRAIN = "train"
    TEST = "test"


@dataclass(kw_only=True)
class Spell:
    """A behaviour at one aid, from day ``first`` until the beginning of day ``until``.

    Attributes:
        rng: its own, so that one behaviour more changes nothing of the others.
        fails: the day on which the aid can no longer do its work.
        began_ms, until_ms: set by the behaviour where the day is too coarse.
        skipped: the behaviour could not be had of this aid; no truth about it.
    """

    behaviour: "Behaviour"
    first: int
    until: int
    rng: np.random.Generator
    fails: int | None = None
    began_ms: int | None = None
    until_ms: int | None = None
    skipped: bool = False

    def during(self, life: Life) -> Bools:
        """Return by day whether it is going on."""
        day = np.arange(life.calendar.days)
        result: Bools = (day >= self.first) & (day < self.until)
        return result

    def grown(self, life: Life, *, over: float | None = None, power: float = 1.0) -> Floats:
        """Return by day how far it has come: 0 before, 1 after ``over`` days (or at its end)."""
        day = np.arange(life.calendar.days, dtype=float)
        length = max(1.0, over if over is not None else float(self.until - self.first))
        share = np.clip((day - self.first + 1) / length, 0, 1) ** power
        result: Floats = np.where(day < self.until, share, 0.0)
        return result

    def rides(self, life: Life) -> Bools:
        """Return of which rides it is the time."""
        result: Bools = self.during(life)[life.rides.day]
        return result


Act = Callable[[Life, Spell], None]


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """One way of being fine, failing or being misused.

    Attributes:
        name: ``finding/variant``, or ``fine/variant`` of what only looks like something.
        finding: the word of the platform's catalogue that must be found; "": none.
        forbidden: words that must not be found.
        allowed: words that may be found besides, being true as well.
        kinds: of aids that can have it.
        split: what it may be used for.
        lasts: fewest and most days; None: to the end of the run, or until it is repaired.
        stage: when it acts.
        visible: whether a controller of this profile lets anybody see it.
        text: what it is, for people.
        act: what it does to an aid's life.
    """

    name: str
    finding: str
    forbidden: tuple[str, ...]
    allowed: tuple[str, ...]
    kinds: frozenset[AidKind]
    split: Split
    lasts: tuple[int, int] | None
    stage: Stage
    visible: Callable[[Profile], bool]
    text: str
    act: Act


BEHAVIOURS: dict[str, Behaviour] = {}


def always(_: Profile) -> bool:
    """Any controller shows it."""
    return True


def behaviour(
    name: str,
    *,
    kinds: Iterable[AidKind] = ALL,
    finding: str | None = None,
    forbidden: tuple[str, ...] = (),
    allowed: tuple[str, ...] = (),
    test: bool = False,
    lasts: tuple[int, int] | None = None,
    stage: Stage = Stage.DAYS,
    visible: Callable[[Profile], bool] = always,
) -> Callable[[Act], Behaviour]:
    """Make a function a behaviour, and register it under ``name``."""
    family = name.split("/", maxsplit=1)[0]

    def register(act: Act) -> Behaviour:
        if name in BEHAVIOURS:
            raise ValueError(f"two behaviours are called {name}")
        made = Behaviour(
            name=name,
            finding=("" if family == "fine" else family) if finding is None else finding,
            forbidden=forbidden,
            allowed=allowed,
            kinds=frozenset(kinds),
            split=Split.TEST if test else Split.TRAIN,
            lasts=lasts,
            stage=stage,
            visible=visible,
            text=(act.__doc__ or "").strip().split("\n")[0],
            act=act,
        )
        BEHAVIOURS[name] = made
        return made

    return register


def behaviours_for(
    kind: AidKind, *, split: Split | None = None, finding: str | None = None
) -> tuple[Behaviour, ...]:
    """Return the behaviours of one kind of aid, sorted by name; None: all of them."""
    found = [
        one
        for one in BEHAVIOURS.values()
        if kind in one.kinds
        and (split is None or one.split is split)
        and (finding is None or one.finding == finding)
    ]
    return tuple(sorted(found, key=lambda one: one.name))
