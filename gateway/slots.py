"""Where programmes are on the modem's disk: the factory's, and two folders that take turns.

A new one goes into the folder that is not in use, is tried, and either stays or gives way to the
one before. What is in which folder is one small file, replaced in one step: a power cut leaves the
state before or the one after, never something between.
"""

import shutil
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct, structs

from gateway.openssl import sync, write_private

Slot = Literal["", "a", "b"]  # "": the programme that the factory installed
MAX_STARTS: Final = 3


class OnTrial(Struct, frozen=True):
    """A programme that has not yet shown that it works.

    Attributes:
        slot: where it is.
        version: its version.
        command_id: what ordered it.
        starts: how often it was started; power cuts count.
    """

    slot: Slot
    version: str
    command_id: str
    starts: int = 0


class GivenUp(Struct, frozen=True):
    """A programme that did not work, until the platform has been told."""

    version: str
    command_id: str
    why: str


class State(Struct, frozen=True):
    """Which programme is where. Every change returns another.

    Attributes:
        slot: the one that is known to work.
        version: its version; "" if the factory's.
        trial: the one that is tried now.
        given_up: the one tried last, if it failed.
    """

    slot: Slot = ""
    version: str = ""
    trial: OnTrial | None = None
    given_up: GivenUp | None = None

    @property
    def running(self) -> Slot:
        """Which one is to run."""
        return self.slot if self.trial is None else self.trial.slot

    @property
    def free(self) -> Slot:
        """Where the next one goes."""
        return "b" if self.slot == "a" else "a"

    def version_in(self, slot: str) -> str:
        """Return the version in ``slot``; "" for the factory's, and where nothing is in use."""
        if self.trial is not None and self.trial.slot == slot:
            return self.trial.version
        return self.version if slot == self.slot else ""

    def installed(self, version: str, command_id: str) -> "State":
        """One is in the free folder, to be tried."""
        return structs.replace(self, trial=OnTrial(self.free, version, command_id), given_up=None)

    def started(self) -> "State":
        """The one on trial is started (again)."""
        assert self.trial is not None  # noqa: S101 - the caller has looked
        return structs.replace(
            self, trial=structs.replace(self.trial, starts=self.trial.starts + 1)
        )

    def confirmed(self) -> "State":
        """The one on trial works."""
        assert self.trial is not None  # noqa: S101 - likewise
        return State(slot=self.trial.slot, version=self.trial.version)

    def rolled_back(self, why: str) -> "State":
        """The one on trial does not work: the one before is back."""
        assert self.trial is not None  # noqa: S101 - likewise
        given_up = GivenUp(self.trial.version, self.trial.command_id, why)
        return structs.replace(self, trial=None, given_up=given_up)

    def told(self) -> "State":
        """What failed is on its way to the platform."""
        return structs.replace(self, given_up=None)


class Slots:
    """The folder with both, and their state.

    Not for two processes at once: the launcher writes while no gateway runs.

    Args:
        folder: made if need be.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "state.json"

    def read(self) -> State:
        """Return the state; what cannot be read is the factory's programme.

        Raises:
            OSError: the disk cannot be read.
        """
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=State)
        except (FileNotFoundError, msgspec.MsgspecError):
            return State()

    def write(self, state: State) -> None:
        """Put ``state`` on the disk itself, in one step.

        Raises:
            OSError: the disk cannot be written. Nothing changed.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        write_private(fresh, msgspec.json.encode(state))
        fresh.replace(self._file)
        sync(self.folder)

    def path(self, slot: str) -> Path:
        """Return the folder of a slot that is not the factory's."""
        return self.folder / slot

    def emptied(self, slot: Slot) -> Path:
        """Return the folder of ``slot`` with nothing in it.

        Raises:
            OSError: the disk cannot be written.
        """
        path = self.path(slot)
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path
