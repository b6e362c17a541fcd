"""The call for help: raised, repeated until somebody says that help comes, then by telephone.

The aid may believe that it is over ("cleared"), which is a hint and ends nothing: only the
platform's ``released`` does. A stairlift believes so at a landing that it moved to, an aid on
wheels once somebody drives on, a hoist once nothing hangs in it.
"""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from gateway.hal import Notice
from gateway.protocol.messages import Call
from gateway.protocol.vocabulary import AidKind, CallPhase, CallReason, Seat
from gateway.watch.alarm import Alarm
from gateway.watch.settings import CallSettings
from gateway.watch.situation import Place, Situation, sample_of
from gateway.watch.unnumbered import UNNUMBERED

# A lift at its landing is safe at once; an aid that goes on may stop again.
CLEAR_AFTER_MS = 1_000
CLEAR_AFTER_GOING_ON_MS = 10_000


class OpenCall(Struct, kw_only=True):
    """A call that has not been released; survives a restart of the modem.

    Attributes:
        since_ms: when the trouble began, by the device's clock.
        help_coming: the platform has said so: no more repetitions.
        moved: the lift has moved since.
        cleared: the lift believes that it is over.
        fell_back: the telephone was reached.
    """

    call_id: str
    reason: CallReason
    since_ms: int
    attempt: int = 1
    help_coming: bool = False
    moved: bool = False
    cleared: bool = False
    fell_back: bool = False


class Calls:
    """At most one call at a time, and what is to be said about it.

    Args:
        settings: how long to wait for what.
        new_id: makes 32 random hexadecimal digits.
        call: the one that was open when the modem went down.
        kind: what the aid is: each has its own way to be safe again.
    """

    def __init__(
        self,
        settings: CallSettings,
        new_id: Callable[[], str],
        call: OpenCall | None = None,
        kind: AidKind = AidKind.STAIRLIFT,
    ) -> None:
        self._settings = settings
        self._kind = kind
        self._new_id = new_id
        self.call = call
        self._repeat_due_ms: int | None = None
        self._fallback_due_ms: int | None = None
        self._safe_since_ms: int | None = None

    @property
    def in_need(self) -> bool:
        """Whether somebody is believed to need help right now."""
        return self.call is not None and not self.call.cleared

    @property
    def help_coming(self) -> bool:
        """Whether a call is open, and somebody has said that help is coming."""
        return self.call is not None and self.call.help_coming

    @property
    def unanswered(self) -> bool:
        """Whether nobody has said yet that help is coming."""
        return self.call is not None and not self.call.help_coming

    def step(
        self, situation: Situation, alarm: Alarm | None, *, line_clear: bool
    ) -> tuple[list[Call], list[Notice]]:
        """Take in a reading and what ``Emergency`` made of it.

        ``line_clear``: there is a connection, and the platform has every earlier call.
        """
        calls: list[Call] = []
        notices: list[Notice] = []
        if alarm is not None and not self.in_need:
            calls.append(self._raise(situation, alarm))
            notices.append(Notice.CALLING)
        elif alarm is not None and alarm.reason is CallReason.SOS and self.call is not None:
            self.call.reason = alarm.reason  # the rider confirms what the lift believed
            calls.append(self._repeat(situation))
        if self.call is None:
            return calls, notices
        if self._clears(self.call, situation):
            self.call.cleared = True
            calls.append(self._message(self.call, situation, CallPhase.CLEARED))
        if self.unanswered and not calls:
            if self._repeat_due_ms is None:  # the modem was restarted, or its disk failed
                self._repeat_due_ms = situation.now_ms
            if situation.now_ms >= self._repeat_due_ms and line_clear:
                calls.append(self._repeat(situation))
        return calls, notices

    def fallback_due(self, now_ms: int) -> OpenCall | None:
        """Return the call that is to go by telephone now."""
        call = self.call
        if call is None or call.help_coming or call.fell_back:
            return None
        if self._fallback_due_ms is None:  # the modem was restarted meanwhile
            self._fallback_due_ms = now_ms + self._settings.fallback_ms
        if now_ms < self._fallback_due_ms:
            return None
        self._fallback_due_ms = now_ms + self._settings.fallback_retry_ms
        return call

    def fell_back(self) -> None:
        """The telephone took the call."""
        if self.call is not None:
            self.call.fell_back = True

    def call_again(self) -> None:
        """Repeat the call as soon as there is a line: what was said of it may be lost."""
        self._repeat_due_ms = None

    def heard(
        self, call_id: str, state: Literal["help_coming", "answered", "released"]
    ) -> Notice | None:
        """Take the platform's word. Returns what to tell the rider; None: not our open call."""
        if self.call is None or self.call.call_id != call_id:
            return None
        self.call.help_coming = True
        if state == "released":
            self.call = None
            return Notice.RELEASED
        return Notice.ANSWERED if state == "answered" else Notice.HELP_COMING

    def test(self, situation: Situation) -> Call:
        """Return a test call, which nobody hears of at the lift."""
        return Call(
            **UNNUMBERED,
            time_ms=situation.wall_ms,
            call_id=self._new_id(),
            reason=CallReason.TEST,
            phase=CallPhase.RAISED,
            since_ms=situation.wall_ms,
            sample=sample_of(situation.reading),
        )

    def _raise(self, situation: Situation, alarm: Alarm) -> Call:
        self.call = OpenCall(
            call_id=self._new_id(),
            reason=alarm.reason,
            since_ms=max(situation.wall_ms - alarm.lasted_ms, 0),
        )
        self._safe_since_ms = None
        self._repeat_due_ms = situation.now_ms + self._settings.repeat_ms
        self._fallback_due_ms = situation.now_ms + self._settings.fallback_ms
        return self._message(self.call, situation, CallPhase.RAISED)

    def _repeat(self, situation: Situation) -> Call:
        assert self.call is not None  # noqa: S101 (both callers have looked)
        self.call.attempt = min(self.call.attempt + 1, 100_000)
        self._repeat_due_ms = situation.now_ms + self._settings.repeat_ms
        return self._message(self.call, situation, CallPhase.REPEATED)

    def _clears(self, call: OpenCall, situation: Situation) -> bool:
        call.moved = call.moved or situation.moving
        if call.cleared or not self._safe(call, situation):
            self._safe_since_ms = None
            return False
        if self._safe_since_ms is None:
            self._safe_since_ms = situation.now_ms
        lift = self._kind is AidKind.STAIRLIFT
        wait_ms = CLEAR_AFTER_MS if lift else CLEAR_AFTER_GOING_ON_MS
        return situation.now_ms - self._safe_since_ms >= wait_ms

    def _safe(self, call: OpenCall, situation: Situation) -> bool:
        if situation.sos or situation.stopped_by_fault or situation.tilted:
            return False
        match self._kind:
            case AidKind.STAIRLIFT:
                return call.moved and situation.place is Place.LANDING and not situation.moving
            case AidKind.HOIST:
                return situation.reading.seat is Seat.EMPTY
        return situation.moving and situation.demanded  # somebody drives on

    def _message(self, call: OpenCall, situation: Situation, phase: CallPhase) -> Call:
        return Call(
            **UNNUMBERED,
            time_ms=situation.wall_ms,
            call_id=call.call_id,
            reason=call.reason,
            phase=phase,
            since_ms=call.since_ms,
            sample=sample_of(situation.reading),
            attempt=call.attempt,
        )
