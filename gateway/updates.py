"""The modem replaces its own programme; the lift's controller is never touched.

An order comes, its signature is looked at, the package is fetched piece by piece over the
connection that is there, and unpacked beside the present programme once it is what was signed.
When nobody rides or needs help, the modem starts anew with it (``gateway.launcher``). There it is
on trial: it stays if it reaches the platform for long enough, else the one before comes back.

Over MQTT for the same reason as the certificate: a modem in a private network has no other way, and
no second address has to be kept open for years. What was fetched is on disk, so that a line that
breaks or a restart costs no more than the piece under way.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, Protocol

import msgspec
from msgspec import Struct, structs

from gateway.config import UpdateSettings
from gateway.loop import Loop
from gateway.openssl import sync, write_private
from gateway.package import (
    PackageError,
    Statement,
    check_signature,
    number_of,
    statement_of,
    unpack,
)
from gateway.protocol.messages import Piece, Update
from gateway.protocol.vocabulary import Refusal, Stage
from gateway.slots import OnTrial, Slots, State
from gateway.trial import Home, Trial, TrialSettings

LOOK_MS: Final = 1_000
# A piece that does not come is asked for again, ever more rarely.
ASK_AGAIN_MS: Final = 30_000
ASK_AGAIN_MAX_MS: Final = 3_600_000
# Bytes that are not those that were signed may be the disk's fault, once.
FETCHES: Final = 2

_log = logging.getLogger(__name__)


class Updated(Home, Protocol):
    """The agent, as far as updates go."""

    def ask_piece(self, sha256: str, offset: int) -> bool:
        """Ask for a piece of a package; False without a connection."""

    def report(self, command_id: str, stage: Stage, detail: str = "") -> None:
        """Tell how far an order has come; kept until the platform has it."""


class Wanted(Struct, frozen=True):
    """The order that is being carried out; on disk until it has ended."""

    command_id: str
    statement: Statement
    signature: bytes
    fetches: int = 1


class Updates:
    """One modem's updates. ``step`` is what the loop calls.

    Args:
        settings: where programmes are, and whose are taken.
        slots: the same folder.
        version: of the programme that runs.
        home: the agent.
        restart: ends the modem, to be started anew.
        loop: what drives both.
        trial: how long a new programme is watched.
    """

    def __init__(
        self,
        settings: UpdateSettings,
        *,
        slots: Slots,
        version: str,
        home: Updated,
        restart: Callable[[], None],
        loop: Loop,
        trial: TrialSettings,
    ) -> None:
        self._settings = settings
        self._slots = slots
        self._version = version
        self._home = home
        self._restart = restart
        self._loop = loop
        self._now_ms = loop.clock.monotonic_ms
        self._state = slots.read()
        self._order_file = settings.folder / "order.json"
        self._part = settings.folder / "package.part"
        self._trial = None if self._state.trial is None else Trial(trial, self._now_ms())
        self._wanted = self._remembered()
        self._trusted = self._working = self._ready = self._told = False
        self._ask_ms = 0
        self._asked = 0

    def order(self, order: Update) -> str:
        """Take an order. Returns why not, or nothing."""
        if self._state.trial is not None or self._working or self._ready:
            return Refusal.BUSY
        # Nor may it go back behind what works, should the factory's run for want of that.
        least = max(self._version, self._state.version, key=number_of)
        if number_of(order.version) < number_of(least):
            return f"{Refusal.NOT_NEWER}: {least} runs"
        if order.version == self._version:
            self._home.report(order.command_id, Stage.CONFIRMED, "it runs already")
            return ""
        if self._wanted is not None:
            self._home.report(self._wanted.command_id, Stage.REFUSED, Refusal.SUPERSEDED)
        statement = Statement(order.version, order.size, order.sha256)
        same = self._wanted is not None and self._wanted.statement == statement
        try:
            self._keep(Wanted(order.command_id, statement, order.signature))
            if not same:
                self._part.unlink(missing_ok=True)
        except OSError as error:
            self._wanted = None
            return f"{Refusal.DISK}: {error}"
        self._trusted = False
        self._ask_ms, self._asked = 0, 0
        self.step()
        return ""

    def piece(self, piece: Piece) -> None:
        """Take a piece that came."""
        wanted = self._wanted
        if wanted is None or piece.sha256 != wanted.statement.sha256 or self._working:
            return
        if not piece.data:
            self._refuse(PackageError(Refusal.WITHDRAWN))
            return
        if piece.offset != self._size() or not self._trusted:
            return  # it came twice, or late
        try:
            with self._part.open("ab") as file:
                file.write(piece.data)
        except OSError as error:
            self._refuse(PackageError(Refusal.DISK, str(error)))
            return
        self._ask_ms, self._asked = 0, 0
        self.step()

    def step(self) -> int:
        """Do what is due. Returns when to be called again."""
        now_ms = self._now_ms()
        if not self._told:
            self._told = True
            self._tell()
        if self._state.trial is not None and self._trial is not None:
            self._follow(self._state.trial, self._trial, now_ms)
        elif self._wanted is not None and not self._working and self._home.idle:
            self._go_on(self._wanted, now_ms)
        return now_ms + LOOK_MS

    def _tell(self) -> None:
        """Say at the start how the last attempt went on."""
        if self._state.trial is not None:
            self._home.report(self._state.trial.command_id, Stage.STARTED)
        failed = self._state.given_up
        if failed is not None:
            self._home.report(failed.command_id, Stage.ROLLED_BACK, failed.why)
            self._write(self._state.told())

    def _follow(self, on_trial: OnTrial, trial: Trial, now_ms: int) -> None:
        verdict = trial.verdict(
            now_ms, connected=self._home.is_connected, heard_ms=self._home.heard_ms
        )
        if verdict == "good":
            _log.info("%s works", on_trial.version)
            self._write(self._state.confirmed())
            self._home.report(on_trial.command_id, Stage.CONFIRMED)
        elif verdict == "bad" and self._home.idle:
            _log.error("%s does not reach the platform; back", on_trial.version)
            self._write(self._state.rolled_back("it did not reach the platform"))
            self._restart()

    def _go_on(self, wanted: Wanted, now_ms: int) -> None:
        if self._ready:
            self._change_over(wanted)
        elif not self._trusted:
            self._help(lambda: self._check(wanted), self._checked)
        elif self._size() >= wanted.statement.size:
            self._help(lambda: self._install(wanted.statement), self._installed)
        elif now_ms >= self._ask_ms and self._home.ask_piece(wanted.statement.sha256, self._size()):
            pause_ms = ASK_AGAIN_MS * 2 ** min(self._asked, 20)
            self._ask_ms = now_ms + min(pause_ms, ASK_AGAIN_MAX_MS)
            self._asked += 1

    def _change_over(self, wanted: Wanted) -> None:
        self._ready = False
        try:
            self._slots.write(self._state.installed(wanted.statement.version, wanted.command_id))
        except OSError as error:
            self._refuse(PackageError(Refusal.DISK, str(error)))
            return
        self._forget()
        self._home.report(wanted.command_id, Stage.INSTALLED)
        self._restart()

    # -- in a helper thread, since it takes a while -----------------------------------------------

    def _help(self, work: Callable[[], None], done: Callable[[], None]) -> None:
        self._working = True

        def finished(outcome: "Future[None]") -> None:
            self._working = False
            error = outcome.exception()
            if isinstance(error, OSError):
                error = PackageError(Refusal.DISK, str(error))
            if isinstance(error, PackageError):
                self._refuse(error)
            elif error is not None:
                self._refuse(PackageError(Refusal.ARCHIVE, type(error).__name__))
                raise error
            else:
                done()

        self._loop.in_helper(work, finished)

    def _check(self, wanted: Wanted) -> None:
        check_signature(wanted.statement, wanted.signature, self._settings.key)

    def _checked(self) -> None:
        self._trusted = True
        self.step()

    def _install(self, statement: Statement) -> None:
        if statement_of(statement.version, self._part) != statement:
            raise PackageError(Refusal.DIGEST)
        folder = self._slots.emptied(self._state.free)
        unpack(self._part, folder)
        sync(folder)

    def _installed(self) -> None:
        assert self._wanted is not None  # noqa: S101 - an order is only taken between two
        self._home.report(self._wanted.command_id, Stage.DOWNLOADED)
        self._ready = True
        self.step()

    # -- what is on disk -------------------------------------------------------------------------

    def _size(self) -> int:
        try:
            return self._part.stat().st_size
        except OSError:
            return 0

    def _refuse(self, error: PackageError) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        if str(error) == Refusal.DIGEST and wanted.fetches < FETCHES:
            _log.warning("the package is not what was signed; once again")
            self._part.unlink(missing_ok=True)
            self._keep(structs.replace(wanted, fetches=wanted.fetches + 1))
            return
        _log.warning("%s is refused: %s", wanted.statement.version, error)
        self._forget()
        self._home.report(wanted.command_id, Stage.REFUSED, str(error)[:200])

    def _keep(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._settings.folder.mkdir(parents=True, exist_ok=True)
        write_private(self._order_file, msgspec.json.encode(wanted))

    def _forget(self) -> None:
        self._wanted = None
        self._trusted = self._ready = False
        for path in (self._order_file, self._part):
            path.unlink(missing_ok=True)

    def _remembered(self) -> Wanted | None:
        try:
            return msgspec.json.decode(self._order_file.read_bytes(), type=Wanted)
        except (OSError, msgspec.MsgspecError):
            return None

    def _write(self, state: State) -> None:
        """Keep ``state``; a disk that fails is found out again at the next start."""
        self._state = state
        try:
            self._slots.write(state)
        except OSError as error:
            _log.error("the state of programmes cannot be written: %s", error)
