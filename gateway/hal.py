"""The port to the hardware: what the modem expects of a lift, its telephone and its clock.

Adapters for real buses stand in ``gateway/adapters/``; the simulator implements the same ports.
"""

from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from gateway.protocol.vocabulary import Contacts, Demand, Landing, Mode, Seat, Signals


class ActiveFault(Struct, frozen=True):
    """A fault as the controller reports it: our word, and the maker's own code as sent."""

    code: str
    maker_code: str = ""


class Reading(Struct, frozen=True, kw_only=True):
    """What the controller says at one moment. None and UNKNOWN: it cannot tell.

    ``speed_mm_s`` is positive upwards; ``battery_mv`` is at the terminals (sags under load).
    """

    position_mm: int | None = None
    speed_mm_s: int | None = None
    current_ma: int | None = None
    battery_mv: int | None = None
    seat: Seat = Seat.UNKNOWN
    demand: Demand = Demand.NONE
    mode: Mode = Mode.NORMAL
    landing: Landing = Landing.UNKNOWN
    contacts: Contacts = Contacts.NONE
    signals: Signals = Signals.NONE
    faults: tuple[ActiveFault, ...] = ()


class Notice(StrEnum):
    """What the rider is told by voice and light."""

    CALLING = "calling"  # the lift is trying to reach somebody
    HELP_COMING = "help_coming"  # the platform has alarmed the service desk
    ANSWERED = "answered"  # a person at the desk has seen it
    RELEASED = "released"  # the emergency is over
    FALLBACK = "fallback"  # nobody answered over data: trying by telephone
    IDENTIFY = "identify"


class Controller(Protocol):
    """The lift's controller."""

    def read(self) -> Reading:
        """Return the present reading. Raises ``OSError`` when the bus does not answer."""

    def announce(self, notice: Notice) -> None:
        """Tell the rider, by whatever voice and light the lift has."""


class Telephone(Protocol):
    """The modem's other way out: SMS or voice, when the data path brings no answer."""

    def send_fallback(self, text: str) -> None:
        """Send ``text`` to the configured number. Raises ``OSError`` when that fails too."""


class Clock(Protocol):
    """The modem's two clocks."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970, possibly wrong, possibly jumping."""

    def monotonic_ms(self) -> int:
        """Milliseconds since some start: never jumps, so every timer runs on it."""
