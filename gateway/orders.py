"""What the platform orders of a modem: each order is obeyed at most once, and answered."""

import logging
from collections import deque
from typing import Literal, Protocol

import msgspec

from gateway.hal import Notice
from gateway.protocol.codec import decode_command
from gateway.protocol.errors import ProtocolError
from gateway.protocol.messages import (
    CallStatus,
    Command,
    Forget,
    Identify,
    Piece,
    Reply,
    SelfTest,
    SetCertificate,
    SetSampling,
    SetSettings,
    Snapshot,
    Update,
    Upward,
)
from gateway.protocol.vocabulary import Refusal, Stage
from gateway.remote import Applied
from gateway.trial import Home, Trial, TrialSettings
from gateway.watch import Memory, Watch
from gateway.watch.unnumbered import UNNUMBERED

Outcome = Literal["done", "refused", "expired"]

_log = logging.getLogger(__name__)


class Steward(Protocol):
    """Looks after the modem itself: its certificate, its programme."""

    def install(self, chain: str) -> str:
        """Take a certificate into use. Returns why not, or nothing."""

    def update(self, order: Update) -> str:
        """Take another programme into use. Returns why not, or nothing."""

    def piece(self, piece: Piece) -> None:
        """Take a piece of it."""


class Obeying(Home, Protocol):
    """The agent, as far as orders go."""

    steward: Steward | None

    @property
    def watch(self) -> Watch:
        """What judges the aid."""

    @property
    def wall_ms(self) -> int:
        """The time of day."""

    @property
    def platform_ms(self) -> int:
        """The platform's time, as far as known."""

    @property
    def now_ms(self) -> int:
        """The monotonic clock."""

    def announce(self, notice: Notice) -> None:
        """Tell the rider."""

    def identify(self, duration_ms: int) -> None:
        """Be seen and heard for a while."""

    def store(self, messages: tuple[Upward, ...]) -> None:
        """Keep messages and send them."""

    def judge_by(self, applied: Applied, memory: Memory) -> None:
        """Judge by what was set from afar; only while idle."""

    def keep(self, applied: Applied) -> None:
        """Have what was set from afar survive a restart."""


class Orders:
    """Orders of one modem.

    Args:
        device: its name, for the log.
        modem: what obeys.
        applied: what was set from afar before.
        trial: how long settings are watched.
    """

    def __init__(self, device: str, modem: Obeying, applied: Applied, trial: TrialSettings) -> None:
        self._device = device
        self._modem = modem
        self._applied = applied
        self._trial_settings = trial
        self._trial = None if applied.before is None else Trial(trial, modem.now_ms)
        self._known: deque[str] = deque(maxlen=64)

    def take(self, payload: bytes) -> None:
        """Take an order that came down."""
        try:
            header, command = decode_command(payload)
        except ProtocolError as error:
            _log.warning("%s: cannot read a command: %s", self._device, error)
            return
        if header.command_id in self._known:
            return  # delivered twice; answered already
        self._known.append(header.command_id)
        if isinstance(command, Piece):
            if self._modem.steward is not None:
                self._modem.steward.piece(command)
        elif self._modem.platform_ms > header.expires_ms:
            self._reply(header.command_id, "expired")
        elif command is None:
            self._reply(header.command_id, "refused", "unknown command")
        else:
            detail = self._obey(command)
            self._reply(header.command_id, "refused" if detail else "done", detail)

    def report(self, command_id: str, stage: Stage, detail: str = "") -> None:
        """Tell how far an order has come."""
        outcome: Outcome = "refused" if stage is Stage.REFUSED else "done"
        self._reply(command_id, outcome, detail, stage)

    def step(self) -> None:
        """Look whether settings that are on trial cost the line."""
        before = self._applied.before
        if self._trial is None or before is None:
            return
        modem, applied = self._modem, self._applied
        verdict = self._trial.verdict(
            modem.now_ms, connected=modem.is_connected, heard_ms=modem.heard_ms
        )
        if verdict == "good":
            self._keep(Applied(applied.revision, applied.settings))
            self.report(applied.command_id, Stage.CONFIRMED)
        elif verdict == "bad" and modem.idle:
            _log.error("%s: no line with these settings; back", self._device)
            self._apply(Applied(applied.revision, before))
            self.report(applied.command_id, Stage.ROLLED_BACK, "the platform was not reached")

    def _obey(self, command: Command) -> str:
        """Do what ``command`` says. Returns why not, or nothing."""
        modem = self._modem
        match command:
            case CallStatus():
                notice = modem.watch.heard(command.call_id, command.state)
                if notice is None:
                    return "no such call is open"
                modem.announce(notice)
            case Snapshot():
                modem.watch.ask_snapshot()
            case SelfTest():
                modem.watch.ask_test()
            case Identify():
                modem.identify(command.duration_ms)
            case SetSampling():
                modem.watch.set_sampling(command, modem.now_ms)
            case _:
                return self._become(command)
        return ""

    def _become(self, command: Command) -> str:
        """Be another from now on, as ``command`` says. Returns why not, or nothing."""
        steward = self._modem.steward
        match command:
            case SetSettings():
                return self._set(command)
            case Forget():
                return self._forget()
            case SetCertificate() if steward is not None:
                return steward.install(command.chain)
            case Update() if steward is not None:
                return steward.update(command)
            case _:
                return Refusal.UNABLE

    def _set(self, command: SetSettings) -> str:
        """Judge by other settings. Only between rides: what is under way keeps its own."""
        applied = self._applied
        if command.revision < applied.revision:
            return Refusal.SUPERSEDED
        if not self._modem.idle:
            return Refusal.BUSY
        # What is on trial was never known to work: what was before it is what to go back to.
        before = applied.settings if applied.before is None else applied.before
        self._apply(Applied(command.revision, command.settings, before, command.command_id))
        return ""

    def _apply(self, applied: Applied) -> None:
        self._keep(applied)
        memory = self._modem.watch.memory
        if memory.condition is not None:  # it did not restart, and will be counted as if it had
            restarts = max(memory.condition.restarts - 1, 0)
            condition = msgspec.structs.replace(memory.condition, restarts=restarts)
            memory = msgspec.structs.replace(memory, condition=condition)
        self._modem.judge_by(applied, memory)

    def _keep(self, applied: Applied) -> None:
        self._applied = applied
        on_trial = applied.before is not None
        self._trial = Trial(self._trial_settings, self._modem.now_ms) if on_trial else None
        self._modem.keep(applied)

    def _forget(self) -> str:
        """Begin with another client: what the aid lived through with the last one is gone."""
        if not self._modem.idle:
            return Refusal.BUSY
        self._modem.judge_by(self._applied, Memory(faults=self._modem.watch.memory.faults))
        return ""

    def _reply(self, command_id: str, outcome: Outcome, detail: str = "", stage: str = "") -> None:
        reply = Reply(
            **UNNUMBERED,
            time_ms=max(self._modem.wall_ms, 0),
            command_id=command_id,
            outcome=outcome,
            detail=detail,
            stage=stage,
        )
        self._modem.store((reply,))
