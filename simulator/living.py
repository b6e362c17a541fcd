"""Life with an aid, whatever its kind: days, moments, absences, and the mechanic once a year.

No published figures exist for how often these aids are used a day; all numbers here are assumed.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from random import Random

from gateway.protocol.vocabulary import Mode
from simulator.home import Activity, Home
from simulator.misuse import Misuse

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
GIVE_UP_MS = 600_000
SERVICE_AT_H = 10.0


@dataclass(frozen=True, kw_only=True)
class Events:
    """What interrupts ordinary days. Chances are per day."""

    holiday_chance: float = 0.004  # a week or so away, the aid at home
    hospital_chance: float = 0.0015  # days to weeks
    service_every_days: int = 365  # the yearly service, with the mechanic's key


class Living(ABC):
    """Somebody living with an aid, for ever.

    Args:
        home: where.
        day_ms: time of day (since midnight) at the home's present time.
        tempo: how many times as often they use it; each use takes its real time.
        rng: their whims.
        events: what interrupts ordinary days.

    Attributes:
        busy: whether it is in use now.
        away_days: for how many more days nobody is at home.
    """

    def __init__(
        self,
        home: Home,
        *,
        day_ms: int,
        tempo: float = 1.0,
        rng: Random,
        events: Events | None = None,
    ) -> None:
        if not tempo > 0:
            raise ValueError(f"tempo must be more than 0, not {tempo}")
        self.home = home
        self.busy = False
        self.away_days = 0
        self._tempo = tempo
        self._rng = rng
        self._events = events or Events()
        self._fate = Random(rng.getrandbits(64))  # apart, so that whims stay the same
        self._began_ms = home.time_ms
        self._midnight_ms = home.time_ms - day_ms / tempo
        self._service_in_days = self._fate.randrange(1, self._events.service_every_days + 1)

    def live(self) -> Activity:
        """Live: wait for the next moment of the day, act, and so on."""
        while True:
            yield from self._day()
            self._midnight_ms += DAY_MS / self._tempo
            if self._midnight_ms > self.home.time_ms:
                yield int(self._midnight_ms - self.home.time_ms)

    def _day(self) -> Activity:
        self._wake_up()
        moments = [] if self.away_days or Misuse.UNUSED in self.home.misuse else self._moments()
        self.away_days = max(0, self.away_days - 1)
        serviced = self._service_in_days == 0
        if serviced:
            moments = sorted([*moments, SERVICE_AT_H * HOUR_MS])
            self._service_in_days = self._events.service_every_days
        self._service_in_days -= 1
        for at_ms in moments:
            due_ms = self._midnight_ms + at_ms / self._tempo
            if due_ms < self._began_ms:
                continue
            # A moment that passed during the last use comes right after it.
            yield max(0, int(due_ms - self.home.time_ms))
            self.busy = True
            visit = serviced and at_ms == SERVICE_AT_H * HOUR_MS
            yield from self._service() if visit else self._use()
            self.busy = False

    def _wake_up(self) -> None:
        """Begin a day: what fate has in store, and what is done that should not be."""
        if self.away_days:
            return
        if self._fate.random() < self._events.holiday_chance:
            self.away_days = self._fate.randrange(5, 15)
        elif self._fate.random() < self._events.hospital_chance:
            self.away_days = self._fate.randrange(3, 29)
        self._misuse_today()

    def _service(self) -> Activity:
        """Let the mechanic come with his key: open it, try it, close it."""
        aid = self.home.aid
        aid.mode = Mode.SERVICE
        yield self._rng.randrange(60_000, 180_000)
        aid.opened = True
        yield self._rng.randrange(300_000, 900_000)
        aid.opened = False
        yield from self._try_out()
        aid.mode = Mode.NORMAL

    def _patiently(self, using: Activity) -> Activity:
        """Let a use go on for ten minutes at most: nobody holds a dead joystick for ever."""
        give_up_ms = self.home.time_ms + GIVE_UP_MS
        for wait_ms in using:
            if self.home.time_ms >= give_up_ms:
                self._let_go()
                return
            yield wait_ms

    @abstractmethod
    def _moments(self) -> list[float]:
        """Draw the times of one day's uses, in order, milliseconds since midnight."""

    @abstractmethod
    def _use(self) -> Activity:
        """Use it once."""

    @abstractmethod
    def _try_out(self) -> Activity:
        """Let the mechanic see that it works."""

    @abstractmethod
    def _let_go(self) -> None:
        """Take the hands off."""

    @abstractmethod
    def _misuse_today(self) -> None:
        """Do what is done to the aid itself, once a day."""
