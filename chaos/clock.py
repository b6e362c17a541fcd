"""The wall clock of a process, which can be set wrong while it runs; its timers go on as ever."""

from pathlib import Path
from typing import Final

_PLACES: Final = (Path("/usr/lib"), Path("/usr/local/lib"))


def library() -> Path | None:
    """Return where libfaketime is, for programs with threads."""
    found = (path for place in _PLACES for path in place.glob("**/faketime/libfaketimeMT.so.1"))
    return next(found, None)


class WallClock:
    """What a process is told the time by, through a file that libfaketime looks at."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set_wrong(0.0)

    @property
    def environment(self) -> dict[str, str]:
        """What the process must be started with."""
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def set_wrong(self, by_s: float) -> None:
        """Be wrong by so much, within a second; 0: right."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{by_s:+.3f}\n", encoding="ascii")
        new.replace(self._file)
