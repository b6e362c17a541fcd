"""What goes out next, and what goes out again."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest

from gateway.dispatch import NEVER_MS, Dispatch, DispatchSettings
from gateway.outbox import Outbox
from gateway.protocol.topics import Kind
from gateway.uplink import Listener
from tests.support.lift import identifiers
from tests.support.messages import stored


class SlowUplink:
    """Takes messages, and reports their delivery when the test says so."""

    is_connected = True
    is_closed = False

    def __init__(self) -> None:
        self.published: list[Kind] = []
        self.reports: list[Callable[[bool], None]] = []

    def open(self, listener: Listener) -> None: ...
    def reconnect(self, why: str) -> None:
        raise NotImplementedError(why)

    def hurry(self) -> None: ...
    def close(self, farewell: bytes) -> None: ...
    def cut(self) -> None: ...

    def publish(self, kind: Kind, payload: bytes, delivered: Callable[[bool], None]) -> bool:
        assert payload
        if not self.is_connected:
            return False
        self.published.append(kind)
        self.reports.append(delivered)
        return True

    def deliver(self, count: int = 1_000, *, accepted: bool = True) -> None:
        for _ in range(min(count, len(self.reports))):
            self.reports.pop(0)(accepted)


class Traffic:
    def __init__(self, **settings: int) -> None:
        self.now_ms = 0
        self.outbox = Outbox(":memory:", device="sl-000001", new_id=identifiers().__next__)
        self.uplink = SlowUplink()
        self.dispatch = Dispatch(
            self.outbox, self.uplink, DispatchSettings(**settings), lambda: self.now_ms
        )
        self.dispatch.connected(resumed=False)

    def put(self, *kinds: str) -> None:
        self.outbox.put([stored(kind) for kind in kinds])
        self.dispatch.stored(Kind(kind) for kind in kinds)
        self.dispatch.pump()

    def sent(self) -> list[str]:
        sent, self.uplink.published = self.uplink.published, []
        return [kind.value for kind in sent]

    def after(self, ms: int) -> list[str]:
        """Let time pass as the loop would: tick when asked to. Returns what was sent."""
        end_ms = self.now_ms + ms
        for _ in range(10_000):
            due_ms = self.dispatch.tick()
            assert due_ms > self.now_ms, "would be called again at once, for ever"
            if due_ms > end_ms:
                self.now_ms = end_ms
                return self.sent()
            self.now_ms = due_ms
        raise AssertionError("ticks without end")


@pytest.fixture
def traffic() -> Iterator[Traffic]:
    traffic = Traffic()
    yield traffic
    traffic.outbox.close()


def test_weight_before_age_and_age_within_a_kind(traffic: Traffic) -> None:
    traffic.uplink.is_connected = False
    traffic.put("status", "usage", "reply", "fault", "call", "status", "call")
    traffic.uplink.is_connected = True
    traffic.dispatch.pump()
    assert traffic.sent() == ["call", "call", "fault", "reply", "usage", "status", "status"]


def test_window_bounds_what_is_under_way_but_not_calls() -> None:
    traffic = Traffic(window=3)
    traffic.put(*["status"] * 5)
    assert traffic.sent() == ["status"] * 3
    traffic.put("call", "fault")
    assert traffic.sent() == ["call"]
    traffic.uplink.deliver(2)
    assert traffic.sent() == ["fault"]
    traffic.uplink.deliver()
    assert traffic.sent() == ["status"] * 2


def test_a_disk_that_cannot_be_read_is_told_by_the_tick_and_not_by_a_report() -> None:
    traffic = Traffic(window=1)
    traffic.put("status", "status")
    assert traffic.sent() == ["status"]
    traffic.outbox.close()
    traffic.uplink.deliver()  # would throw into the uplink, which can do nothing about it
    with pytest.raises(sqlite3.Error):
        traffic.dispatch.tick()


def test_status_is_done_when_delivered_and_a_fault_when_confirmed(traffic: Traffic) -> None:
    traffic.put("status", "fault")
    traffic.uplink.deliver()
    traffic.dispatch.tick()
    assert [p.seq for p in traffic.outbox.after(Kind.FAULT, 0, 9)] == [2]
    assert traffic.outbox.count == 1
    traffic.dispatch.confirmed((2,))
    assert traffic.outbox.count == 0
    traffic.sent()
    assert traffic.after(3_600_000) == []


def test_sent_again_with_growing_pauses_once_delivered(traffic: Traffic) -> None:
    traffic.put("fault")
    traffic.sent()
    assert traffic.after(3_600_000) == []  # still under way: the connection guards it
    traffic.uplink.deliver()
    pauses = []
    start_ms = traffic.now_ms
    for _ in range(9):
        while not traffic.after(1_000):
            pass
        pauses.append((traffic.now_ms - start_ms) // 1_000)
        start_ms = traffic.now_ms
        traffic.uplink.deliver()
    assert pauses[1:] == pytest.approx([30, 60, 120, 240, 480, 900, 900, 900], abs=2)


def test_calls_wait_half_a_minute_at_most(traffic: Traffic) -> None:
    traffic.put("call")
    count = 0
    for _ in range(300):
        traffic.uplink.deliver()
        count += len(traffic.after(1_000))
    assert 10 <= count <= 12


def test_resending_does_not_spin_while_it_is_under_way(traffic: Traffic) -> None:
    traffic.put("fault", "call")
    traffic.uplink.deliver()
    traffic.sent()
    assert sorted(traffic.after(60_000)) == ["call", "fault"]


def test_refused_by_the_broker_is_tried_again_later(traffic: Traffic) -> None:
    traffic.put("status")
    traffic.uplink.deliver(accepted=False)
    traffic.sent()
    assert traffic.outbox.count == 1
    assert traffic.after(20_000) == ["status"]
    traffic.uplink.deliver()
    traffic.dispatch.tick()
    assert traffic.outbox.count == 0
    assert traffic.after(3_600_000) == []


def test_new_connection_sends_what_was_under_way(traffic: Traffic) -> None:
    traffic.put("fault", "status")
    traffic.sent()
    old_reports = traffic.uplink.reports.copy()
    traffic.uplink.reports.clear()
    traffic.dispatch.connected(resumed=True)
    traffic.dispatch.pump()
    assert traffic.sent() == ["fault", "status"]
    for report in old_reports:  # word of the connection before means nothing
        report(True)
    traffic.dispatch.tick()
    assert traffic.outbox.count == 2


@pytest.mark.parametrize(("resumed", "expected"), [(True, []), (False, ["fault"])])
def test_delivered_is_sent_again_only_if_the_broker_forgot_us(
    traffic: Traffic, *, resumed: bool, expected: list[str]
) -> None:
    traffic.put("fault")
    traffic.uplink.deliver()
    traffic.sent()
    traffic.dispatch.connected(resumed=resumed)
    assert traffic.after(1_000) == expected


def test_resend_that_was_under_way_when_the_line_broke_goes_out_on_the_next(
    traffic: Traffic,
) -> None:
    traffic.put("fault")
    traffic.uplink.deliver()
    traffic.sent()
    assert traffic.after(20_000) == ["fault"]
    traffic.dispatch.connected(resumed=True)
    assert traffic.after(1_000) == ["fault"]


def test_without_a_connection_nothing_is_due(traffic: Traffic) -> None:
    traffic.put("fault")
    traffic.uplink.deliver()
    traffic.uplink.is_connected = False
    assert traffic.dispatch.tick() == NEVER_MS
