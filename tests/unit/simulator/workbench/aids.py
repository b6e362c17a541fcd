"""Aids to lay hands on, in time that stands still until it is moved."""

from random import Random

from gateway.protocol.vocabulary import AidKind
from simulator.clock import VirtualTime
from simulator.hardware.rail import Rail
from simulator.hardware.stairlift import Stairlift
from simulator.hardware.vehicle import Vehicle
from simulator.home import Home
from simulator.pace import PacedTime
from simulator.workbench.controls import Controlled, Controls

LIFT, SCOOTER = "sl-000001", "sc-000002"


class Workshop:
    """A stairlift and a scooter under control."""

    def __init__(self, *, paced: bool = True) -> None:
        self.real = VirtualTime(start_wall_ms=1_767_600_000_000)
        self.time = PacedTime(self.real)
        rng = Random(1)
        lift = Stairlift(Rail.straight(4.7), rng=rng)
        self.homes = {
            LIFT: Home(lift, rng=rng),
            SCOOTER: Home(Vehicle(AidKind.SCOOTER, rng=rng), rng=rng),
        }
        self.controls = Controls(
            lambda: {name: Controlled(home=home) for name, home in self.homes.items()},
            now_ms=self.time.monotonic_ms,
            pace=self.time if paced else None,
        )

    def wait(self, ms: int) -> None:
        self.real.move_to(self.real.monotonic_ms() + ms)
