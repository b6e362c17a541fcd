"""A home with its modem: the real gateway agent, living through what the home does to it."""

from collections.abc import Callable

from msgspec import structs

from gateway.agent import Agent, AgentSettings
from gateway.outbox import Outbox
from gateway.protocol.codec import Encoding
from gateway.protocol.vocabulary import AidKind
from gateway.watch import RideSettings, WatchSettings
from simulator.clock import ModemClock, TimeSource
from simulator.controller import HomeController
from simulator.hardware.profile import Quirk
from simulator.home import Home
from simulator.line import Line

# A lift at rest whose house is quiet reads the same at every look: after this long it may doze.
QUIET_MS = 20_000
MOVING_CURRENT_MA = 700


def settings_of(home: Home, *, device: str, encoding: Encoding = Encoding.MSGPACK) -> AgentSettings:
    """Return what a modem in ``home`` is told when it is put there."""
    rail_length_mm = None
    if home.aid.kind is AidKind.STAIRLIFT:
        rail_length_mm = round(home.lift.rail.length_m * 1000)
    ride = RideSettings(rail_length_mm=rail_length_mm)
    if home.board.quirks & {Quirk.NO_POSITION, Quirk.COARSE_POSITION}:
        # An empty chair going down draws little; without a speed that alone shows its motion.
        ride = structs.replace(ride, moving_current_ma=MOVING_CURRENT_MA)
    return AgentSettings(
        device=device,
        firmware="simulator",
        encoding=encoding,
        watch=WatchSettings(kind=home.aid.kind, ride=ride),
    )


class Installation:
    """One lift of a run. ``step`` is what the gateway's loop calls (``gateway.loop.Steps``).

    Args:
        settings: the agent's.
        home: its lift and people.
        time: the run's time.
        outbox: the modem's disk.
        reopen: the disk as a modem finds it that starts again.
        make_line: a new connection, for each start of the modem.
        new_id: makes 32 hexadecimal digits.
        doze_ms: how seldom to look at a lift in a quiet house. The home wakes it for everything
            that happens there; only commands from outside have to wait for it.
    """

    def __init__(
        self,
        settings: AgentSettings,
        *,
        home: Home,
        time: TimeSource,
        outbox: Outbox,
        reopen: Callable[[Outbox], Outbox],
        make_line: Callable[[], Line],
        new_id: Callable[[], str],
        doze_ms: int = 1_000,
    ) -> None:
        self.home = home
        self.device = settings.device
        self._settings = settings
        self._time = time
        self._outbox = outbox
        self._reopen = reopen
        self._make_line = make_line
        self._new_id = new_id
        self._doze_ms = doze_ms
        self._controller = HomeController(home, time)
        self._clock = ModemClock(time, home.surroundings)
        self._agent: Agent | None = None
        self._line: Line | None = None
        self._line_up = True
        self._busy_ms = time.monotonic_ms()
        self._stopping = False

    @property
    def agent(self) -> Agent | None:
        """The modem's program, while it runs."""
        return self._agent

    @property
    def is_connected(self) -> bool:
        """Whether the modem has the platform's broker."""
        return self._line is not None and self._line.is_connected

    @property
    def is_stopped(self) -> bool:
        """Whether ``stop`` has come to its end."""
        return self._stopping and (self._agent is None or self._agent.is_stopped)

    def step(self) -> int:
        """Let home and modem catch up. Returns when to be called again (monotonic ms)."""
        now_ms = self._time.monotonic_ms()
        acts_ms = self.home.next_act_ms
        if acts_ms is not None and acts_ms <= now_ms:
            self._busy_ms = now_ms
        self.home.advance_to(now_ms)
        if self._stopping:
            return now_ms + self._doze_ms
        self._follow_surroundings()
        due_ms = now_ms + self._doze_ms
        if self._agent is not None:
            agent_ms = self._agent.step()
            if not self._quiet(now_ms):
                due_ms = agent_ms
        acts_ms = self.home.next_act_ms
        return due_ms if acts_ms is None else max(now_ms + 1, min(due_ms, acts_ms))

    def stop(self) -> None:
        """Let the modem say goodbye."""
        self._stopping = True
        if self._agent is not None:
            self._agent.stop()

    def close(self) -> None:
        """Close the modem's disk."""
        self._disk.close()

    @property
    def _disk(self) -> Outbox:
        return self._outbox if self._agent is None else self._agent.outbox

    def _quiet(self, now_ms: int) -> bool:
        if self.home.aid.active or (self._agent and self._agent.call):
            self._busy_ms = now_ms
        return now_ms - self._busy_ms >= QUIET_MS

    def _follow_surroundings(self) -> None:
        surroundings = self.home.surroundings
        if surroundings.modem_on and self._agent is None:
            self._start()
        elif not surroundings.modem_on and self._agent is not None:
            self._die()
        if self._line is not None and self._line_up != surroundings.line_up:
            self._line_up = surroundings.line_up
            if self._line_up:
                self._line.restore()
            else:
                self._line.interrupt()

    def _start(self) -> None:
        self._line = self._make_line()
        self._line_up = self.home.surroundings.line_up
        if not self._line_up:
            self._line.interrupt()
        self._agent = Agent(
            self._settings,
            controller=self._controller,
            telephone=self._controller,
            clock=self._clock,
            outbox=self._outbox,
            uplink=self._line,
            new_id=self._new_id,
        )
        self._agent.start()

    def _die(self) -> None:
        """Power gone: no goodbye, and what was only in memory is lost."""
        assert self._agent is not None  # noqa: S101 - only what lives can die
        self._agent.cut()
        self._outbox = self._reopen(self._disk)
        self._agent = self._line = None
