"""Two pseudo-terminals back to back: a serial cable without the cable.

A pseudo-terminal has one end that is a device file and one that is not; pymodbus wants a device
file at both ends. So there are two, and what is written into one comes out of the other.
"""

import asyncio
import contextlib
import os
import tty
from functools import partial
from typing import Self

CHUNK = 4096


class PtyPair:
    """A cable between the device files ``bench`` and ``modem``.

    Args:
        loop: what carries the bytes.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ends = [os.openpty(), os.openpty()]
        for controller, device in self._ends:
            tty.setraw(device)
            os.set_blocking(controller, False)
        # Our own hold on the device files stays: a modem may come and go without a hang-up.
        self.bench, self.modem = (os.ttyname(device) for _, device in self._ends)

    def __enter__(self) -> Self:
        """Begin to carry."""
        (one, _), (other, _) = self._ends
        self._loop.add_reader(one, partial(self._carry, one, other))
        self._loop.add_reader(other, partial(self._carry, other, one))
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        for controller, device in self._ends:
            self._loop.remove_reader(controller)
            os.close(controller)
            os.close(device)

    def _carry(self, source: int, sink: int) -> None:
        # A cable loses what nobody takes: a full buffer at the other end, or an end being closed.
        with contextlib.suppress(OSError):
            os.write(sink, os.read(source, CHUNK))
