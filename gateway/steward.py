"""Looks after the modem itself: its certificate, its programme."""

import os
from typing import Final

from gateway.agent import Agent
from gateway.config import Config
from gateway.hal import Clock
from gateway.identity import IdentityFile
from gateway.launcher import ALIVE, Alive
from gateway.link import Link
from gateway.loop import Loop
from gateway.protocol.messages import Piece, Update
from gateway.protocol.vocabulary import Refusal
from gateway.renewal import Renewal
from gateway.slots import Slots
from gateway.updates import Updates

IDLE_MS: Final = 3_600_000
# An agent that fails at each step judges no reading: whoever is stuck is not seen. After so long it
# shows no sign of life, and is started anew.
FAILING_MS: Final = 15_000
# While the disk fails nothing is renewed: should it hang, who writes to it is heard no more.
DISK_LOOK_MS: Final = 60_000


class Steward:
    """The steward of a modem that is a process of its own; see ``gateway.orders.Steward``.

    Args:
        config: of the modem.
        agent: what it must not disturb.
        loop: what drives both.
        link: the agent's connection.
        clock: both clocks.
        version: of the programme that runs.
    """

    def __init__(
        self,
        config: Config,
        *,
        agent: Agent,
        loop: Loop,
        link: Link,
        clock: Clock,
        version: str,
    ) -> None:
        self._clock = clock
        self._agent = agent
        self._alive = Alive(os.environ.get(ALIVE))
        self.restarts = False
        self._updates: Updates | None = None
        # Who was not started by the launcher has nobody to start the other programme.
        if config.update is not None and ALIVE in os.environ:
            self._updates = Updates(
                config.update,
                slots=Slots(config.update.folder),
                version=version,
                home=agent,
                restart=self._restart,
                loop=loop,
                trial=config.trial,
            )
        self._renewal: Renewal | None = None
        tls = config.link.tls
        if tls is not None and tls.key is None:
            self._renewal = Renewal(
                IdentityFile(tls.certificate),
                device=config.device,
                loop=loop,
                link=link,
                idle=lambda: agent.idle,
                send=agent.ask_certificate,
                monotonic_ms=clock.monotonic_ms,
                wall_ms=lambda: agent.wall_ms,
                check_every_ms=config.renewal_check_s * 1000,
            )

    def step(self) -> int:
        """Do what is due. Returns when to be called again."""
        failing = self._clock.monotonic_ms() - self._agent.stepped_ms >= FAILING_MS
        if not failing and not self._alive.say():  # init has started another launcher
            self._agent.stop()
        if self._agent.disk_fails:
            return self._clock.monotonic_ms() + DISK_LOOK_MS
        due_ms = self._clock.monotonic_ms() + IDLE_MS
        if self._renewal is not None:
            due_ms = min(due_ms, self._renewal.step())
        if self._updates is not None:
            due_ms = min(due_ms, self._updates.step())
        return due_ms

    def install(self, chain: str) -> str:
        """Take a certificate into use. Returns why not, or nothing."""
        if self._renewal is None:
            return "key and certificate are looked after elsewhere"
        if self._agent.disk_fails:
            return Refusal.DISK
        return self._renewal.install(chain)

    def update(self, order: Update) -> str:
        """Take another programme into use. Returns why not, or nothing."""
        if self._updates is None:
            return Refusal.UNABLE
        if self._agent.disk_fails:
            return Refusal.DISK
        return self._updates.order(order)

    def piece(self, piece: Piece) -> None:
        """Take a piece of it."""
        if self._updates is not None and not self._agent.disk_fails:
            self._updates.piece(piece)

    def _restart(self) -> None:
        self.restarts = True
        self._agent.stop()
