"""The test lift, which calls for help again as soon as it was answered: so the whole chain works.

It calls as any lift does: the same call again, ever more rarely, until there is an answer.
"""

import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event, Thread
from typing import Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from gateway.protocol.codec import decode_command, encode
from gateway.protocol.errors import ProtocolError
from gateway.protocol.messages import Call, CallStatus, Sample
from gateway.protocol.topics import Kind, topic_of
from gateway.protocol.vocabulary import CallPhase, CallReason, Demand, Landing, Mode, Seat
from ingest.provisioning.manifest import TEST_LIFT

CALM_S: Final = 0.8  # between an answer and the next call
REPEAT_S: Final = (1.0, 2.0, 4.0)
_PARKED: Final = Sample(
    0, None, None, None, None, Seat.UNKNOWN, Demand.NONE, Mode.NORMAL, Landing.UNKNOWN
)


class Canary:
    """Calls, and notes when it was answered (monotonic seconds).

    Args:
        host: the broker's; ``port``, ``certificates``: likewise.
        place: the network to call from.
    """

    def __init__(
        self,
        host: str,
        port: int,
        certificates: Path,
        place: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._answered_s: list[float] = []
        self._call_id = ""
        self._made = self._seq = 0
        self._answered = Event()
        self._outbox = uuid.uuid4().hex
        self._stop = Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=TEST_LIFT)
        self._client.tls_set(
            str(certificates / "ca.crt"),
            str(certificates / f"{TEST_LIFT}.crt"),
            str(certificates / f"{TEST_LIFT}.key"),
        )
        self._client.connect_timeout = 2.0
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe(
            topic_of(TEST_LIFT, Kind.COMMAND), 1
        )
        self._client.on_message = lambda _client, _data, message: self._hear(bytes(message.payload))
        self._thread = Thread(target=self._call)
        with place():  # threads stay where they begin
            self._client.connect_async(host, port, keepalive=5)
            self._client.loop_start()
            self._thread.start()

    def stop(self) -> None:
        """Call no more."""
        self._stop.set()
        self._thread.join()
        self._client.disconnect()
        self._client.loop_stop()

    def answered_since(self, since_s: float) -> float | None:
        """Return when a call was first answered at or after ``since_s``."""
        return next((at_s for at_s in list(self._answered_s) if at_s >= since_s), None)

    @property
    def counts(self) -> tuple[int, int]:
        """How many calls were made, and how many were answered."""
        return self._made, len(self._answered_s)

    def _call(self) -> None:
        while not self._stop.wait(CALM_S):
            self._answered.clear()
            self._call_id = uuid.uuid4().hex
            self._made += 1
            attempt = 1
            self._say(CallPhase.RAISED, attempt)
            while not self._answered.wait(REPEAT_S[min(attempt, len(REPEAT_S)) - 1]):
                if self._stop.is_set():
                    return
                attempt += 1
                self._say(CallPhase.REPEATED, attempt)
            self._say(CallPhase.CLEARED, attempt)

    def _say(self, phase: CallPhase, attempt: int) -> None:
        now_ms = time.time_ns() // 1_000_000
        self._seq += 1
        call = Call(
            device=TEST_LIFT,
            outbox=self._outbox,
            seq=self._seq,
            time_ms=now_ms,
            call_id=self._call_id,
            reason=CallReason.SOS,
            phase=phase,
            since_ms=now_ms,
            sample=_PARKED,
            attempt=attempt,
        )
        self._client.publish(topic_of(TEST_LIFT, Kind.CALL), encode(call), 1)

    def _hear(self, payload: bytes) -> None:
        try:
            _, command = decode_command(payload)
        except ProtocolError:
            return
        if isinstance(command, CallStatus) and command.call_id == self._call_id:
            if not self._answered.is_set():
                self._answered_s.append(time.monotonic())
            self._answered.set()
