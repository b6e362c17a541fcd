"""A small disk of a part's own, which can be filled to the last byte and made slow."""

import os
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

_STEPS: Final = (1 << 20, 1 << 12)


class Disk:
    """A file system in memory, mounted on ``path``.

    Args:
        path: an existing folder.
        size_mb: how much it holds.

    Raises:
        OSError: it cannot be mounted.
    """

    def __init__(self, path: Path, *, size_mb: int) -> None:
        self.path = path
        command = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=755", "chaos", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise OSError(done.stderr.strip())

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.path / ".ballast").open("ab") as ballast:
            size = 0
            for step in _STEPS:
                with suppress(OSError):
                    while True:
                        os.posix_fallocate(ballast.fileno(), size, step)
                        size += step

    def free(self) -> None:
        """Give the room back."""
        (self.path / ".ballast").unlink(missing_ok=True)

    def close(self) -> None:
        """Take it away, with what is on it."""
        subprocess.run(["umount", "--lazy", str(self.path)], check=False)


class Drag:
    """Makes every synced write of some processes, and of those they start, take longer."""

    def __init__(self, pids: Iterable[int], *, delay_ms: int) -> None:
        traced = [word for pid in pids for word in ("-p", str(pid))]
        calls = "fsync,fdatasync"
        inject = f"inject={calls}:delay_enter={delay_ms * 1000}"
        self._tracer = subprocess.Popen(
            [
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                f"trace={calls}",
                "-e",
                inject,
                *traced,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def works(self) -> bool:
        """Whether it has hold of them."""
        return self._tracer.poll() is None

    def release(self) -> None:
        """Let go of them."""
        self._tracer.send_signal(signal.SIGINT)
        try:
            self._tracer.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._tracer.kill()
            self._tracer.wait()
