"""The test lift: the gateway's own code around a controller whose button is pressed by a timer.

It has a device's certificate and nothing else, above all no way to the database: whoever takes it
over can call for help as the test lift, and that is all.
"""

import logging
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from gateway.agent import Agent, AgentSettings
from gateway.clock import SystemClock
from gateway.hal import Clock, Notice, Reading
from gateway.link import Link
from gateway.loop import Loop
from gateway.metrics import Family, Tally, counter, tally
from gateway.mqtt import LinkSettings
from gateway.outbox import Outbox
from gateway.protocol.vocabulary import Landing, Seat, Signals

logger = logging.getLogger(__name__)

FIRST_MS: Final = 10_000  # after the start: whoever installs it wants to see it work
LOOK_MS: Final = 250
BATTERY_MV: Final = 26_400


class Button:
    """Controller and telephone of a lift that stands parked, and whose button can be pressed.

    Args:
        now_ms: a clock that never jumps.
    """

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._pressed_ms: int | None = None
        self.held = False
        self.answered_in = Tally()
        self.unanswered = 0

    def press(self) -> None:
        """Press it, until it is let go."""
        self.held = True
        self._pressed_ms = self._now_ms()

    def read(self) -> Reading:
        """Return the present reading."""
        signals = Signals.MAINS | Signals.CHARGING
        return Reading(
            position_mm=0,
            speed_mm_s=0,
            current_ma=0,
            battery_mv=BATTERY_MV,
            seat=Seat.EMPTY,
            landing=Landing.BOTTOM,
            signals=signals | Signals.SOS if self.held else signals,
        )

    def announce(self, notice: Notice) -> None:
        """Write down how long it took until help was announced."""
        if notice is Notice.HELP_COMING and self._pressed_ms is not None:
            took_s = (self._now_ms() - self._pressed_ms) / 1000
            logger.info("help was announced %.2f s after the press", took_s)
            self.answered_in.add(took_s)
            self._pressed_ms = None

    def send_fallback(self, text: str) -> None:
        """Nobody answered: the platform pages by itself that the test is late."""
        self.unanswered += 1
        logger.error("the platform does not answer the self-test: %s", text)


class Probe:
    """Presses the button at a set interval, one call at a time.

    Args:
        link: where the broker is, with the certificate of the test lift.
        device: its name.
        every_s: between two presses.
        state: the modem's disk; None: it forgets at a restart.
        clock: both clocks.
    """

    def __init__(
        self,
        link: LinkSettings,
        *,
        device: str,
        every_s: float,
        state: Path | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._loop = Loop(self._clock)
        self._every_ms = round(every_s * 1000)
        self._button = Button(self._clock.monotonic_ms)
        self._agent = Agent(
            AgentSettings(device=device, firmware="self-test"),
            controller=self._button,
            telephone=self._button,
            clock=self._clock,
            outbox=_outbox(state, device),
            uplink=Link(link, device=device, loop=self._loop),
            new_id=_new_id,
        )
        first_ms = min(FIRST_MS, self._every_ms)
        self._due_ms = self._clock.monotonic_ms() + first_ms

    def run(self) -> None:
        """Run until ``stop``."""
        self._agent.start()
        self._loop.add(self._agent)
        self._loop.add(self)
        self._loop.run(until=lambda: self._agent.is_stopped)
        self._loop.close()
        self._agent.outbox.close()

    def figures(self) -> Iterator[Family]:
        """Yield what there is to tell; from any thread."""
        yield tally(
            "self_test_seconds",
            "From the press of the test lift's button to its word that help is announced.",
            self._button.answered_in,
        )
        yield counter(
            "self_test_unanswered", "Times that nobody answered.", self._button.unanswered
        )

    def stop(self) -> None:
        """Say goodbye; from a signal handler or any thread."""
        self._loop.call_soon(self._agent.stop)

    def step(self) -> int:
        """Press when it is time, and let go once the lift calls."""
        now_ms = self._clock.monotonic_ms()
        if self._agent.call is not None:
            self._button.held = False
        elif now_ms >= self._due_ms:
            self._due_ms = now_ms + self._every_ms
            self._button.press()
        return now_ms + LOOK_MS


def _outbox(state: Path | None, device: str) -> Outbox:
    if state is not None:
        try:
            state.mkdir(parents=True, exist_ok=True)
            return Outbox(state / "self-test.db", device=device, new_id=_new_id)
        except (OSError, sqlite3.Error) as error:
            logger.warning("no place on disk at %s, going on in memory: %s", state, error)
    return Outbox(":memory:", device=device, new_id=_new_id)


def _new_id() -> str:
    return uuid.uuid4().hex
