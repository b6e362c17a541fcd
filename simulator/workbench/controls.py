"""Hands on running aids: see how each stands, break it, repair it, misuse it, set the pace.

The names are those of ``simulator.failures``, ``simulator.misuse`` and
``simulator.scenarios.vocabulary``. Nothing here knows of HTTP or threads.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from simulator.failures import FAILURES, Failure, fail, repair
from simulator.fleet import Fleet
from simulator.home import Home
from simulator.installation import Installation
from simulator.misuse import MISUSES, Misuse
from simulator.pace import PacedTime
from simulator.scenarios.vocabulary import Do, Line, Mains, Modem, WallClock, do, surround

NOTICES_SHOWN = 5
USUAL_WEIGHT_KG = 75.0


class UnknownAidError(LookupError):
    """There is no such aid."""


class NotPossibleError(ValueError):
    """This aid cannot do or have that."""


@dataclass(frozen=True, kw_only=True)
class Controlled:
    """An aid within reach.

    Attributes:
        home: the aid, and who uses it.
        connected: whether its modem has the platform, or a modem its controller; None: unknown.
        call: the reason of the call that its modem has open, if it is known.
    """

    home: Home
    connected: Callable[[], bool | None] = lambda: None
    call: Callable[[], str | None] = lambda: None


@dataclass(frozen=True, kw_only=True)
class AidState:
    """How an aid stands.

    Attributes:
        reading: what its controller says (``gateway.hal.Reading``); None: the bus is silent.
        failures: injected here and not repaired since; misuse: what its people do with it.
        notices: the last that it announced to its rider; fallbacks: sent by telephone.
    """

    device: str
    kind: str
    profile: str
    connected: bool | None
    call: str | None
    reading: dict[str, Any] | None
    failures: list[str]
    misuse: list[str]
    mains: bool
    line_up: bool
    modem_on: bool
    clock_offset_ms: int
    clock_stopped_at_1970: bool
    notices: list[str]
    fallbacks: list[str]


class Controls:
    """Everything within reach, by the name of the device.

    Args:
        aids: returns what there is now.
        now_ms: the run's monotonic clock.
        pace: that time, if its speed may be changed; None: a real bus or modem keeps it real.
    """

    def __init__(
        self,
        aids: Callable[[], Mapping[str, Controlled]],
        *,
        now_ms: Callable[[], int],
        pace: PacedTime | None = None,
    ) -> None:
        self._aids = aids
        self._now_ms = now_ms
        self._pace = pace
        self._failing: defaultdict[str, set[Failure]] = defaultdict(set)

    def states(self) -> list[AidState]:
        """Return all aids, by name."""
        return [self._state(device, aid) for device, aid in sorted(self._aids().items())]

    def state(self, device: str) -> AidState:
        """Return one aid. Raises UnknownAidError."""
        return self._state(device, self._found(device))

    def fail(self, device: str, failure: Failure) -> None:
        """Break something. Raises UnknownAidError, NotPossibleError."""
        self._act(device, lambda home: fail(home, failure))
        self._failing[device].add(failure)

    def repair(self, device: str, failure: Failure) -> None:
        """Put it right. Raises likewise."""
        self._act(device, lambda home: repair(home, failure))
        self._failing[device].discard(failure)

    def misuse(self, device: str, misuse: Misuse) -> None:
        """Let the household do this from now on. Raises likewise."""
        kinds, _ = MISUSES[misuse]
        kind = self._found(device).home.aid.kind
        if kind not in kinds:
            raise NotPossibleError(f"nobody can do {misuse} with a {kind}")
        self._act(device, lambda home: home.misuse.add(misuse))

    def behave(self, device: str, misuse: Misuse) -> None:
        """Let it stop doing this. Raises UnknownAidError."""
        self._act(device, lambda home: home.misuse.discard(misuse))

    def do(self, device: str, action: Do, *, weight_kg: float = USUAL_WEIGHT_KG) -> None:
        """Let people do something now. Raises UnknownAidError, NotPossibleError."""
        self._act(device, lambda home: do(home, action, weight_kg=weight_kg))
        if action is Do.RESCUE:  # the mechanic sets everything right
            self._failing[device].clear()

    def surround(self, device: str, event: Mains | Line | Modem | WallClock) -> None:
        """Change what is around the aid. Raises UnknownAidError."""
        self._act(device, lambda home: surround(home, event))

    @property
    def speed(self) -> float:
        """How many times as fast as life it goes."""
        return 1.0 if self._pace is None else self._pace.factor

    def set_speed(self, factor: float) -> None:
        """Go on at another pace. Raises NotPossibleError."""
        if self._pace is None:
            raise NotPossibleError("a real modem is attached: time is real")
        try:
            self._pace.set_factor(factor)
        except ValueError as error:
            raise NotPossibleError(str(error)) from error

    def _found(self, device: str) -> Controlled:
        aid = self._aids().get(device)
        if aid is None:
            raise UnknownAidError(f"no aid is called {device}")
        return aid

    def _act(self, device: str, act: Callable[[Home], None]) -> None:
        home = self._found(device).home
        home.advance_to(self._now_ms())
        try:
            act(home)
            home.advance_to(self._now_ms())  # what was begun: it may find that it cannot be
        except (TypeError, ValueError) as error:
            raise NotPossibleError(str(error)) from error

    def _state(self, device: str, aid: Controlled) -> AidState:
        home = aid.home
        home.advance_to(self._now_ms())
        try:
            reading = msgspec.to_builtins(home.read())
        except OSError:
            reading = None
        surroundings = home.surroundings
        return AidState(
            device=device,
            kind=home.aid.kind.value,
            profile=home.board.profile.name,
            connected=aid.connected(),
            call=aid.call(),
            reading=reading,
            failures=sorted(self._failing[device]),
            misuse=sorted(home.misuse),
            mains=home.aid.mains,
            line_up=surroundings.line_up,
            modem_on=surroundings.modem_on,
            clock_offset_ms=surroundings.clock_offset_ms,
            clock_stopped_at_1970=surroundings.clock_stopped_at_1970,
            notices=[notice.value for _, notice in home.notices[-NOTICES_SHOWN:]],
            fallbacks=[text for _, text in home.fallbacks[-NOTICES_SHOWN:]],
        )


def controls_of(fleet: Fleet) -> Controls:
    """Return the controls of a live fleet."""

    def controlled(installation: Installation) -> Controlled:
        return Controlled(
            home=installation.home,
            connected=lambda: installation.is_connected,
            call=lambda: _open_call(installation),
        )

    return Controls(
        lambda: {name: controlled(one) for name, one in fleet.by_device.items()},
        now_ms=fleet.time.monotonic_ms,
        pace=fleet.time,
    )


def _open_call(installation: Installation) -> str | None:
    agent = installation.agent
    return None if agent is None or agent.call is None else agent.call.reason


def names() -> dict[str, Any]:
    """Return every name that can be used, with the kinds of aids that it goes with."""
    failures = {
        name.value: {"kinds": sorted(switch.kinds), "doc": switch.doc}
        for name, switch in FAILURES.items()
    }
    misuses = {
        name.value: {"kinds": sorted(kinds), "doc": doc} for name, (kinds, doc) in MISUSES.items()
    }
    lists = {"do": Do, "mains": Mains, "line": Line, "modem": Modem, "clock": WallClock}
    return {"failures": failures, "misuse": misuses} | {
        key: [word.value for word in words] for key, words in lists.items()
    }
