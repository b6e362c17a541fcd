"""What the judgement of an emergency comes to, whatever the aid."""

from typing import NamedTuple, Protocol

from gateway.protocol.vocabulary import CallReason
from gateway.watch.situation import Situation


class Alarm(NamedTuple):
    """Somebody needs help, for this reason, for so long already."""

    reason: CallReason
    lasted_ms: int


class Judge(Protocol):
    """Watches for somebody in trouble; each kind of aid has its own.

    ``stand_told`` and ``sos_told`` say what has been alarmed already, and are carried over a
    restart: each standstill alarms once, the rider's own acts alarm anew.
    """

    stand_told: bool
    sos_told: bool

    @property
    def settled(self) -> bool:
        """Whether the same reading again, at any later time, brings nothing new."""

    def step(self, situation: Situation, *, riding: bool) -> Alarm | None:
        """Take in a reading. ``riding``: a ride is under way, moving or interrupted."""
