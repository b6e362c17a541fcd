"""A controller and a modem on one CAN bus, in one process: python-can's virtual one."""

from collections.abc import Iterator
from random import Random

import can
import pytest

from gateway.adapters.can import CanBench, parse
from gateway.adapters.choice import open_bench
from gateway.adapters.registers import as_carried
from gateway.hal import Notice
from gateway.protocol.vocabulary import Demand
from simulator.clock import VirtualTime
from simulator.failures import Failure, fail, repair
from simulator.hardware.rail import Rail
from simulator.hardware.stairlift import Stairlift
from simulator.home import Home
from simulator.people import ride
from simulator.workbench.benched import BenchedAid
from simulator.workbench.canbus import CanNode


class Staircase:
    """A lift and its modem, with a bus between them and time that is moved."""

    def __init__(self, channel: str) -> None:
        self.time = VirtualTime(start_wall_ms=0)
        self.home = Home(Stairlift(Rail.straight(4.7), rng=Random(1)), rng=Random(1))
        self.heard: list[str] = []
        self.aid = BenchedAid(self.home, self.time, begin=self._begin, heard=self.heard.append)
        where = parse(f"can://virtual/{channel}?node=5")
        self.bus = where.open()
        self.node = CanNode(self.aid, self.bus, where.node)
        self.modem = open_bench(f"can://virtual/{channel}?node=5", self.time)

    def _begin(self) -> Iterator[int]:
        self.home.aid.seat_load_kg = 75
        yield 1_000
        self.home.begin(ride(self.home, Demand.UP))

    def wait(self, ms: int) -> None:
        self.time.move_to(self.time.monotonic_ms() + ms)


@pytest.fixture
def staircase(request: pytest.FixtureRequest) -> Iterator[Staircase]:
    made = Staircase(request.node.name)
    yield made
    made.modem.close()
    made.bus.shutdown()


def test_readings_go_up_and_notices_come_down(staircase: Staircase) -> None:
    assert isinstance(staircase.modem, CanBench)
    with pytest.raises(OSError, match="silent"):
        staircase.modem.read()
    for _ in range(30):
        staircase.wait(200)
        staircase.node.look()
        assert staircase.modem.read() == as_carried(staircase.home.read())
    assert (staircase.modem.read().speed_mm_s or 0) > 0
    staircase.modem.announce(Notice.HELP_COMING)
    staircase.modem.send_fallback("sl-000001 stopped_between_landings 0a1b2c3d")
    staircase.node.look()
    assert staircase.heard == [
        "notice help_coming",
        "fallback sl-000001 stopped_between_landings 0a1b2c3d",
    ]


def test_a_controller_that_falls_silent_is_an_error_of_the_bus(staircase: Staircase) -> None:
    staircase.modem.announce(Notice.IDENTIFY)  # opens the bus
    staircase.node.look()
    assert staircase.modem.read()
    fail(staircase.home, Failure.BUS)
    for _ in range(3):
        staircase.wait(1_000)
        staircase.node.look()
    with pytest.raises(OSError, match="silent"):
        staircase.modem.read()
    repair(staircase.home, Failure.BUS)
    staircase.node.look()
    assert staircase.modem.read()


def test_other_nodes_on_the_bus_are_none_of_our_business(staircase: Staircase) -> None:
    staircase.modem.announce(Notice.IDENTIFY)
    other = parse("can://virtual/test_other_nodes_on_the_bus_are_none_of_our_business?node=6")
    bus = other.open()
    CanNode(staircase.aid, bus, other.node).look()
    bus.send(can.Message(arbitration_id=0x185, data=b"", is_extended_id=False))
    bus.send(can.Message(arbitration_id=0x185, data=b"12345678", is_extended_id=True))
    bus.shutdown()
    with pytest.raises(OSError, match="silent"):
        staircase.modem.read()


@pytest.mark.parametrize(
    "address", ["can://virtual", "can://virtual/0?node=128", "can://virtual/0?node=x", "can:/0"]
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(ValueError, match="not can://"):
        open_bench(address, VirtualTime(start_wall_ms=0))


def test_a_bus_that_does_not_exist_is_tried_again_later() -> None:
    time = VirtualTime(start_wall_ms=0)
    modem = open_bench("can://socketcan/no-such-bus", time)
    for _ in range(2):
        with pytest.raises(OSError, match="no-such-bus"):
            modem.read()
        with pytest.raises(OSError, match="down"):
            modem.read()
        time.move_to(time.monotonic_ms() + 2_000)
    modem.close()
