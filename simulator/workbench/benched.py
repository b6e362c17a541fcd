"""An aid on the bench: what a bus asks of it, whichever bus that is."""

from collections.abc import Callable

from gateway.hal import Notice, Reading
from simulator.clock import TimeSource
from simulator.home import Activity, Home


class BenchedAid:
    """One home behind a bus. Its modem is real, and outside.

    What happens to line, modem and clock of the home has no effect here.

    Args:
        home: the aid, and who uses it.
        time: the run's time.
        begin: what happens, begun when the first modem asks.
        heard: takes a line of text for each thing that the modem announces.
    """

    def __init__(
        self,
        home: Home,
        time: TimeSource,
        *,
        begin: Callable[[], Activity],
        heard: Callable[[str], None],
    ) -> None:
        self.home = home
        self.time = time
        self._begin: Callable[[], Activity] | None = begin
        self._heard = heard

    @property
    def met(self) -> bool:
        """Whether a modem has ever asked."""
        return self._begin is None

    def meet(self) -> None:
        """A modem is there: what is to happen begins, once."""
        self.catch_up()
        if self._begin is not None:
            begin, self._begin = self._begin, None
            self.home.begin(begin())

    def catch_up(self) -> None:
        """Let the home live until now."""
        self.home.advance_to(self.time.monotonic_ms())

    def read(self) -> Reading:
        """Return what the controller says now. Raises OSError: it says nothing."""
        self.catch_up()
        return self.home.read()

    def announce(self, notice: Notice) -> None:
        """Let the people in the home hear it."""
        self.home.hear(notice)
        self._heard(f"notice {notice}")

    def fall_back(self, text: str) -> None:
        """Take what goes by telephone."""
        self.home.fall_back(text)
        self._heard(f"fallback {text}")
