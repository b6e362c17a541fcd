"""What all aids have in common: battery, charger, controls, a board with counters, the weather.

Time comes in as ``dt_s``; the only randomness is the generator handed over. Inputs are plain
attributes (what people's hands and failing parts do); ``step`` lets the world go on.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from hashlib import sha256
from random import Random

from gateway.hal import Reading
from gateway.protocol.vocabulary import AidKind, Contacts, Demand, Mode
from simulator.hardware.battery import Battery
from simulator.hardware.breakdown import FAULT_OF_BREAKDOWN, STOPS_CHARGING, STOPS_DRIVE, Breakdown
from simulator.hardware.climate import STEADY, Climate
from simulator.hardware.parameters import BatteryParameters

LOOK_AT_WEATHER_S = 600.0
SIGN = {Demand.NONE: 0, Demand.UP: 1, Demand.DOWN: -1}


class Aid(ABC):
    """An aid. See the kinds for what up, down, seat and position mean.

    Attributes:
        seat_load_kg: what is on the seat, or hangs in the sling; joystick: what it is asked.
        mode: who is in charge. contacts: safety contacts that somebody or something opened.
        sos: the emergency button is held. mains: the house has electricity.
        opened: the controller's housing is open. broken: parts that are.
        serial: the controller's, as its bus tells it. climate: where it stands.
        drive: the drive's parameters, its settings among them; replaced as a whole.
        cycles: starts of the drive since it was built. odometer_m: distance since then.
        energy_drawn_j: out of the battery for the drive, since the run began.
    """

    kind: AidKind
    drive: Hashable
    substep_s = 0.1  # how finely motion is worked out

    def __init__(
        self,
        *,
        rng: Random,
        battery: BatteryParameters,
        charge: float = 1.0,
        health: float = 1.0,
        serial: str = "00000001",
        climate: Climate = STEADY,
    ) -> None:
        self._rng = rng
        self._battery_parameters = battery
        self.battery = Battery(battery, charge=charge, health=health)
        self.serial = serial
        self.climate = climate

        # What people and the house do to it.
        self.seat_load_kg = 0.0
        self.joystick = Demand.NONE
        self.mode = Mode.NORMAL
        self.contacts = Contacts.NONE
        self.sos = False
        self.mains = True
        self.opened = False
        self.broken: set[Breakdown] = set()

        # What follows from it.
        self.speed_m_s = 0.0
        self.current_a = 0.0
        self.battery_flat = False
        self.over_current = False
        self.cycles = 0
        self.odometer_m = 0.0
        self.energy_drawn_j = 0.0
        self._elapsed_s = 0.0
        self._weather_due_s = 0.0
        self._digest: tuple[Hashable, str] | None = None
        self._look_at_weather()

    @property
    @abstractmethod
    def settings(self) -> Hashable:
        """What the controller is set to: a mechanic may change it, others must not."""

    @property
    @abstractmethod
    def occupied(self) -> bool:
        """Whether its sensor feels somebody, or something hanging in it."""

    @property
    @abstractmethod
    def plugged(self) -> bool:
        """Whether it is connected to its charger."""

    @property
    @abstractmethod
    def conditions(self) -> set[str]:
        """All that is the matter, in our vocabulary, whether its maker shows it or not."""

    @abstractmethod
    def may_drive(self, direction: Demand) -> bool:
        """Tell whether controller and safety chain would let the drive run in ``direction``."""

    @abstractmethod
    def reading(self) -> Reading:
        """Return all that the best of controllers could say now, without faults."""

    @property
    def parameters(self) -> str:
        """A digest of the controller's settings."""
        if self._digest is None or self._digest[0] is not self.drive:
            digest = sha256(repr(self.settings).encode()).hexdigest()[:12]
            self._digest = self.drive, digest
        return self._digest[1]

    @property
    def demand(self) -> Demand:
        """What is asked of the drive."""
        return self.joystick

    @property
    def refused(self) -> bool:
        """Whether something is asked that the controller does not give."""
        direction = self.demand
        return direction is not Demand.NONE and not self.may_drive(direction)

    @property
    def powered(self) -> bool:
        """Whether the drive has a battery."""
        return Breakdown.ISOLATOR not in self.broken

    @property
    def mains_seen(self) -> bool:
        """Whether its charger has mains, as far as the aid can tell."""
        return self.mains

    @property
    def charging(self) -> bool:
        """Whether charging current flows."""
        return (
            self.mains
            and self.speed_m_s == 0
            and self.plugged
            and STOPS_CHARGING.isdisjoint(self.broken)
        )

    @property
    def charging_a(self) -> float:
        """The charging current."""
        return self.battery.charging_a if self.charging else 0.0

    @property
    def battery_v(self) -> float:
        """Voltage at the battery's terminals, under the present load."""
        if not self.powered:
            return 0.0
        if self.charging:
            return self.battery.charging_v
        return self.battery.terminal_v(self.current_a)

    @property
    def temperature_c(self) -> float:
        """The temperature where it stands."""
        return self.battery.temperature_c

    @property
    def active(self) -> bool:
        """Whether anything goes on that a modem would want to watch closely."""
        return bool(self.speed_m_s or self.sos or self.demand is not Demand.NONE)

    @property
    def sound(self) -> bool:
        """Whether the controller would drive at all, contacts aside."""
        return (
            not self.battery_flat and not self.over_current and STOPS_DRIVE.isdisjoint(self.broken)
        )

    @property
    def unchanging_s(self) -> float:
        """For how long its readings stay as they are if nobody touches it; 0: nobody knows."""
        return 0.0

    def step(self, dt_s: float) -> None:
        """Let ``dt_s`` seconds pass with the inputs as they are.

        Raises:
            ValueError: time does not go backwards.
        """
        if dt_s < 0:
            raise ValueError(f"time does not go backwards: {dt_s} s")
        while dt_s > 0:
            resting = self._at_rest
            due_s = self._weather_due_s - self._elapsed_s
            piece_s = min(dt_s, max(due_s, self.substep_s) if resting else self.substep_s)
            if resting:
                self._rest(piece_s)
            else:
                self._move(piece_s)
            self._elapsed_s += piece_s
            if self._elapsed_s >= self._weather_due_s:
                self._look_at_weather()
            dt_s -= piece_s
            if dt_s < 1e-9:  # what remains is rounding
                return

    @property
    @abstractmethod
    def _at_rest(self) -> bool:
        """Whether nothing moves or is asked to: time may pass in large pieces."""

    @abstractmethod
    def _rest(self, dt_s: float) -> None:
        """Let time pass at rest."""

    @abstractmethod
    def _move(self, dt_s: float) -> None:
        """Let a moment pass in which something moves or is asked to."""

    def _look_at_weather(self) -> None:
        """Take on the temperature of the place, and age: both are slow."""
        if self._weather_due_s:
            self.battery.age(LOOK_AT_WEATHER_S)
        self.battery.temperature_c = self.climate.at(self._elapsed_s)
        self._weather_due_s += LOOK_AT_WEATHER_S

    def _charge_or_drain(self, dt_s: float, drain_a: float) -> None:
        """Let the battery be charged at rest, or drained by ``drain_a``."""
        self.current_a = drain_a if self.powered and self.battery.charge > 0 else 0.0
        if self.charging:
            self.battery.recharge(dt_s)
            if self.battery.rest_v >= self._battery_parameters.recovered_v:
                self.battery_flat = False
        else:
            self.battery.discharge(self.current_a, dt_s)

    def _draw(self, current_a: float | None, dt_s: float, *, electronics_a: float) -> None:
        """Take ``current_a`` (None: the voltage collapses) out of the battery for the drive."""
        if current_a is None or not self.powered:
            self.battery_flat = self.battery_flat or self.powered
            self.current_a = 0.0
            return
        self.current_a = current_a + electronics_a
        voltage_v = self.battery.terminal_v(self.current_a)
        if voltage_v <= self._battery_parameters.cut_off_v:
            self.battery_flat = True
        self.energy_drawn_j += voltage_v * self.current_a * dt_s
        before = self.battery.charge
        self.battery.discharge(self.current_a, dt_s)
        self.battery.wear_by_cycles(before - self.battery.charge)

    def _common_conditions(self) -> set[str]:
        """Return what can be the matter with any aid."""
        present = set()
        if self.broken:  # mostly nothing is, and this is asked at every reading
            present = {name for part, name in FAULT_OF_BREAKDOWN.items() if part in self.broken}
            if not self.powered:
                present.add("power_down")
        if self.battery_flat:
            present.add("battery_flat")
        elif not self.charging and self.battery.rest_v <= self._battery_parameters.low_v:
            present.add("battery_low")
        if self.over_current:
            present.add("over_current")
        return present
