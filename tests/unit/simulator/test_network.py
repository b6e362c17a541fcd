"""A line of radio, in virtual time."""

from random import Random

import pytest
from msgspec.structs import replace

from gateway.protocol.topics import Kind
from simulator.network import (
    BAD,
    BROKER_NOTICES_MS,
    GOOD,
    MODEM_NOTICES_MS,
    QUALITIES,
    Network,
    NetworkLine,
    Quality,
)
from simulator.scenarios.loader import library
from simulator.trace import run_scenario

# Nothing happens by itself.
STEADY = Quality(
    name="steady",
    delay_ms=100,
    spread=0,
    stall=0,
    stall_ms=1,
    twice=0,
    late=0,
    outages_per_day=0,
    outage_ms=1,
    outage_spread=0,
    connect_ms=1_000,
)


class Modem:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.wills = 0

    def last_will(self) -> bytes:
        self.wills += 1
        return b"will %d" % self.wills

    def connected(self, *, resumed: bool) -> None:
        self.heard.append("resumed" if resumed else "connected")

    def disconnected(self) -> None:
        self.heard.append("disconnected")

    def received(self, kind: Kind, payload: bytes) -> None:
        self.heard.append(f"{kind} {payload!r}")


class Wire:
    """A modem with its line, and what arrived at which time."""

    def __init__(self, quality: Quality = STEADY, seed: int = 1) -> None:
        self.arrived: list[tuple[int, bytes]] = []
        self.network = Network(
            quality,
            rng=Random(seed),
            sink=lambda _, payload: self.arrived.append((self.network.now_ms, payload)),
        )
        self.modem = Modem()
        self.delivered: list[bytes] = []
        self.line: NetworkLine = self.network.line()
        self.line.open(self.modem)
        self.network.advance_to(10)

    def send(self, payload: bytes) -> bool:
        return self.line.publish(Kind.STATUS, payload, lambda _: self.delivered.append(payload))

    @property
    def payloads(self) -> list[bytes]:
        return [payload for _, payload in self.arrived]


def test_a_message_takes_its_time_and_so_does_its_confirmation() -> None:
    wire = Wire()
    assert wire.send(b"1")
    wire.network.advance_to(109)
    assert wire.arrived == []
    wire.network.advance_to(111)
    assert wire.payloads == [b"1"]
    assert wire.delivered == []
    wire.network.advance_to(211)
    assert wire.delivered == [b"1"]


def test_a_connection_keeps_the_order() -> None:
    wire = Wire(replace(GOOD, spread=1.5, late=0.0, twice=0.0))
    for number in range(200):
        assert wire.send(b"%d" % number)
    wire.network.advance_to(60_000)
    assert wire.payloads == [b"%d" % number for number in range(200)]


def test_a_short_outage_delays_and_loses_nothing() -> None:
    wire = Wire()
    wire.line.interrupt()
    assert wire.line.is_connected, "the modem cannot know yet"
    wire.send(b"1")
    wire.network.advance_to(30_000)
    assert wire.arrived == []
    wire.line.restore()
    wire.network.advance_to(31_000)
    assert wire.payloads == [b"1"]
    assert wire.modem.heard == ["connected"]


@pytest.mark.parametrize("until_ms", [200_000, 200_000.4, 200_000.6])
def test_an_outage_while_it_dials_ends_whatever_part_of_a_millisecond_it_lasts(
    until_ms: float,
) -> None:
    wire = Wire()
    wire.line.interrupt()
    wire.network.advance_to(150_000)
    wire.line.restore()
    wire.line.fade(until_ms)  # before it has connected again
    wire.network.advance_to(199_999)
    assert not wire.line.is_connected
    wire.network.advance_to(202_000)
    assert wire.line.is_connected


def test_a_long_outage_is_noticed_first_by_the_modem_then_by_the_broker() -> None:
    wire = Wire()
    wire.line.interrupt()
    wire.network.advance_to(10 + MODEM_NOTICES_MS - 1)
    assert wire.modem.heard == ["connected"]
    wire.network.advance_to(10 + MODEM_NOTICES_MS + 1)
    assert wire.modem.heard == ["connected", "disconnected"]
    assert not wire.send(b"1")
    wire.network.advance_to(10 + BROKER_NOTICES_MS + 1)
    assert wire.payloads == [b"will 1"]
    wire.line.restore()
    wire.network.advance_to(200_000)
    assert wire.modem.heard[-1] == "resumed"
    assert wire.payloads == [b"will 1"]


def test_who_comes_back_before_the_broker_noticed_takes_over_its_own_session() -> None:
    wire = Wire()
    wire.line.interrupt()
    wire.network.advance_to(70_000)
    wire.line.restore()
    wire.network.advance_to(80_000)
    assert wire.modem.heard == ["connected", "disconnected", "resumed"]
    wire.network.advance_to(300_000)
    assert wire.payloads == [b"will 1"], "once, when the new connection took its place"


def test_a_modem_that_starts_again_ends_its_earlier_session() -> None:
    wire = Wire()
    wire.line.cut()
    again = wire.network.line()
    again.open(wire.modem)
    wire.network.advance_to(5_000)
    assert wire.payloads == [b"will 1"]
    assert again.is_connected
    wire.network.advance_to(300_000)
    assert wire.payloads == [b"will 1"]


def test_what_goes_down_reaches_only_the_connection_it_was_sent_over() -> None:
    wire = Wire()
    wire.network.send_down(Kind.ACK, b"1")
    wire.network.advance_to(1_000)
    assert wire.modem.heard == ["connected", "ack b'1'"]
    wire.line.interrupt()
    wire.network.send_down(Kind.ACK, b"2")
    wire.network.advance_to(300_000)
    assert "ack b'2'" not in wire.modem.heard


def test_a_bad_line_delivers_some_twice_and_some_late_and_none_never() -> None:
    wire = Wire(replace(BAD, outages_per_day=0.0))
    sent = [b"%d" % number for number in range(1_000)]
    for payload in sent:
        wire.send(payload)
    wire.network.advance_to(2_000_000)
    assert {*wire.payloads} == {*sent}
    assert len(wire.payloads) > len(sent)
    assert wire.payloads != sorted(wire.payloads, key=int)


@pytest.mark.parametrize("quality", QUALITIES.values(), ids=lambda quality: quality.name)
def test_one_seed_gives_one_trace(quality: Quality) -> None:
    scenario = library()["jam_in_bend"]
    traces: list[list[bytes]] = [[], []]
    for trace in traces:
        run_scenario(scenario, trace.append, quality=quality)
    assert traces[0] == traces[1]
    assert any(b"drive_refused" in line or b'"reason"' in line for line in traces[0])
