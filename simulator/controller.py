"""The gateway's ports, with a simulated home behind them."""

from gateway.hal import Notice, Reading
from simulator.clock import TimeSource
from simulator.home import Home


class HomeController:
    """The aid's controller and the modem's telephone (``gateway.hal``), in one home."""

    def __init__(self, home: Home, time: TimeSource) -> None:
        self._home = home
        self._time = time

    def read(self) -> Reading:
        """Let the home catch up with the time and return its reading. Raises OSError."""
        self._home.advance_to(self._time.monotonic_ms())
        return self._home.read()

    def announce(self, notice: Notice) -> None:
        """Tell the people in the home."""
        self._home.hear(notice)

    def send_fallback(self, text: str) -> None:
        """Take the fallback path."""
        self._home.fall_back(text)
