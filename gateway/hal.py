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
    """What controller and modem say at one moment. None, UNKNOWN and "": they cannot tell.

    Attributes:
        position_mm: along the rail from the bottom end; the stroke of a hoist; None on wheels.
        speed_mm_s: positive is up, on wheels forward.
        battery_mv: at the terminals (sags under load).
        faults: all that are active, the one that the controller puts first before the others.
        load_kg: what hangs in the sling, of hoists that weigh.
        incline_deg: how steep it stands along its way, positive nose up, of aids on wheels.
        odometer_m: driven since it was built, by the controller's counter; ``cycles``: starts of
            the drive, likewise.
        parameters: a digest of the controller's settings; ``hardware``: its serial number.
        temperature_dc: at the modem, in tenths of a degree Celsius.
        signal_dbm: strength of the mobile network.
        cell: where it is, as a geohash. The modem keeps five characters of it (some 5 km) at most,
            and only of the one where it was for longest in a day.
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
    load_kg: int | None = None
    incline_deg: int | None = None
    odometer_m: int | None = None
    cycles: int | None = None
    parameters: str = ""
    hardware: str = ""
    temperature_dc: int | None = None
    signal_dbm: int | None = None
    cell: str | None = None


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
