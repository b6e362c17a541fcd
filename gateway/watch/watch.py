"""The watch as a whole: one reading in, everything that is to be said about it out."""

from collections.abc import Callable
from typing import Final, Literal

from msgspec import Struct, field, structs

from gateway.hal import Notice, Reading
from gateway.protocol.messages import (
    Call,
    Condition,
    FaultEdge,
    Sample,
    SetSampling,
    Status,
    Usage,
)
from gateway.protocol.vocabulary import AidKind, Seat
from gateway.watch.alarm import Judge
from gateway.watch.calls import Calls, OpenCall
from gateway.watch.condition import Conditions, Sums
from gateway.watch.emergency import Emergency
from gateway.watch.faults import Faults
from gateway.watch.hanging import Hanging
from gateway.watch.ride import Rides
from gateway.watch.sampling import Sampling
from gateway.watch.settings import WatchSettings
from gateway.watch.situation import WHEELS, Situation, Understanding, sample_of
from gateway.watch.stranding import Stranding

Said = Status | FaultEdge | Call | Usage | Condition


class Memory(Struct, frozen=True, kw_only=True):
    """What the watch must know again after a restart. Stored together with what it said."""

    faults: dict[str, str] = field(default_factory=dict)
    call: OpenCall | None = None
    stand_told: bool = False
    sos_told: bool = False
    condition: Sums | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """What a reading comes to.

    Attributes:
        messages: to be stored and sent, in this order; not numbered yet.
        notices: to be announced to the rider.
        fallback: the call that is to go by telephone now.
    """

    messages: tuple[Said, ...] = ()
    notices: tuple[Notice, ...] = ()
    fallback: OpenCall | None = None


NOTHING: Final = Outcome()


class Watch:
    """Watches over one aid. Pure but for its own memory: no clock, no input or output.

    Args:
        settings: how it judges.
        new_id: makes 32 random hexadecimal digits.
        memory: what ``memory`` was before the restart.
    """

    def __init__(
        self, settings: WatchSettings, *, new_id: Callable[[], str], memory: Memory | None = None
    ) -> None:
        memory = memory or Memory()
        kind = settings.kind
        self._kind = kind
        self._understanding = Understanding(settings.ride, kind)
        self._rides = Rides(settings)
        self._faults = Faults(memory.faults)
        self._judge = _judge(settings, memory)
        call = None if memory.call is None else structs.replace(memory.call)
        self._calls = Calls(settings.calls, new_id, call, kind)
        self._sampling = Sampling(settings.sampling, kind)
        self._conditions = Conditions(settings.condition, kind, memory.condition)
        self._reading: Reading | None = None
        self._quiet_until_ms = 0
        self._situation: Situation | None = None
        self._snapshot = False
        self._test = False

    @property
    def memory(self) -> Memory:
        """What to store, so that a restart goes on where this stands."""
        call = self._calls.call
        return Memory(
            faults=dict(self._faults.told),
            call=None if call is None else structs.replace(call),
            stand_told=self._judge.stand_told,
            sos_told=self._judge.sos_told,
            condition=self._conditions.kept,
        )

    @property
    def read_interval_ms(self) -> int:
        """How long to wait before the next reading."""
        return self._sampling.read_interval_ms

    @property
    def call(self) -> OpenCall | None:
        """The call that is open."""
        return self._calls.call

    @property
    def under_way(self) -> bool:
        """Whether a ride or a call is, or readings are being gathered."""
        return self._rides.riding or self._calls.call is not None or self._sampling.gathering

    @property
    def help_coming(self) -> bool:
        """Whether a call is open, and somebody has said that help is coming."""
        return self._calls.help_coming

    @property
    def unanswered(self) -> bool:
        """Whether a call is open and nobody has said yet that help is coming."""
        return self._calls.unanswered

    @property
    def sample(self) -> Sample | None:
        """How things stand now."""
        return None if self._situation is None else sample_of(self._situation.reading)

    def step(
        self, reading: Reading, *, wall_ms: int, now_ms: int, line_clear: bool = True
    ) -> Outcome:
        """Take in a reading.

        Args:
            reading: what the controller says.
            wall_ms: milliseconds since 1970, as far as the modem knows.
            now_ms: the monotonic clock, which every timer runs on.
            line_clear: there is a connection, and the platform has every earlier call.
        """
        if self.rests(reading, now_ms):
            return NOTHING
        situation = self._understanding.of(reading, wall_ms=wall_ms, now_ms=now_ms)
        self._reading, self._situation = reading, situation
        usage = self._rides.step(situation)
        riding = self._rides.riding
        edges = self._faults.step(situation)
        alarm = self._judge.step(situation, riding=riding)
        calls: list[Call] = []
        notices: list[Notice] = []
        if alarm is not None or self._calls.call is not None:
            calls, notices = self._calls.step(situation, alarm, line_clear=line_clear)
        if self._test:
            calls.append(self._calls.test(situation))
        status = self._sampling.step(
            situation,
            interrupted=riding or self._calls.in_need or self._tries(situation),
            flush=bool(edges or calls or usage or self._snapshot),
        )
        condition = self._conditions.step(situation, riding=riding)
        self._test = self._snapshot = False
        self._quiet_until_ms = 0 if situation.moving else self._quiet(situation)
        if status is None and condition is None and not notices and not self._calls.unanswered:
            return NOTHING
        said: list[Said | None] = [status, *edges, *calls, usage, condition]
        return Outcome(
            messages=tuple(message for message in said if message is not None),
            notices=tuple(notices),
            fallback=self._calls.fallback_due(now_ms),
        )

    def rests(self, reading: Reading, now_ms: int) -> bool:
        """Whether ``reading`` says again what was said before, and time changes nothing yet.

        So it is for most of an aid's life: a cheap question that spares all others.
        """
        return now_ms < self._quiet_until_ms and (
            reading is self._reading or reading == self._reading
        )

    def _quiet(self, situation: Situation) -> int:
        """Return until when readings like this one would come to nothing."""
        settled = (
            not situation.demanded
            and not self._rides.riding
            and self._calls.call is None
            and self._faults.settled
            and self._judge.settled
        )
        if not settled:
            return 0
        return min(self._sampling.quiet_until(situation), self._conditions.due_ms)

    def _tries(self, situation: Situation) -> bool:
        """Whether somebody in an aid that may stand anywhere tries to go on."""
        return (
            self._kind is not AidKind.STAIRLIFT
            and situation.demanded
            and situation.reading.seat is not Seat.EMPTY
        )

    def ask_snapshot(self) -> None:
        """Have the next reading sent."""
        self._snapshot = True
        self._quiet_until_ms = 0

    def ask_test(self) -> None:
        """Have a test call made with the next reading."""
        self._test = True
        self._quiet_until_ms = 0

    def set_sampling(self, command: SetSampling, now_ms: int) -> None:
        """Change how often readings are sent, for a while."""
        self._sampling.change(command, now_ms)
        self._quiet_until_ms = 0

    def heard(
        self, call_id: str, state: Literal["help_coming", "answered", "released"]
    ) -> Notice | None:
        """Take the platform's word on a call; None: not the one that is open."""
        return self._calls.heard(call_id, state)

    def call_again(self) -> None:
        """Say once more that there is an open call: what was said of it may be lost."""
        self._calls.call_again()

    def fell_back(self) -> None:
        """The telephone took the call."""
        self._calls.fell_back()


def _judge(settings: WatchSettings, memory: Memory) -> Judge:
    """Return who watches for somebody in trouble with this kind of aid."""
    stand_told, sos_told = memory.stand_told, memory.sos_told
    low_mv = settings.emergency.battery_low_mv
    if settings.kind in WHEELS:
        return Stranding(
            settings.wheels, battery_low_mv=low_mv, stand_told=stand_told, sos_told=sos_told
        )
    if settings.kind is AidKind.HOIST:
        return Hanging(
            settings.hoist, battery_low_mv=low_mv, stand_told=stand_told, sos_told=sos_told
        )
    return Emergency(settings.emergency, stand_told=stand_told, sos_told=sos_told)
