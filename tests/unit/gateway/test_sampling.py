"""How much is sent, and when: data is metered, but a ride must be seen as it happens."""

from gateway.protocol.messages import SetSampling
from gateway.protocol.vocabulary import Mode, Seat
from tests.support.lift import EDGE, WatchedLift


def test_parked_lift_says_something_every_quarter_of_an_hour() -> None:
    lift = WatchedLift()
    lift.stay(3_600_000)
    assert len(lift.statuses) == 5
    assert all(len(status.samples) == 1 for status in lift.statuses)


def test_ride_is_told_at_once_and_then_in_batches() -> None:
    lift = WatchedLift()
    lift.board()
    before = len(lift.statuses)
    lift.ride(20_000)
    started, *batches = lift.statuses[before:]
    assert [s.speed_mm_s for s in started.samples] == [120]
    assert len(batches) == 3
    assert all(len(status.samples) == 21 for status in batches)
    for status in batches:
        offsets = [sample.offset_ms for sample in status.samples]
        assert offsets == list(range(0, 5_001, 250))


def test_everything_gathered_goes_out_when_the_ride_stops() -> None:
    lift = WatchedLift()
    lift.board()
    lift.ride(7_000)
    before = len(lift.statuses)
    lift.stand(0)
    (status,) = lift.statuses[before:]
    assert status.samples[-1].speed_mm_s == 0
    assert status.time_ms + status.samples[-1].offset_ms == lift.wall_ms


def test_interrupted_ride_is_sampled_every_second_until_it_is_given_up() -> None:
    lift = WatchedLift()
    lift.ride()
    lift.stand(0)
    before = len(lift.statuses)
    lift.stand(60_000)
    samples = sum(len(status.samples) for status in lift.statuses[before:])
    assert 55 <= samples <= 65
    lift.stand(600_000)
    before = len(lift.statuses)
    lift.stand(600_000)
    assert len(lift.statuses) - before == 20


def test_fault_brings_its_evidence() -> None:
    lift = WatchedLift()
    lift.stay(10_000)
    lift.stay(0, faults=EDGE)
    assert lift.messages[-2:] == [lift.statuses[-1], lift.edges[-1]]
    assert lift.statuses[-1].samples[-1].fault == "footrest_up_edge"


def test_changes_that_matter_are_told_though_the_lift_is_parked() -> None:
    lift = WatchedLift()
    lift.stay(60_000)
    for change in ({"seat": Seat.OCCUPIED}, {"mode": Mode.SERVICE}, {"mode": Mode.NORMAL}):
        before = len(lift.statuses)
        lift.stay(60_000, **change)
        assert len(lift.statuses) == before + 1


def test_loose_contact_costs_at_most_a_message_every_few_seconds() -> None:
    lift = WatchedLift()
    for _ in range(120):
        lift.stay(250, seat=Seat.OCCUPIED)
        lift.stay(250, seat=Seat.EMPTY)
    assert len(lift.statuses) <= 14


def test_snapshot_is_sent_with_the_next_reading() -> None:
    lift = WatchedLift()
    lift.stay(10_000)
    lift.watch.ask_snapshot()
    lift.stay(0)
    assert len(lift.statuses) == 2


def test_sampling_can_be_changed_for_a_while() -> None:
    lift = WatchedLift()
    lift.stay(1_000)
    command = SetSampling(
        command_id="0" * 32,
        expires_ms=0,
        parked_interval_ms=10_000,
        riding_interval_ms=100,
        duration_ms=60_000,
    )
    lift.watch.set_sampling(command, lift.now_ms)
    before = len(lift.statuses)
    lift.stay(59_000)
    assert len(lift.statuses) == before + 6
    lift.stay(300_000)
    assert len(lift.statuses) == before + 6


def test_wall_clock_that_jumps_does_not_tear_a_batch() -> None:
    lift = WatchedLift()
    watch = lift.watch
    lift.ride(1_000)
    for step in range(40):
        wall_ms = 0 if step == 10 else lift.wall_ms
        lift.now_ms += 250
        lift.messages += watch.step(lift.reading, wall_ms=wall_ms, now_ms=lift.now_ms).messages
    for status in lift.statuses:
        offsets = [sample.offset_ms for sample in status.samples]
        assert offsets == sorted(offsets)
        assert offsets[-1] <= 5_000
