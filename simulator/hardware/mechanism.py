"""Something powered that goes from one end to the other in a set time: a hinge, a footrest."""


class Mechanism:
    """``place`` goes from 0 (folded) to 1 (in use) and back, towards ``wanted``."""

    def __init__(self, seconds: float, *, in_use: bool = False) -> None:
        self._seconds = seconds
        self.place = 1.0 if in_use else 0.0
        self.wanted = self.place

    @property
    def in_use(self) -> bool:
        """Whether it has come all the way."""
        return self.place == 1

    @property
    def moving(self) -> bool:
        """Whether it is not yet where it is wanted."""
        return self.place != self.wanted

    def step(self, dt_s: float, *, blocked: bool = False) -> None:
        """Let it move for ``dt_s``, unless it is blocked."""
        if blocked or not self.moving:
            return
        way = dt_s / self._seconds
        if self.wanted > self.place:
            self.place = min(self.wanted, self.place + way)
        else:
            self.place = max(self.wanted, self.place - way)
