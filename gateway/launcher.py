"""Starts the modem's programme, and the one before when a new one does not work.

``liftwacht-launcher --config FILE``: what the modem's init system runs where programmes come from
afar. It is never updated itself, and so it is short. The programme that it starts says through a
pipe that it lives; it ends with ``RESTART`` to be started anew, maybe from another folder.
"""

import argparse
import fcntl
import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gateway import logs
from gateway.config import ConfigError, UpdateSettings, load
from gateway.slots import MAX_STARTS, Slot, Slots, State

RESTART: Final = 75
# What a programme finds in its environment: where to say that it lives, and which folder it is in.
ALIVE: Final = "LIFTWACHT_ALIVE_FD"
SLOT: Final = "LIFTWACHT_SLOT"
# A programme that is known to work and yet ends so often, so soon, gives way to the factory's.
QUICK_S: Final = 60
QUICK_ENDS: Final = 5
KILL_AFTER_S: Final = 10

_log = logging.getLogger("gateway.launcher")


class Launcher:
    """Runs one modem's programmes, one at a time, until told to stop.

    Args:
        config: the modem's configuration file, handed on.
        settings: where programmes are, and how long one may be silent.
        slots: the same folder.
        pause_s: before a programme that ended by itself is started again.
    """

    def __init__(
        self, config: Path, settings: UpdateSettings, slots: Slots, *, pause_s: float = 1.0
    ) -> None:
        self._config = config
        self._settings = settings
        self._slots = slots
        self._pause_s = pause_s
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = False
        self._quick_ends = 0

    def stop(self) -> None:
        """Have the programme end, and ``run`` return. From a signal handler."""
        self._stopping = True
        if self._child is not None:
            self._child.terminate()

    def run(self) -> int:
        """Run. Returns the exit code of the last programme."""
        # Programmes hold it too: where a launcher was killed, the next waits until its programme,
        # which notices, has ended. Two at a time would share one name and one outbox.
        self._slots.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._slots.folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        while True:
            slot = self._choose()
            began_s = time.monotonic()
            code, why = self._follow(slot, lock)
            if self._stopping or code == 0:
                return code
            if code != RESTART:
                self._failed(slot, why, quick=time.monotonic() - began_s < QUICK_S)

    def _choose(self) -> Slot:
        """Return what is to run; a trial that was begun too often is over."""
        state = self._slots.read()
        if state.trial is None:
            return "" if self._quick_ends >= QUICK_ENDS else state.running
        if state.trial.starts >= MAX_STARTS:
            state = self._give_up(state, f"started {MAX_STARTS} times and not confirmed")
        else:
            state = state.started()
            self._slots.write(state)
        return state.running

    def _failed(self, slot: Slot, why: str, *, quick: bool) -> None:
        _log.error("the programme in %r ended: %s", slot or "factory", why)
        state = self._slots.read()
        if state.trial is not None and state.trial.slot == slot:
            self._give_up(state, why)
            return
        self._quick_ends = self._quick_ends + 1 if quick else 0
        if not self._stopping:
            time.sleep(self._pause_s)

    def _give_up(self, state: State, why: str) -> State:
        back = state.rolled_back(why)
        self._slots.write(back)
        return back

    def _follow(self, slot: Slot, lock: int) -> tuple[int, str]:
        """Run the programme of ``slot``; return its exit code, and in words how it ended."""
        receiver, sender = os.pipe()
        environment = os.environ | {ALIVE: str(sender), SLOT: slot}
        if slot:
            environment["PYTHONPATH"] = str(self._slots.path(slot))
        try:
            self._child = child = subprocess.Popen(  # noqa: S603 - our own programme
                [sys.executable, "-P", "-m", "gateway", "--config", str(self._config)],
                env=environment,
                pass_fds=(sender, lock),
            )
        finally:
            os.close(sender)
        with os.fdopen(receiver, "rb", buffering=0) as alive:
            if self._stopping:
                child.terminate()
            hung = False
            # Nothing to read any more: it has ended, or closed what it should not.
            while not hung:
                ready, _, _ = select.select([alive], [], [], self._settings.silent_s)
                if ready and not alive.read(4096):
                    break
                hung = not ready
            if hung:
                child.kill()
        try:
            code = child.wait(KILL_AFTER_S)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait()
        self._child = None
        return code, "it was silent" if hung else f"exit code {code}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop. Returns the exit code: 2 for a configuration that is wrong."""
    parser = argparse.ArgumentParser(prog="liftwacht-launcher", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="TOML, see gateway.config")
    options = parser.parse_args(arguments)
    try:
        config = load(options.config)
    except ConfigError as error:
        sys.stderr.write(f"liftwacht-launcher: {error}\n")
        return 2
    if config.update is None:
        sys.stderr.write(f"liftwacht-launcher: {options.config}: there is no [update]\n")
        return 2
    logs.configure("launcher", config.log_level)
    launcher = Launcher(options.config, config.update, Slots(config.update.folder))
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: launcher.stop())
    return launcher.run()


class Alive:
    """The programme's end of the launcher's pipe; without one it does nothing."""

    def __init__(self, handle: str | None) -> None:
        self._handle = None if handle is None else int(handle)
        if self._handle is not None:
            os.set_blocking(self._handle, False)

    def say(self) -> bool:
        """Say that the programme lives. False: nobody listens any more."""
        if self._handle is not None:
            try:
                os.write(self._handle, b".")
            except BrokenPipeError:
                return False
            except BlockingIOError:
                pass  # the launcher has enough to read
        return True


if __name__ == "__main__":
    sys.exit(main())
