"""Decides which stored message goes out next, and which goes out again.

Calls first, then faults, replies, usage and status; within a kind in order. At most ``window``
messages are under way to the broker at a time, but a call never waits for room.

The broker's acknowledgement ends a status. The other kinds stay until the platform itself
confirms them, since brokers lose acknowledged messages in a crash; they go out again after a
pause that doubles with every attempt.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Final

from msgspec import Struct

from gateway.outbox import SENDING_ORDER, Outbox, Pending
from gateway.protocol.topics import RELIABLE, Kind
from gateway.uplink import Uplink


class DispatchSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much is under way at a time, and how long to wait for the platform's confirmation."""

    window: int = 20
    resend_ms: int = 15_000
    resend_max_ms: int = 900_000
    call_resend_max_ms: int = 30_000


class _Waiting(Struct):
    """Taken by the broker, not yet confirmed by the platform."""

    kind: Kind
    attempts: int
    due_ms: int


NEVER_MS: Final = 2**62


class Dispatch:
    """The traffic of one outbox over one uplink."""

    def __init__(
        self,
        outbox: Outbox,
        uplink: Uplink,
        settings: DispatchSettings,
        now_ms: Callable[[], int],
    ) -> None:
        self._outbox = outbox
        self._uplink = uplink
        self._settings = settings
        self._now_ms = now_ms
        self._cursor = dict.fromkeys(SENDING_ORDER, 0)
        self._more = set(SENDING_ORDER)
        self._under_way: set[int] = set()
        self._waiting: dict[int, _Waiting] = {}
        self._delivered_status: list[int] = []
        self._connection = 0
        self._due_ms = NEVER_MS
        self._pumping = False

    @property
    def all_sent(self) -> bool:
        """Whether all that is stored has gone out over this connection, or does so now."""
        return self._uplink.is_connected and not self._more

    def connected(self, *, resumed: bool) -> None:
        """Begin again from the oldest; a broker that forgot us may have lost what it took."""
        self._forget_delivered()
        self._connection += 1
        self._cursor = dict.fromkeys(SENDING_ORDER, 0)
        self._more = set(SENDING_ORDER)
        self._under_way.clear()
        if not resumed:
            self._waiting.clear()
        self._due_ms = 0  # what was being sent again when the line broke is so still

    def stored(self, kinds: Iterable[Kind]) -> None:
        """There is something new of ``kinds`` in the outbox."""
        self._more.update(kinds)

    def confirmed(self, seqs: tuple[int, ...]) -> None:
        """The platform has stored ``seqs``: put them aside."""
        for seq in seqs:
            self._waiting.pop(seq, None)
            self._under_way.discard(seq)
        self._outbox.confirm(seqs)

    def recovered(self, recovery: str) -> None:
        """The platform was restored from a backup: send again what it may have lost, once."""
        if self._outbox.take_back(recovery):
            self._cursor = dict.fromkeys(SENDING_ORDER, 0)
            self._more = set(SENDING_ORDER)

    def tick(self) -> int:
        """Do what time asks for. Returns when to call again though nothing happened."""
        if self._due_ms == NEVER_MS and not self._more and not self._delivered_status:
            return NEVER_MS  # so it is for most of an aid's life
        self._forget_delivered()
        self.pump()
        if not self._uplink.is_connected:
            return NEVER_MS
        return max(self._due_ms, self._now_ms() + 1_000)  # no room: later is early enough

    def pump(self) -> None:
        """Send what may go now."""
        if self._pumping or not self._uplink.is_connected:
            return
        self._pumping = True  # an uplink may report back, and so call us, while we hand over
        try:
            now_ms = self._now_ms()
            if now_ms >= self._due_ms:
                self._send_again(now_ms)
            if self._more:
                self._send_new(now_ms)
        finally:
            self._pumping = False

    def _forget_delivered(self) -> None:
        # Not one by one as they are delivered: each time costs a synced write.
        if self._delivered_status:
            self._outbox.forget(self._delivered_status)
            self._delivered_status.clear()

    def _send_new(self, now_ms: int) -> None:
        for kind in SENDING_ORDER:
            while kind in self._more:
                room = self._settings.window - len(self._under_way)
                if kind is Kind.CALL:
                    room = max(room, 1)
                if room <= 0:
                    return
                found = self._outbox.after(kind, self._cursor[kind], room)
                if len(found) < room:
                    self._more.discard(kind)
                for message in found:
                    known = message.seq in self._waiting or message.seq in self._under_way
                    if not known and not self._send(message, now_ms):
                        return
                    self._cursor[kind] = message.seq

    def _send_again(self, now_ms: int) -> None:
        for seq, waiting in list(self._waiting.items()):
            if waiting.due_ms > now_ms or seq in self._under_way:
                continue
            if waiting.kind is not Kind.CALL and len(self._under_way) >= self._settings.window:
                continue
            message = self._outbox.get(seq)
            if message is None:  # dropped meanwhile, for want of room
                self._waiting.pop(seq, None)
            elif not self._send(message, now_ms):
                break
        self._due_ms = min(
            (w.due_ms for seq, w in self._waiting.items() if seq not in self._under_way),
            default=NEVER_MS,
        )

    def _send(self, message: Pending, now_ms: int) -> bool:
        self._under_way.add(message.seq)
        delivered = partial(self._delivered, message.seq, message.kind, now_ms, self._connection)
        if self._uplink.publish(message.kind, message.payload, delivered):
            return True
        self._under_way.discard(message.seq)
        self._more.add(message.kind)
        return False

    def _delivered(
        self,
        seq: int,
        kind: Kind,
        sent_ms: int,
        connection: int,
        accepted: bool,  # noqa: FBT001 (the port's word)
    ) -> None:
        if connection != self._connection or seq not in self._under_way:
            return  # word of an earlier connection, or the platform's own came first
        self._under_way.discard(seq)
        if accepted and kind not in RELIABLE:
            self._delivered_status.append(seq)
        else:
            self._wait(seq, kind, sent_ms)
        with suppress(sqlite3.Error):  # the uplink can do nothing about it; who calls ``tick`` can
            self.pump()

    def _wait(self, seq: int, kind: Kind, sent_ms: int) -> None:
        """Expect the platform's confirmation of ``seq``, and send it again without."""
        known = self._waiting.get(seq)
        attempts = 1 if known is None else known.attempts + 1
        limit_ms = self._settings.resend_max_ms
        if kind is Kind.CALL:
            limit_ms = self._settings.call_resend_max_ms
        due_ms = sent_ms + min(self._settings.resend_ms * 2 ** min(attempts - 1, 20), limit_ms)
        self._waiting[seq] = _Waiting(kind, attempts, due_ms)
        self._due_ms = min(self._due_ms, due_ms)
