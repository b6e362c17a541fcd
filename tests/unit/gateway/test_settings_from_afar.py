"""Settings from afar: in force between rides, on trial, and back when the line is gone."""

from pathlib import Path

import pytest

from gateway.agent import AgentSettings
from gateway.protocol.messages import RemoteSettings, Reply, SetSettings
from gateway.protocol.vocabulary import Demand, Landing, Seat, Signals
from gateway.trial import TrialSettings
from tests.support.modem import DEVICE, Modem

WANTED = RemoteSettings(parked_interval_ms=60_000, stopped_ms=20_000)


@pytest.fixture
def modem(tmp_path: Path) -> Modem:
    trial = TrialSettings(settle_s=60, patience_s=600)
    return Modem(tmp_path / "outbox.db", AgentSettings(device=DEVICE, trial=trial))


def said(modem: Modem) -> list[tuple[str, str, str]]:
    return [(reply.outcome, reply.stage, reply.detail) for reply in modem.of(Reply)]


def interval_ms(modem: Modem) -> int:
    """How often a parked aid speaks."""
    before = modem.hardware.now_ms
    sent = [m for m in modem.run(3_600_000) if type(m).__name__ == "Status"]
    return (modem.hardware.now_ms - before) // max(len(sent), 1)


def test_they_hold_stay_and_are_confirmed(modem: Modem) -> None:
    modem.command(SetSettings, revision=4, settings=WANTED)
    assert said(modem) == [("done", "", "")]
    modem.run(50_000)
    assert said(modem) == [("done", "", "")]
    modem.run(20_000)
    assert said(modem) == [("done", "", ""), ("done", "confirmed", "")]
    modem.restart()
    assert interval_ms(modem) < 70_000
    modem.command(SetSettings, revision=3, settings=RemoteSettings())
    assert said(modem)[-1] == ("refused", "", "superseded")


def test_they_go_back_when_the_line_does_not_come_back(modem: Modem) -> None:
    modem.command(SetSettings, revision=4, settings=WANTED)
    modem.line.drop()
    modem.run(300_000)
    modem.restart()  # in the middle of it; the line stays down
    modem.line.drop()
    modem.run(590_000)
    modem.line.restore()
    modem.run(1_000)
    # The line is back in time: the trial goes on from here, and is passed.
    assert ("done", "confirmed", "") in said(modem)
    modem.command(SetSettings, revision=5, settings=RemoteSettings(parked_interval_ms=120_000))
    modem.line.drop()
    modem.run(610_000)
    modem.line.restore()
    modem.run(1_000)
    assert said(modem)[-1] == ("done", "rolled_back", "the platform was not reached")
    assert interval_ms(modem) < 70_000  # those that were known to work


def test_not_while_somebody_rides_neither_there_nor_back(modem: Modem) -> None:
    riding = {
        "speed_mm_s": 120,
        "seat": Seat.OCCUPIED,
        "demand": Demand.UP,
        "landing": Landing.BETWEEN,
        "signals": Signals.NONE,
    }
    modem.run(5_000, **riding)
    modem.command(SetSettings, revision=4, settings=WANTED)
    assert said(modem) == [("refused", "", "busy")]
    modem.run(60_000, speed_mm_s=0, demand=Demand.NONE, landing=Landing.TOP, seat=Seat.EMPTY)
    modem.command(SetSettings, revision=4, settings=WANTED)
    modem.line.drop()
    modem.run(590_000)
    modem.run(30_000, **riding)
    modem.line.restore()
    modem.run(1_000)
    # Nothing changes under a rider; with the line back, there is nothing to take back.
    assert "rolled_back" not in {stage for _, stage, _ in said(modem)}
