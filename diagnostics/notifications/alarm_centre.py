"""Hands emergencies over to alarm receiving centres, by SIA DC-09 over TCP.

Delivered means that the centre acknowledged this very sequence number. A repetition has the same
number, so the centre recognises it.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec

from diagnostics.notifications import dc09
from diagnostics.notifications.channel import ALARM_CENTRE
from diagnostics.notifications.dc09 import Account, Answer, AnswerKind
from diagnostics.notifications.message import Outgoing, Proof, SendError

TIMEOUT_S: Final = 10.0
_LONGEST_ANSWER: Final = 4096


class Centre(msgspec.Struct, frozen=True):
    """Where a centre is, and under which numbers it knows us."""

    host: str
    port: int
    account: str
    line: str
    receiver: str | None = None
    key: str | None = None

    @property
    def ours(self) -> Account:
        """Our account there."""
        return Account(account=self.account, line=self.line, receiver=self.receiver, key=self.key)


class AlarmCentreSender:
    """Sends events, each on a connection of its own.

    Args:
        random: below a bound, for padding; not to be foreseen.
    """

    channel = ALARM_CENTRE

    def __init__(self, *, random: Callable[[int], int]) -> None:
        self._random = random

    async def send(self, message: Outgoing, now: datetime) -> Proof:
        """Send an event, and wait for its acknowledgement.

        Raises:
            SendError: the centre did not acknowledge it.
        """
        if message.address is None:
            raise SendError("the centre is no more", needless=True)
        centre = msgspec.convert(message.address, Centre)
        payload = message.payload
        frame = dc09.event(
            centre.ours,
            sequence=payload["sequence"],
            code=payload["code"],
            zone=payload["zone"],
            text=payload["text"],
            occurred_at=datetime.fromisoformat(payload["occurred_at"]),
            at=now,
            random=self._random,
        )
        return await exchange(centre, frame, payload["sequence"], now)

    async def close(self) -> None:
        """Nothing stays open."""


async def exchange(centre: Centre, frame: bytes, sequence: int, now: datetime) -> Proof:
    """Send ``frame`` and return the acknowledgement.

    Raises:
        SendError: there is none.
    """
    try:
        async with asyncio.timeout(TIMEOUT_S):
            received = await _exchanged(centre, frame)
        said = dc09.answer(received, centre.ours)
    except TimeoutError as error:
        raise SendError(f"no answer within {TIMEOUT_S:.0f} s") from error
    except (OSError, EOFError, asyncio.LimitOverrunError) as error:
        raise SendError(f"{type(error).__name__}: {error}") from error
    except ValueError as error:
        raise SendError(str(error)) from error
    return _proof(said, sequence, now)


async def _exchanged(centre: Centre, frame: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(centre.host, centre.port, limit=_LONGEST_ANSWER)
    try:
        writer.write(frame)
        await writer.drain()
        return await reader.readuntil(b"\r")
    finally:
        writer.close()


def _proof(said: Answer, sequence: int, now: datetime) -> dict[str, Any]:
    if said.kind is AnswerKind.NAK:
        clocks = (
            "" if said.at is None else f": its clock says {said.at:%H:%M:%S}, ours {now:%H:%M:%S}"
        )
        raise SendError(f"NAK{clocks}")
    if said.kind is AnswerKind.DUH:
        # Somebody at the centre can mend that, so it is tried again.
        raise SendError("DUH: the centre does not know what to do with it")
    if said.sequence != sequence:
        raise SendError(f"acknowledges {said.sequence:04d}, and not {sequence:04d}")
    return {"answer": said.kind.value, "sequence": said.sequence}
