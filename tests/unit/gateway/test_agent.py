"""The agent of one lift, over a line that may be down, with a platform that may be deaf."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from gateway.agent import AgentSettings
from gateway.dispatch import Dispatch
from gateway.hal import Notice
from gateway.outbox import Outbox
from gateway.protocol.codec import encode
from gateway.protocol.messages import (
    Ack,
    Call,
    CallStatus,
    FaultEdge,
    Identify,
    Presence,
    Reply,
    SelfTest,
    SetSampling,
    Snapshot,
    Status,
    Usage,
)
from gateway.protocol.topics import Kind
from gateway.protocol.vocabulary import CallReason, Demand, Landing, Seat, Signals
from gateway.watch import CallSettings, WatchSettings
from tests.support.lift import EDGE, START_WALL_MS
from tests.support.modem import DEVICE, NEVER_TEST, Modem


@pytest.fixture
def modem(tmp_path: Path) -> Modem:
    return Modem(tmp_path / "outbox.db", NEVER_TEST)


def ride(modem: Modem, ms: int = 10_000) -> None:
    modem.run(
        ms,
        speed_mm_s=120,
        seat=Seat.OCCUPIED,
        demand=Demand.UP,
        landing=Landing.BETWEEN,
        signals=Signals.NONE,
    )


def arrive(modem: Modem) -> None:
    ride(modem)
    modem.run(
        2_000,
        speed_mm_s=0,
        seat=Seat.EMPTY,
        demand=Demand.NONE,
        landing=Landing.TOP,
        signals=Signals.MAINS,
    )


def press_sos(modem: Modem) -> None:
    ride(modem)
    modem.run(250, speed_mm_s=0, demand=Demand.NONE, signals=Signals.SOS)
    assert modem.agent.call is not None


def test_presence_comes_first_and_says_how_things_stand(modem: Modem) -> None:
    first = modem.sent[0]
    assert isinstance(first, Presence)
    assert (first.online, first.reason, first.session, first.head_seq) == (True, "connected", 1, 1)
    assert first.sample is not None
    assert first.sample.landing is Landing.BOTTOM


def test_will_belongs_to_the_connection_it_was_made_for(modem: Modem) -> None:
    modem.line.drop()
    modem.line.restore()
    last = modem.of(Presence)[-1]
    assert last.session == 2


def test_backlog_goes_out_in_order_of_weight_after_the_presence(modem: Modem) -> None:
    modem.run(1_000)
    modem.line.drop()
    modem.run(1_000, faults=EDGE)
    modem.run(1_000, faults=())
    ride(modem)
    modem.run(10_000, landing=Landing.TOP, speed_mm_s=0, demand=Demand.NONE)
    modem.run(1_000, signals=Signals.SOS)
    before = len(modem.sent)
    modem.line.restore()
    kinds = [type(message) for message in modem.sent[before:]]
    assert kinds[:5] == [Presence, Call, FaultEdge, FaultEdge, Usage]
    assert set(kinds[5:]) == {Status}
    presence = modem.of(Presence)[-1]
    assert presence.head_seq == modem.agent.outbox.head_seq
    assert presence.call_id == modem.of(Call)[0].call_id


def test_status_is_forgotten_once_delivered_and_the_rest_once_acknowledged(modem: Modem) -> None:
    modem.acknowledges = False
    modem.run(1_000, faults=EDGE)
    modem.run(1_000)
    assert modem.agent.outbox.count == 1
    (edge,) = modem.of(FaultEdge)
    modem.hear(Ack(outbox="f" * 32, seqs=(edge.seq,), time_ms=START_WALL_MS))
    assert modem.agent.outbox.count == 1
    modem.hear(Ack(outbox=edge.outbox, seqs=(edge.seq,), time_ms=START_WALL_MS))
    assert modem.agent.outbox.count == 0


def test_what_the_platform_does_not_acknowledge_is_sent_again_ever_more_rarely(
    modem: Modem,
) -> None:
    modem.acknowledges = False
    modem.run(0, faults=EDGE)
    modem.run(3_600_000)
    edges = modem.of(FaultEdge)
    assert len({edge.seq for edge in edges}) == 1
    # After 15, 30, 60, 120, 240, 480 s, then every quarter of an hour.
    assert 8 <= len(edges) <= 11


def test_call_is_repeated_until_help_comes_and_the_rider_hears_of_it(modem: Modem) -> None:
    press_sos(modem)
    modem.run(61_000)
    assert [call.attempt for call in modem.of(Call)] == [1, 2, 3]
    modem.say("help_coming")
    modem.run(600_000)
    assert len(modem.of(Call)) == 3
    modem.say("answered")
    modem.say("released")
    modem.run(600_000, signals=Signals.NONE)
    assert len(modem.of(Call)) == 3
    assert modem.hardware.notices == [
        Notice.CALLING,
        Notice.HELP_COMING,
        Notice.ANSWERED,
        Notice.RELEASED,
    ]
    assert [reply.outcome for reply in modem.of(Reply)] == ["done"] * 3
    assert modem.hardware.texts == []


def test_call_that_is_stored_but_not_answered_goes_by_telephone(modem: Modem) -> None:
    press_sos(modem)
    modem.run(95_000)
    assert len(modem.hardware.texts) == 1
    assert DEVICE in modem.hardware.texts[0]
    assert modem.hardware.notices == [Notice.CALLING, Notice.FALLBACK]


def test_call_without_any_line_goes_by_telephone_and_is_tried_until_that_works(
    modem: Modem,
) -> None:
    modem.line.drop()
    modem.hardware.telephone_fails = True
    press_sos(modem)
    modem.run(120_000)
    assert modem.hardware.texts == []
    modem.hardware.telephone_fails = False
    modem.run(600_000)
    assert len(modem.hardware.texts) == 1
    assert modem.of(Call) == []
    modem.line.restore()
    assert [call.phase.value for call in modem.of(Call)] == ["raised"]


def test_call_hurries_the_link(modem: Modem) -> None:
    modem.run(250, seat=Seat.OCCUPIED, signals=Signals.SOS)
    assert modem.agent.call is not None
    assert modem.line.hurried == 1


def test_a_lift_half_way_hurries_the_link_and_one_at_a_landing_does_not(modem: Modem) -> None:
    modem.run(120_000)
    assert modem.line.hurried == 0
    modem.line.drop()
    ride(modem)
    assert modem.line.hurried >= 1


def test_same_call_is_not_repeated_while_the_platform_has_not_stored_it(modem: Modem) -> None:
    modem.acknowledges = False
    press_sos(modem)
    modem.run(120_000)
    calls = modem.of(Call)
    assert len({call.seq for call in calls}) == 1
    assert len(calls) >= 4


def test_power_loss_in_an_emergency_goes_on_with_the_same_call(modem: Modem) -> None:
    press_sos(modem)
    modem.run(61_000)
    modem.restart()
    modem.run(31_000)
    calls = modem.of(Call)
    assert len({call.call_id for call in calls}) == 1
    assert [call.attempt for call in calls] == sorted({call.attempt for call in calls})
    assert modem.of(Presence)[-1].call_id == calls[0].call_id
    assert modem.of(Presence)[-1].session == 2


def test_call_heard_before_power_loss_stays_heard(modem: Modem) -> None:
    press_sos(modem)
    modem.say("help_coming")
    count = len(modem.of(Call))
    modem.restart()
    modem.run(300_000)
    assert len(modem.of(Call)) == count
    assert modem.hardware.texts == []


@contextmanager
def full(disk: Outbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have no room on a disk for as long as the block lasts; any other outbox works on."""
    put = Outbox.put

    def refuse(self: Outbox, *arguments: Any) -> Any:
        if self is disk:
            raise sqlite3.OperationalError("database or disk is full")
        return put(self, *arguments)

    with monkeypatch.context() as filled:
        filled.setattr(Outbox, "put", refuse)
        filled.setattr(Outbox, "take_over", refuse)
        yield


class TestCommands:
    def test_snapshot(self, modem: Modem) -> None:
        modem.run(10_000)
        modem.command(Snapshot)
        sent = modem.run(1_000)
        assert [type(m) for m in sent] == [Status]

    def test_self_test(self, modem: Modem) -> None:
        modem.command(SelfTest)
        modem.run(1_000)
        assert [call.reason for call in modem.of(Call)] == [CallReason.TEST]
        assert modem.agent.call is None
        assert modem.hardware.notices == []

    def test_identify(self, modem: Modem) -> None:
        modem.command(Identify, duration_ms=3_000)
        modem.run(10_000)
        assert modem.hardware.notices == [Notice.IDENTIFY] * 3

    def test_set_sampling(self, modem: Modem) -> None:
        modem.run(1_000)
        modem.command(
            SetSampling, parked_interval_ms=1_000, riding_interval_ms=100, duration_ms=60_000
        )
        assert 9 <= len([m for m in modem.run(10_000) if isinstance(m, Status)]) <= 11

    def test_expired(self, modem: Modem) -> None:
        modem.command(Identify, expires_ms=modem.hardware.wall_ms() - 1)
        modem.run(1_000)
        assert [reply.outcome for reply in modem.of(Reply)] == ["expired"]
        assert modem.hardware.notices == []

    def test_unknown(self, modem: Modem) -> None:
        modem.agent.received(
            Kind.COMMAND,
            b'{"kind":"dance","command_id":"%s","expires_ms":9999999999999}' % (b"a" * 32),
        )
        (reply,) = modem.of(Reply)
        assert (reply.command_id, reply.outcome) == ("a" * 32, "refused")

    def test_about_no_call(self, modem: Modem) -> None:
        modem.command(CallStatus, call_id="f" * 32, state="help_coming")
        assert [reply.outcome for reply in modem.of(Reply)] == ["refused"]

    def test_delivered_twice_is_obeyed_once(self, modem: Modem) -> None:
        for _ in range(2):
            modem.command(SelfTest, command_id="b" * 32)
            modem.run(1_000)
        assert len(modem.of(Reply)) == len(modem.of(Call)) == 1

    @pytest.mark.parametrize("payload", [b"", b"{", b"\xff\x00", b'{"command_id":"x"}'])
    def test_rubbish_is_ignored(self, modem: Modem, payload: bytes) -> None:
        modem.agent.received(Kind.COMMAND, payload)
        modem.agent.received(Kind.ACK, payload)
        assert modem.of(Reply) == []


class TestTestCalls:
    def test_every_72_hours_after_the_last_one_that_arrived(self, tmp_path: Path) -> None:
        settings = AgentSettings(
            device=DEVICE, watch=WatchSettings(calls=CallSettings(test_interval_ms=3_600_000))
        )
        modem = Modem(tmp_path / "o.db", settings)
        modem.run(59_000)
        assert modem.of(Call) == []
        modem.run(2_000)
        assert len(modem.of(Call)) == 1
        modem.restart()
        modem.run(3_500_000)
        assert len(modem.of(Call)) == 1
        modem.run(200_000)
        assert [call.reason for call in modem.of(Call)] == [CallReason.TEST] * 2
        assert modem.hardware.notices == []

    def test_one_that_does_not_arrive_is_sent_again_and_not_made_again(
        self, tmp_path: Path
    ) -> None:
        modem = Modem(tmp_path / "o.db")
        modem.acknowledges = False
        modem.run(3_600_000)
        assert len({call.seq for call in modem.of(Call)}) == 1

    def test_interval_holds_although_the_clock_was_set_back(self, tmp_path: Path) -> None:
        modem = Modem(tmp_path / "o.db")
        modem.run(61_000)
        modem.hardware.wall_offset_ms -= 365 * 86_400_000
        for _ in range(75):  # an hour at a time, without reading the bus all the while
            modem.hardware.now_ms += 3_600_000
            modem.run(250)
        assert len(modem.of(Call)) == 2


class TestClock:
    def test_that_was_never_set_is_set_by_the_platform_which_is_told(self, modem: Modem) -> None:
        modem.hardware.wall_offset_ms = 0
        modem.run(1_000, faults=EDGE)
        modem.run(1_000, faults=())
        assert [p.reason for p in modem.of(Presence)] == ["connected", "clock"]
        assert modem.of(Presence)[-1].session == 1
        raised, cleared = modem.of(FaultEdge)
        assert raised.time_ms < 10_000
        assert cleared.time_ms > START_WALL_MS

    def test_that_was_never_set_is_not_set_in_the_middle_of_a_ride(self, modem: Modem) -> None:
        """Half of a ride in 1970 and half of it now cannot be told how long it took."""
        modem.hardware.wall_offset_ms = 0
        ride(modem, 8_000)
        modem.run(1_000, faults=EDGE)
        modem.run(1_000, faults=())
        ride(modem, 8_000)
        assert modem.of(FaultEdge)
        assert all(told.time_ms < 60_000 for told in [*modem.of(FaultEdge), *modem.of(Status)[1:]])
        assert [p.reason for p in modem.of(Presence)] == ["connected"]
        modem.run(20_000, landing=Landing.TOP, speed_mm_s=0, demand=Demand.NONE)
        assert [p.reason for p in modem.of(Presence)] == ["connected", "clock"]

    def test_that_is_far_ahead_does_not_make_commands_expire(self, modem: Modem) -> None:
        modem.hardware.wall_offset_ms = START_WALL_MS + 365 * 86_400_000
        modem.run(1_000, faults=EDGE)  # its acknowledgement tells the platform's time
        modem.command(Identify, expires_ms=START_WALL_MS + modem.hardware.now_ms + 60_000)
        assert [reply.outcome for reply in modem.of(Reply)] == ["done"]


class TestTrouble:
    def test_silent_bus_is_a_fault(self, modem: Modem) -> None:
        modem.run(1_000)
        modem.hardware.silent = True
        modem.run(4_000)
        assert modem.of(FaultEdge) == []
        modem.run(4_000)
        modem.hardware.silent = False
        modem.run(1_000)
        edges = [(e.code, e.maker_code, e.edge.value) for e in modem.of(FaultEdge)]
        assert edges == [("controller", "no_answer", edge) for edge in ("raised", "cleared")]

    def test_bus_that_falls_silent_in_mid_ride_is_an_emergency(self, modem: Modem) -> None:
        ride(modem)
        modem.hardware.silent = True
        modem.run(15_000)
        assert [call.reason for call in modem.of(Call)] == [CallReason.FAULT]

    @pytest.mark.parametrize("failing", ["put", "forget", "next_session"])
    def test_failing_disk_does_not_keep_the_lift_from_calling(
        self, modem: Modem, monkeypatch: pytest.MonkeyPatch, failing: str
    ) -> None:
        modem.run(1_000)

        def full(*_: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        monkeypatch.setattr(modem.agent.outbox, failing, full)
        modem.line.drop()
        modem.line.restore()
        press_sos(modem)
        assert {call.phase for call in modem.of(Call)} == {"raised"}
        modem.say("help_coming")
        assert modem.hardware.notices == [Notice.CALLING, Notice.HELP_COMING]

    @pytest.mark.parametrize("failing", ["stored", "pump", "tick"])
    def test_a_defect_in_sending_does_not_keep_the_lift_from_the_telephone(
        self, modem: Modem, monkeypatch: pytest.MonkeyPatch, failing: str
    ) -> None:
        def defect(*_: object) -> None:
            raise ZeroDivisionError("by a defect of ours")

        ride(modem)
        monkeypatch.setattr(Dispatch, failing, defect)
        for _ in range(95):  # as the loop does, which writes a defect down and goes on
            with suppress(ZeroDivisionError):
                modem.run(1_000, speed_mm_s=0, demand=Demand.NONE, signals=Signals.SOS)
            modem.hardware.now_ms += 1_000
        assert len(modem.hardware.texts) == 1
        assert modem.hardware.notices == [Notice.CALLING, Notice.FALLBACK]

    def test_a_disk_that_was_full_is_used_again_once_it_has_room(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        modem = Modem(tmp_path / "outbox.db", NEVER_TEST)
        modem.run(1_000)
        disk = modem.agent.outbox
        modem.line.drop()
        arrive(modem)  # a backlog, on the disk
        assert disk.holds(Kind.USAGE)

        with full(disk, monkeypatch):
            arrive(modem)
            assert modem.agent.outbox is not disk
            modem.line.restore()
            modem.run(10_000)
            assert disk.holds(Kind.USAGE), "sent by itself: this shows nothing"
            assert modem.agent.outbox is not disk
        modem.run(10_000)
        assert modem.agent.outbox is disk
        assert not disk.holds(Kind.USAGE)
        *_, told = modem.of(Presence)
        assert (told.online, told.outbox) == (True, disk.outbox_id)
        sessions = [presence.session for presence in modem.of(Presence)]
        assert sessions == sorted(set(sessions))
        since = modem.sent[modem.sent.index(told) :]
        assert [one.outbox for one in since if isinstance(one, Usage)] == [disk.outbox_id]

    def test_a_disk_with_room_again_is_used_while_somebody_stuck_waits_for_help(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        modem = Modem(tmp_path / "outbox.db", NEVER_TEST)
        modem.run(1_000)
        disk = modem.agent.outbox
        modem.line.drop()
        arrive(modem)

        with full(disk, monkeypatch):
            press_sos(modem)
            modem.line.restore()
            modem.run(10_000)
        modem.run(20_000)
        assert modem.agent.outbox is not disk, "nobody has said yet that help is coming"
        modem.say("help_coming")
        modem.run(10_000)
        assert modem.agent.call is not None
        assert modem.agent.outbox is disk
        assert not disk.holds(Kind.USAGE)

    def test_memory_of_another_version_does_not_keep_the_modem_from_starting(
        self, modem: Modem
    ) -> None:
        modem.agent.outbox.put((), {"watch": b'{"faults": 3}', "test": b"\xff"})
        modem.restart()
        press_sos(modem)
        assert len(modem.of(Call)) == 1


def test_goodbye(modem: Modem) -> None:
    modem.run(1_000)
    modem.agent.stop()
    last = modem.of(Presence)[-1]
    assert (last.online, last.reason) == (False, "shutdown")
    assert modem.agent.is_stopped
    assert encode(last)
