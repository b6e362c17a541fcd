"""Moves recorded messages to now, under identities of their own. Pure."""

from hashlib import md5
from typing import NamedTuple

from msgspec import structs

from gateway.protocol.messages import Call, Presence, Upward
from simulator.said import Said


class Plan(NamedTuple):
    """How a recording is played.

    Attributes:
        from_ms: when its first message was received; to_ms: its last.
        start_ms: when it is played: true wall time.
        speed: how many times as fast; None: as fast as possible.
        keep_times: leave the times in the messages as they are.
        run: makes identities of this run; "": leave them as they are.
    """

    from_ms: int
    to_ms: int
    start_ms: int
    speed: float | None
    keep_times: bool = False
    run: str = ""

    def due_ms(self, received_ms: int) -> int:
        """Return when a message is to be played that was received then: wall time."""
        if self.speed is None:
            return self.start_ms
        return self.start_ms + round((received_ms - self.from_ms) / self.speed)

    def moved_ms(self, received_ms: int) -> int:
        """Return by how much its times are moved."""
        if self.keep_times:
            return 0
        if self.speed is None:
            return self.start_ms - self.to_ms
        return self.due_ms(received_ms) - received_ms


def rebased(said: Said, plan: Plan) -> Said:
    """Return ``said`` as it is played: received when due, its times moved likewise."""
    by_ms = plan.moved_ms(said.received_ms)
    received_ms = said.received_ms + by_ms
    return said._replace(received_ms=received_ms, message=_moved(said.message, by_ms, plan.run))


def _moved(message: Upward, by_ms: int, run: str) -> Upward:
    changes: dict[str, int | str] = {"time_ms": max(0, message.time_ms + by_ms)}
    if isinstance(message, Call):
        changes["since_ms"] = max(0, message.since_ms + by_ms)
    if run:
        if message.outbox is not None:
            changes["outbox"] = _identity(run, message.outbox)
        if isinstance(message, Call | Presence) and message.call_id is not None:
            changes["call_id"] = _identity(run, message.call_id)
    return structs.replace(message, **changes)


def _identity(run: str, recorded: str) -> str:
    return md5(f"{run}/{recorded}".encode(), usedforsecurity=False).hexdigest()
