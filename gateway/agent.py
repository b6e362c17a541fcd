"""The agent of one lift: ties controller, telephone, watch, outbox and uplink together.

``step`` reads the bus when that is due and sends what is to be sent; the uplink calls back when
something comes down. All of it happens in one thread, which may serve many agents.
"""

import logging
import sqlite3
from collections.abc import Callable
from typing import Final, Literal, TypeVar

import msgspec

from gateway.clock import CorrectedClock
from gateway.dispatch import Dispatch, DispatchSettings
from gateway.hal import ActiveFault, Clock, Controller, Notice, Reading, Telephone
from gateway.orders import Orders, Steward
from gateway.outbox import Outbox
from gateway.protocol.codec import Encoding, decode, encode, kind_of
from gateway.protocol.errors import ProtocolError
from gateway.protocol.messages import (
    Ack,
    Call,
    Fetch,
    IdentityRequest,
    Presence,
    Status,
    Upward,
)
from gateway.protocol.topics import Kind
from gateway.protocol.vocabulary import CallReason, Demand, Landing, Stage
from gateway.remote import Applied, with_remote
from gateway.testcalls import TestCalls, TestRecord
from gateway.trial import TrialSettings
from gateway.uplink import Uplink
from gateway.watch import Memory, Watch, WatchSettings
from gateway.watch.calls import OpenCall

# A bus that is silent for so long is a fault of its own.
BUS_PATIENCE_MS: Final = 5_000
# Between two announcements of "here I am".
IDENTIFY_EVERY_MS: Final = 1_000
# When it is tried whether a disk that failed can be written again; later each time, since one that
# hangs takes time from all else.
DISK_RETRY_MS: Final = 5_000
DISK_RETRY_MAX_MS: Final = 600_000
NO_ANSWER: Final = ActiveFault("controller", "no_answer")

_log = logging.getLogger(__name__)
Remembered = TypeVar("Remembered")
Kept = TypeVar("Kept")


class AgentSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent is told about itself."""

    device: str
    firmware: str = ""
    encoding: Encoding = Encoding.MSGPACK
    watch: WatchSettings = WatchSettings()
    dispatch: DispatchSettings = DispatchSettings()
    trial: TrialSettings = TrialSettings()


class Agent:
    """One lift's modem.

    Args:
        settings: who it is and how it judges.
        controller: the lift.
        telephone: the other way out.
        clock: both clocks.
        outbox: what is not yet confirmed; its device must be the same.
        uplink: the way to the platform.
        new_id: makes 32 random hexadecimal digits.
        steward: looks after the modem itself; None: somebody else does.
    """

    def __init__(
        self,
        settings: AgentSettings,
        *,
        controller: Controller,
        telephone: Telephone,
        clock: Clock,
        outbox: Outbox,
        uplink: Uplink,
        new_id: Callable[[], str],
        steward: Steward | None = None,
    ) -> None:
        self.steward = steward
        self._settings = settings
        self._controller = controller
        self._telephone = telephone
        self._clock = CorrectedClock(clock)
        self._now_ms = clock.monotonic_ms
        self._outbox = outbox
        self._disk: Outbox | None = None  # the one that failed, while we go on in memory
        self._disk_due_ms = self._disk_retry_ms = 0
        self._uplink = uplink
        self._new_id = new_id
        self._dispatch = Dispatch(outbox, uplink, settings.dispatch, clock.monotonic_ms)
        self._stored_memory = outbox.recall("watch")
        applied = _remembered(outbox.recall("settings"), Applied) or Applied()
        self._watch = self._watch_with(applied, _remembered(self._stored_memory, Memory))
        self._orders = Orders(settings.device, self, applied, settings.trial)
        self._tests = TestCalls(
            settings.watch.calls,
            _remembered(outbox.recall("test"), TestRecord),
            started_ms=clock.monotonic_ms(),
        )
        self._session = 0
        self._started = self._opened = False
        self._read_due_ms = clock.monotonic_ms()
        self._reading: Reading | None = None
        self._answered_ms = self._stepped_ms = clock.monotonic_ms()
        self._heard_ms: int | None = None
        self._identify_until_ms = 0
        self._identify_due_ms = 0

    @property
    def outbox(self) -> Outbox:
        """What is not yet confirmed."""
        return self._outbox

    @property
    def call(self) -> OpenCall | None:
        """The call that is open."""
        return self._watch.call

    @property
    def idle(self) -> bool:
        """Whether nobody rides or needs help, so that a moment's absence does no harm."""
        return not self._watch.under_way and not self._holds_call()

    def ask_certificate(self, request: str) -> bool:
        """Send a request for a certificate; False without a connection."""
        asked = IdentityRequest(
            device=self._settings.device, time_ms=max(self._clock.wall_ms(), 0), request=request
        )
        payload = encode(asked, self._settings.encoding)
        return self._uplink.publish(Kind.IDENTITY, payload, lambda _: None)

    def ask_piece(self, sha256: str, offset: int) -> bool:
        """Ask for a piece of a package; False without a connection."""
        asked = Fetch(device=self._settings.device, sha256=sha256, offset=offset)
        payload = encode(asked, self._settings.encoding)
        return self._uplink.publish(Kind.FETCH, payload, lambda _: None)

    def report(self, command_id: str, stage: Stage, detail: str = "") -> None:
        """Tell how far an order has come; kept until the platform has it."""
        self._orders.report(command_id, stage, detail)

    def identify(self, duration_ms: int) -> None:
        """Be seen and heard for a while."""
        now_ms = self._now_ms()
        self._identify_until_ms = now_ms + duration_ms
        self._identify_due_ms = now_ms + IDENTIFY_EVERY_MS
        self.announce(Notice.IDENTIFY)  # at once: a slow round must not cost it all

    @property
    def watch(self) -> Watch:
        """What judges the aid."""
        return self._watch

    @property
    def is_connected(self) -> bool:
        """Whether there is a line."""
        return self._uplink.is_connected

    @property
    def disk_fails(self) -> bool:
        """Whether it goes on in memory, its disk having failed or hung."""
        return self._disk is not None

    @property
    def heard_ms(self) -> int | None:
        """When the platform last confirmed something, by the monotonic clock; None: never."""
        return self._heard_ms

    @property
    def stepped_ms(self) -> int:
        """When ``step`` last came to its end, by the monotonic clock."""
        return self._stepped_ms

    @property
    def now_ms(self) -> int:
        """The monotonic clock."""
        return self._now_ms()

    @property
    def platform_ms(self) -> int:
        """The platform's time, as far as known."""
        return self._clock.platform_ms()

    @property
    def wall_ms(self) -> int:
        """The time of day, put right by the platform."""
        return self._clock.wall_ms()

    @property
    def is_stopped(self) -> bool:
        """Whether ``stop`` has come to its end."""
        return self._uplink.is_closed

    def start(self) -> None:
        """Begin. Connects as soon as there is a reading, so that the presence can tell it."""
        self._started = True
        self.step()

    def step(self) -> int:
        """Do what is due. Returns when to be called again, in ms of the monotonic clock."""
        now_ms = self._now_ms()
        if now_ms >= self._read_due_ms:
            self._watch_over(now_ms)
            if self._started and not self._opened and self._watch.sample is not None:
                self._opened = True
                self._uplink.open(self)
            # Kept in step with the plan, so that slow rounds do not add up; never in the past.
            self._read_due_ms += self._watch.read_interval_ms
            self._read_due_ms = max(self._read_due_ms, now_ms)
        if self._identify_due_ms <= now_ms < self._identify_until_ms:
            self._identify_due_ms = now_ms + IDENTIFY_EVERY_MS
            self.announce(Notice.IDENTIFY)
        self._orders.step()
        if self._clock.is_due and not self._watch.under_way and self._dispatch.all_sent:
            # What was dated by the old clock has gone out before; what follows has the new one.
            self._clock.set_right()
            self._publish_presence("clock")
        if self._disk is not None and now_ms >= self._disk_due_ms:
            self._disk_due_ms = now_ms + self._disk_retry_ms
            self._return_to_disk(self._disk)
        due_ms = min(self._read_due_ms, self._kept(lambda _, dispatch: dispatch.tick()))
        self._stepped_ms = now_ms
        return due_ms

    def stop(self) -> None:
        """Say goodbye and hang up; goes on until ``is_stopped``."""
        self._started = False
        self._uplink.close(self._presence("shutdown"))

    def cut(self) -> None:
        """Be gone at once, as in a power cut. A new agent on the same outbox goes on."""
        self._uplink.cut()

    def last_will(self) -> bytes:
        """Return what the broker publishes should the connection that is now made be lost."""
        self._session = self._kept(lambda outbox, _: outbox.next_session())
        return self._presence("lost")

    def connected(self, *, resumed: bool) -> None:
        """Say how things stand before anything older is sent."""
        self._publish_presence("connected")
        self._kept(lambda _, dispatch: dispatch.connected(resumed=resumed))
        self._kept(lambda _, dispatch: dispatch.pump())

    def disconnected(self) -> None:
        """Nothing to do: the outbox keeps everything."""

    def received(self, kind: Kind, payload: bytes) -> None:
        """Take what came down: an acknowledgement or a command."""
        if kind is Kind.COMMAND:
            self._orders.take(payload)
            return
        try:
            message = decode(kind, payload)
        except ProtocolError as error:
            _log.warning("%s: cannot read a %s: %s", self._settings.device, kind, error)
            return
        if isinstance(message, Ack):
            self._take_ack(message)

    def _watch_over(self, now_ms: int) -> None:
        reading = self._read(now_ms)
        if reading is None:
            return
        test_ms = self._tests.look_ms
        if now_ms < test_ms and self._watch.rests(reading, now_ms):
            return
        wall_ms = self._clock.wall_ms()
        if now_ms >= test_ms and self._tests.due(wall_ms, now_ms) and self._watch.call is None:
            self._watch.ask_test()
        line_clear = self._watch.call is not None and self._line_clear()
        outcome = self._watch.step(reading, wall_ms=wall_ms, now_ms=now_ms, line_clear=line_clear)
        try:
            if outcome.messages:
                self.store(outcome.messages)
        finally:  # whatever became of that, the rider is told, and the telephone is taken
            for notice in outcome.notices:
                self.announce(notice)
            if outcome.fallback is not None:
                self._fall_back(outcome.fallback)

    def _read(self, now_ms: int) -> Reading | None:
        try:
            self._reading = self._controller.read()
        except OSError as error:
            if now_ms - self._answered_ms < BUS_PATIENCE_MS:
                return None
            _log.debug("%s: the controller is silent: %s", self._settings.device, error)
            last = self._reading or Reading()
            faults = tuple(fault for fault in last.faults if fault.code != NO_ANSWER.code)
            # Where it was and who sat there is all that is known; motion and demand are not.
            return msgspec.structs.replace(
                last,
                speed_mm_s=None,
                current_ma=None,
                demand=Demand.NONE,
                faults=(NO_ANSWER, *faults),
            )
        self._answered_ms = now_ms
        return self._reading

    def _line_clear(self) -> bool:
        """Whether the platform has every earlier call, and may be reached."""
        return self._watch.unanswered and self._uplink.is_connected and not self._holds_call()

    def _holds_call(self) -> bool:
        return self._kept(lambda outbox, _: outbox.holds(Kind.CALL))

    def store(self, messages: tuple[Upward, ...]) -> None:
        """Number, keep and send ``messages``, together with what must survive a restart."""
        numbered = [message for message in messages if not isinstance(message, Presence)]
        memory = {}
        watch_memory = msgspec.json.encode(self._watch.memory)
        if watch_memory != self._stored_memory:
            memory["watch"] = watch_memory
        stored = self._kept(lambda outbox, _: outbox.put(numbered, memory))
        self._stored_memory = watch_memory
        for message in stored:
            if isinstance(message, Call):
                if message.reason == CallReason.TEST:
                    self._tests.made(message.seq)
                    self._save_tests()
                else:
                    self._uplink.hurry()
            elif isinstance(message, Status) and message.samples[-1].landing is Landing.BETWEEN:
                # Whoever is silent half-way may be stuck: let it be known soon that nobody is.
                self._uplink.hurry()
        self._dispatch.stored({kind_of(message) for message in stored})
        self._kept(lambda _, dispatch: dispatch.pump())

    def _kept(self, use: Callable[[Outbox, Dispatch], Kept]) -> Kept:
        """Use the outbox, or what sends from it; should the disk fail, those in memory."""
        try:
            return use(self._outbox, self._dispatch)
        except sqlite3.Error as error:
            self._replace_outbox(error)
            return use(self._outbox, self._dispatch)

    def _replace_outbox(self, error: sqlite3.Error) -> None:
        """Go on in memory: better to forget at a power cut than not to call at all."""
        _log.error("%s: the outbox fails, going on in memory: %s", self._settings.device, error)
        if self._disk is None:
            self._disk = self._outbox
            self._disk_retry_ms = DISK_RETRY_MS
            self._disk_due_ms = self._now_ms() + DISK_RETRY_MS
        self._take(
            Outbox(
                ":memory:",
                device=self._settings.device,
                encoding=self._settings.encoding,
                new_id=self._new_id,
                first_session=self._session + 1,
            )
        )
        self._watch.call_again()  # what the disk holds of a call may never go out

    def _return_to_disk(self, disk: Outbox) -> None:
        """Go on where the disk failed, once it can be written and nothing is in memory alone.

        What it holds may have waited for long, so the platform is told first how things stand, as
        at every connection. Who is stuck and knows that help is coming may wait for hours: the disk
        need not.
        """
        memory = self._outbox
        if memory.count or not (self.idle or self._watch.help_coming):
            return
        try:
            disk.take_over(memory)
        except sqlite3.Error:  # still full, or it still hangs
            self._disk_retry_ms = min(2 * self._disk_retry_ms, DISK_RETRY_MAX_MS)
            return
        _log.warning("%s: the disk can be written again", self._settings.device)
        self._disk = None
        self._take(disk)
        memory.close()
        self._uplink.reconnect("back on the disk")

    def _take(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._dispatch = Dispatch(
            outbox, self._uplink, self._settings.dispatch, self._clock.monotonic_ms
        )

    def _save_tests(self) -> None:
        memory = {"test": msgspec.json.encode(self._tests.record)}
        self._kept(lambda outbox, _: outbox.put((), memory))

    def _fall_back(self, call: OpenCall) -> None:
        text = f"{self._settings.device} {call.reason} {call.call_id[:8]}"
        try:
            self._telephone.send_fallback(text)
        except OSError as error:
            _log.warning("%s: the telephone fails too: %s", self._settings.device, error)
            return
        self._watch.fell_back()
        self.announce(Notice.FALLBACK)
        self.store(())

    def announce(self, notice: Notice) -> None:
        """Tell the rider, if the controller hears."""
        try:
            self._controller.announce(notice)
        except OSError as error:
            _log.warning("%s: cannot announce %s: %s", self._settings.device, notice, error)

    def _publish_presence(self, reason: Literal["connected", "clock"]) -> None:
        self._uplink.publish(Kind.PRESENCE, self._presence(reason), lambda _: None)

    def _presence(self, reason: Literal["connected", "clock", "lost", "shutdown"]) -> bytes:
        online = reason in ("connected", "clock")
        call = self._watch.call
        presence = Presence(
            device=self._settings.device,
            session=max(self._session, 1),
            online=online,
            time_ms=max(self._clock.wall_ms(), 0),
            reason=reason,
            outbox=self._outbox.outbox_id,
            head_seq=self._outbox.head_seq if online else 0,
            sample=self._watch.sample if online else None,
            call_id=call.call_id if online and call is not None else None,
            firmware=self._settings.firmware,
        )
        return encode(presence, self._settings.encoding)

    def _take_ack(self, ack: Ack) -> None:
        self._clock.hear(ack.time_ms)
        if ack.outbox == self._outbox.outbox_id:
            try:  # once only: in an outbox in memory these numbers would be other messages
                if ack.seqs:
                    self._heard_ms = self._now_ms()
                    self._confirm(ack.seqs)
                if ack.recovery is not None:
                    self._dispatch.recovered(ack.recovery)
            except sqlite3.Error as error:
                self._replace_outbox(error)

    def _confirm(self, seqs: tuple[int, ...]) -> None:
        self._dispatch.confirmed(seqs)
        if self._tests.confirmed(seqs, self._clock.wall_ms(), self._now_ms()):
            self._save_tests()

    def judge_by(self, applied: Applied, memory: Memory) -> None:
        """Judge by what was set from afar, with ``memory`` of what was; only while idle."""
        self._watch = self._watch_with(applied, memory)
        self.store(())

    def keep(self, applied: Applied) -> None:
        """Have what was set from afar survive a restart."""
        memory = {"settings": msgspec.json.encode(applied)}
        self._kept(lambda outbox, _: outbox.put((), memory))

    def _watch_with(self, applied: Applied, memory: Memory | None) -> Watch:
        settings = with_remote(self._settings.watch, applied.settings)
        return Watch(settings, new_id=self._new_id, memory=memory)


def _remembered(stored: bytes | None, type_: type[Remembered]) -> Remembered | None:
    """Read what an earlier run stored; another version's notes may be of no use."""
    if stored is None:
        return None
    try:
        return msgspec.json.decode(stored, type=type_)
    except msgspec.MsgspecError as error:
        _log.warning("cannot read what was remembered: %s", error)
        return None
