"""Looks after the modem itself: its certificate."""

from typing import Final

from gateway.agent import Agent
from gateway.config import Config
from gateway.hal import Clock
from gateway.identity import IdentityFile
from gateway.link import Link
from gateway.loop import Loop
from gateway.renewal import Renewal

IDLE_MS: Final = 3_600_000


class Steward:
    """The steward of a modem that is a process of its own; see ``gateway.agent.Steward``.

    Args:
        config: of the modem.
        agent: what it must not disturb.
        loop: what drives both.
        link: the agent's connection.
        clock: both clocks.
    """

    def __init__(
        self,
        config: Config,
        *,
        agent: Agent,
        loop: Loop,
        link: Link,
        clock: Clock,
    ) -> None:
        self._clock = clock
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
        if self._renewal is None:
            return self._clock.monotonic_ms() + IDLE_MS
        return self._renewal.step()

    def install(self, chain: str) -> str:
        """Take a certificate into use. Returns why not, or nothing."""
        if self._renewal is None:
            return "key and certificate are looked after elsewhere"
        return self._renewal.install(chain)
