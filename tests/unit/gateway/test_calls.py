"""How the lift goes on calling, and what makes it stop."""

from gateway.hal import Notice
from gateway.protocol.vocabulary import CallPhase, Demand, Signals
from tests.support.lift import WatchedLift


def calling() -> WatchedLift:
    """A lift in mid-rail that has just called for its rider."""
    lift = WatchedLift()
    lift.board()
    lift.ride()
    lift.stand(30_000)
    assert lift.reasons == ["stopped_between_landings"]
    return lift


def phases(lift: WatchedLift) -> list[str]:
    return [call.phase.value for call in lift.calls]


def hear(lift: WatchedLift, state: str) -> Notice | None:
    call = lift.watch.call
    assert call is not None
    return lift.watch.heard(call.call_id, state)  # type: ignore[arg-type]


def test_repeats_every_half_minute_with_the_same_id_until_help_comes() -> None:
    lift = calling()
    lift.stand(61_000)
    assert phases(lift) == ["raised", "repeated", "repeated"]
    assert [call.attempt for call in lift.calls] == [1, 2, 3]
    assert len({(call.call_id, call.since_ms) for call in lift.calls}) == 1
    assert hear(lift, "help_coming") is Notice.HELP_COMING
    lift.stand(600_000)
    assert len(lift.calls) == 3


def test_does_not_repeat_while_the_platform_lacks_an_earlier_call() -> None:
    lift = calling()
    lift.line_clear = False
    lift.stand(600_000)
    assert phases(lift) == ["raised"]
    lift.line_clear = True
    lift.stand(0)
    assert phases(lift) == ["raised", "repeated"]


def test_falls_back_to_the_telephone_when_nobody_answers() -> None:
    lift = calling()
    lift.stand(89_000)
    assert lift.fallbacks == []
    lift.stand(1_000)
    assert len(lift.fallbacks) == 1
    lift.stand(60_000)  # the telephone did not work
    assert len(lift.fallbacks) == 2
    lift.watch.fell_back()
    lift.stand(600_000)
    assert len(lift.fallbacks) == 2
    assert phases(lift)[-1] == "repeated"  # the data path is still tried


def test_does_not_fall_back_once_help_comes() -> None:
    lift = calling()
    hear(lift, "help_coming")
    lift.stand(600_000)
    assert lift.fallbacks == []


def test_tells_the_rider() -> None:
    lift = calling()
    assert lift.notices == [Notice.CALLING]
    heard = [hear(lift, state) for state in ("help_coming", "answered", "released")]
    assert heard == [Notice.HELP_COMING, Notice.ANSWERED, Notice.RELEASED]
    assert lift.watch.call is None


def test_word_about_another_call_is_not_for_us() -> None:
    lift = calling()
    assert lift.watch.heard("f" * 32, "help_coming") is None
    assert lift.watch.unanswered


def test_reaching_a_landing_is_a_hint_and_does_not_end_the_calling() -> None:
    lift = calling()
    lift.ride(5_000)
    lift.arrive()
    assert phases(lift) == ["raised", "cleared"]
    lift.arrive(60_000)
    assert phases(lift)[2:] == ["repeated", "repeated"]
    hear(lift, "help_coming")
    lift.arrive(600_000)
    assert len(lift.calls) == 4


def test_a_new_emergency_after_a_cleared_one_is_a_new_call() -> None:
    lift = calling()
    hear(lift, "help_coming")
    lift.ride(5_000)
    lift.arrive()
    lift.ride(5_000)
    lift.stand(31_000)
    assert phases(lift) == ["raised", "cleared", "raised"]
    assert lift.calls[0].call_id != lift.calls[2].call_id


def test_sos_confirms_what_the_lift_believed() -> None:
    lift = calling()
    hear(lift, "help_coming")
    lift.stand(1_000, signals=Signals.SOS)
    assert [(c.reason, c.phase.value) for c in lift.calls[1:]] == [("sos", "repeated")]
    assert lift.calls[1].call_id == lift.calls[0].call_id


def test_after_release_the_same_stand_is_no_new_emergency() -> None:
    lift = calling()
    hear(lift, "released")
    lift.stand(3_600_000)
    assert len(lift.calls) == 1


def test_after_release_the_rider_can_still_call() -> None:
    sos, joystick, moved = calling(), calling(), calling()
    for lift in (sos, joystick, moved):
        hear(lift, "released")
        lift.stand(10_000)
    sos.stand(0, signals=Signals.SOS)
    joystick.stand(3_000, demand=Demand.UP, signals=Signals.REFUSED)
    moved.ride(1_000)
    moved.stand(31_000)
    assert sos.reasons[1:] == ["sos"]
    assert joystick.reasons[1:] == ["drive_refused"]
    assert moved.reasons[1:] == ["stopped_between_landings"]


def test_stuck_sos_button_calls_once_a_press() -> None:
    lift = calling()
    lift.stand(1_000, signals=Signals.SOS)
    hear(lift, "released")
    count = len(lift.calls)
    lift.stand(600_000)
    assert len(lift.calls) == count
    lift.stand(1_000, signals=Signals.NONE)
    lift.stand(1_000, signals=Signals.SOS)
    assert len(lift.calls) == count + 1


def test_restart_goes_on_with_the_same_call() -> None:
    lift = calling()
    lift.restart()
    lift.stand(1_000)
    assert phases(lift) == ["raised", "repeated"]
    assert lift.calls[0].call_id == lift.calls[1].call_id
    lift.stand(91_000)
    assert len(lift.fallbacks) >= 1


def test_restart_after_help_was_heard_or_released_stays_calm() -> None:
    helped, released = calling(), calling()
    hear(helped, "help_coming")
    hear(released, "released")
    for lift in (helped, released):
        lift.restart()
        lift.stand(600_000)
        assert phases(lift) == ["raised"]


def test_evidence_goes_before_the_call() -> None:
    lift = calling()
    call = next(m for m in lift.messages if m in lift.calls)
    before = lift.messages[lift.messages.index(call) - 1]
    assert before in lift.statuses
    assert before.time_ms <= call.time_ms
    assert call.phase is CallPhase.RAISED
