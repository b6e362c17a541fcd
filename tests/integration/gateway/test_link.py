"""Many links on one loop, and brokers that behave badly."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from gateway.agent import Agent, AgentSettings
from gateway.clock import SystemClock
from gateway.dispatch import DispatchSettings
from gateway.link import Link, LinkSettings
from gateway.loop import Loop
from gateway.outbox import Outbox
from gateway.protocol.messages import Call, FaultEdge, Presence, Reply, Snapshot
from gateway.protocol.topics import Kind
from gateway.protocol.vocabulary import Signals
from tests.support.bench import Platform, eventually
from tests.support.broker import Broker
from tests.support.lift import EDGE, identifiers
from tests.support.modem import Hardware

FLEET = 40


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop(SystemClock(), helpers=2)
    yield loop
    loop.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path) as running:
        yield running


class RealTime(Hardware):
    """Hardware that lives in the test's own time."""

    def wall_ms(self) -> int:
        return SystemClock().wall_ms()

    def monotonic_ms(self) -> int:
        return SystemClock().monotonic_ms()


class Lift:
    def __init__(self, number: int, loop: Loop, broker: Broker, **settings: float) -> None:
        device = f"sl-{number:06}"
        ids = (f"{number:08x}{rest[8:]}" for rest in identifiers())
        self.hardware = RealTime()
        fields: dict[str, float] = {"pause_ms": 200, "will_delay_s": 0, **settings}
        link = LinkSettings(host=broker.host, port=broker.port, **fields)  # type: ignore[arg-type]
        self.agent = Agent(
            AgentSettings(device=device, dispatch=DispatchSettings(resend_ms=1_000)),
            controller=self.hardware,
            telephone=self.hardware,
            clock=self.hardware,
            outbox=Outbox(":memory:", device=device, new_id=ids.__next__),
            uplink=Link(link, device=device, loop=loop),
            new_id=ids.__next__,
        )
        self.agent.start()
        loop.add(self.agent)

    def change(self, **changes: Any) -> None:
        self.hardware.reading = structs.replace(self.hardware.reading, **changes)


def run(loop: Loop, until: Callable[[], object], *, within_s: float = 25.0) -> None:
    deadline = time.monotonic() + within_s
    loop.run(until=lambda: bool(until()) or time.monotonic() > deadline)
    assert until()


def online(platform: Platform) -> dict[str, Presence]:
    """Return the last word on each device."""
    return {p.device: p for p in platform.of(Presence)}


def test_fleet_on_one_loop_survives_its_broker(loop: Loop, broker: Broker) -> None:
    with Platform(broker) as platform:
        lifts = [Lift(number, loop, broker) for number in range(1, FLEET + 1)]
        run(loop, lambda: len(online(platform)) == FLEET)
        broker.kill()
        run(loop, lambda: not any(lift.agent._uplink.is_connected for lift in lifts))
        for lift in lifts:
            lift.change(faults=EDGE)
        run(loop, lambda: all(lift.agent.outbox.count for lift in lifts))
        broker.start()
        run(loop, lambda: len({e.device for e in platform.of(FaultEdge)}) == FLEET)
        run(loop, lambda: not any(lift.agent.outbox.count for lift in lifts))
        for lift in lifts:
            lift.agent.stop()
        run(loop, lambda: all(lift.agent.is_stopped for lift in lifts))
        eventually(lambda: {p.reason for p in online(platform).values()} == {"shutdown"})


def test_a_defect_while_dialling_is_not_the_last_attempt(
    loop: Loop, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by a defect of a library")

    with Platform(broker) as platform:
        with monkeypatch.context() as at_first:
            at_first.setattr("gateway.link.dial", broken)
            lift = Lift(1, loop, broker)
            link: Any = lift.agent._uplink
            run(loop, lambda: link._complaint)
        run(loop, lambda: platform.of(Presence))


def test_cut_without_a_word_brings_the_will(loop: Loop, broker: Broker) -> None:
    with Platform(broker) as platform:
        lift = Lift(1, loop, broker)
        run(loop, lambda: platform.of(Presence))
        lift.agent.cut()
        eventually(lambda: online(platform)["sl-000001"].reason == "lost")


@pytest.mark.parametrize("settings", [{"puback_timeout_s": 1}, {"keepalive_s": 1}])
def test_broker_that_freezes_is_given_up(
    loop: Loop, broker: Broker, settings: dict[str, float]
) -> None:
    with Platform(broker) as platform:
        lift = Lift(1, loop, broker, **settings)
        run(loop, lambda: platform.of(Presence))
        os.kill(broker.pid, signal.SIGSTOP)
        try:
            if "puback_timeout_s" in settings:
                lift.change(signals=Signals.SOS)
            run(loop, lambda: not lift.agent._uplink.is_connected, within_s=10)
        finally:
            os.kill(broker.pid, signal.SIGCONT)
        lift.change(signals=Signals.SOS)
        run(loop, lambda: platform.of(Call))
        run(loop, lambda: not lift.agent.outbox.holds(Kind.CALL))


def test_call_does_not_wait_out_a_long_pause(loop: Loop, broker: Broker) -> None:
    broker.kill()
    lift = Lift(1, loop, broker, pause_ms=120_000, pause_hurried_ms=500)
    link = lift.agent._uplink
    assert isinstance(link, Link)
    run(loop, lambda: link._state == "idle")
    broker.start()
    with Platform(broker) as platform:
        lift.change(signals=Signals.SOS)
        run(loop, lambda: platform.of(Call), within_s=10)


def test_defect_in_what_comes_down_costs_a_connection_and_no_more(
    loop: Loop, broker: Broker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Platform(broker) as platform:
        lift = Lift(1, loop, broker)
        run(loop, lambda: platform.of(Presence))

        def defective(*_: object) -> None:
            monkeypatch.undo()
            raise RuntimeError("a defect")

        monkeypatch.setattr(lift.agent, "received", defective)
        command = platform.command("sl-000001", Snapshot)
        run(loop, lambda: online(platform)["sl-000001"].session == 2)
        # The broker never got its acknowledgement, so it delivers the command again.
        run(loop, lambda: [r.outcome for r in platform.of(Reply) if r.command_id == command])
        assert "a defect" in caplog.text
