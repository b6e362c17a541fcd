"""Each hanging and not-hanging case of a hoist, as facts in and findings out."""

import pytest
from msgspec.structs import replace

from diagnostics.detectors.contract import Level
from diagnostics.detectors.hanging import Hanging
from diagnostics.facts import Called, Fact
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import CallReason, Demand, Mode, Seat, Signals
from tests.support.desk import Desk
from tests.support.facts import HANGING, LAID_DOWN, LIFTING, Word, aid_of

REFUSED = replace(HANGING, demand=Demand.DOWN, signals=Signals.REFUSED)
UNKNOWN = Seat.UNKNOWN


@pytest.fixture
def desk() -> Desk:
    return Desk(Hanging(), aid=aid_of("hoist"))


@pytest.fixture
def word() -> Word:
    return Word()


def transfer(word: Word, *parts: tuple[Sample, float], start: float = 0) -> list[Fact]:
    """Twenty seconds up, and then ``parts``: a sample and for how many seconds."""
    facts, now = word.samples(start, start + 20, LIFTING), start + 20
    for sample, seconds in parts:
        every = max(1.0, seconds / 100)
        facts += word.samples(now, now + seconds, sample, every=every)
        now += seconds
    return facts


@pytest.mark.parametrize(
    ("sample", "code", "within"),
    [
        (replace(HANGING, fault="actuator"), "hanging_blocked", 45),
        (replace(HANGING, fault="a_word_not_known"), "hanging_blocked", 45),
        (replace(HANGING, fault="emergency_stop"), "hanging_blocked", 135),
        (replace(HANGING, fault="emergency_stop", demand=Demand.DOWN), "hanging_blocked", 45),
        (REFUSED, "hanging_refused", 45),
        (replace(HANGING, battery_mv=18_000), "hanging_power", 45),
        (HANGING, "hanging_long", 970),
    ],
)
def test_it_does_not_let_down(
    desk: Desk, word: Word, sample: Sample, code: str, within: float
) -> None:
    desk.live(transfer(word, (sample, 10), (replace(sample, demand=Demand.NONE), 1_300)))
    assert desk.codes() >= {code, "load_hangs"}
    assert min(desk.certain_at.values()) - 20 <= within


def test_it_is_certain_though_nothing_more_is_heard(desk: Desk, word: Word) -> None:
    desk.live(transfer(word, (replace(HANGING, fault="actuator"), 2)))
    desk.wait(100)
    assert desk.codes() >= {"hanging_blocked"}


def test_silence_while_it_moves(desk: Desk, word: Word) -> None:
    desk.live(transfer(word))
    desk.wait(400)
    assert desk.codes(Level.SUSPECTED) >= {"hanging_silent"}
    desk.wait(700)
    assert desk.codes() >= {"hanging_silent", "load_hangs"}


def test_without_a_sensor_who_tries_to_lower_tells(desk: Desk, word: Word) -> None:
    stuck = replace(HANGING, seat=UNKNOWN, fault="actuator")
    facts = [*word.samples(0, 5, stuck), *word.samples(5, 10, replace(stuck, demand=Demand.DOWN))]
    desk.live(facts)
    desk.wait(60)
    assert desk.codes() >= {"hanging_blocked", "load_unknown"}


NOTHING: dict[str, tuple[tuple[Sample, float], ...]] = {
    "a transfer": ((HANGING, 240), (replace(LIFTING, speed_mm_s=-30), 20), (LAID_DOWN, 60)),
    "an emergency stop to be safe": (
        (replace(HANGING, fault="emergency_stop"), 60),
        (replace(LIFTING, speed_mm_s=-30), 20),
        (LAID_DOWN, 60),
    ),
    "at the end of its stroke": (
        (replace(HANGING, demand=Demand.UP, signals=Signals.REFUSED), 10),
        (HANGING, 60),
        (LAID_DOWN, 60),
    ),
    "too heavy to go up": ((replace(HANGING, fault="overload"), 120), (LAID_DOWN, 60)),
    "a fault while nothing hangs": ((replace(LAID_DOWN, fault="actuator"), 3_000),),
    "a mechanic": ((replace(HANGING, mode=Mode.SERVICE, fault="actuator"), 3_000),),
    "parked, no sensor, emergency stop": (
        (replace(LAID_DOWN, seat=UNKNOWN, fault="emergency_stop"), 3_000),
    ),
}


@pytest.mark.parametrize("name", NOTHING)
def test_look_alikes(desk: Desk, word: Word, name: str) -> None:
    before = [] if "sensor" in name else transfer(word)
    facts, now = before, 20.0
    for sample, seconds in NOTHING[name]:
        facts = facts + word.samples(now, now + seconds, sample, every=1.0)
        now += seconds
    desk.live(facts)
    if facts[-1].sample.seat is Seat.EMPTY:  # type: ignore[attr-defined]
        desk.wait(20_000)
    assert desk.certain() == []


def test_a_hoist_with_long_transfers_is_given_time(desk: Desk, word: Word) -> None:
    for number in range(10):
        start = number * 3_600.0
        desk.live(transfer(word, (HANGING, 480), (LAID_DOWN, 60), start=start))
    assert desk.certain() == []
    desk.live(transfer(word, (HANGING, 2_400), start=40_000))
    assert desk.codes() >= {"hanging_long"}
    waited = min(desk.certain_at.values()) - 40_000
    assert 3 * 480 < waited <= 30 * 60 + 30


def test_one_with_short_transfers_is_certain_sooner(desk: Desk, word: Word) -> None:
    for number in range(10):
        start = number * 3_600.0
        desk.live(transfer(word, (HANGING, 60), (LAID_DOWN, 60), start=start))
    desk.live(transfer(word, (HANGING, 2_400), start=40_000))
    assert min(desk.certain_at.values()) - 40_000 <= 10 * 60 + 30


@pytest.mark.parametrize("reason", [CallReason.HANGING, CallReason.SOS, "smoke"])
def test_every_call_is_certain_at_once(desk: Desk, word: Word, reason: str) -> None:
    call = word.call(0, reason, sample=LAID_DOWN)
    assert isinstance(call, Called)
    finding = desk.detector.at_once(call)
    assert finding is not None
    assert (finding.what, finding.level) == ("hanging", Level.CERTAIN)
    desk.hear([call], now=0)
    assert desk.certain() == [finding]


def test_an_empty_hoist_is_left_alone(desk: Desk, word: Word) -> None:
    desk.live([word.connected(0, 1, LAID_DOWN), word.sample(900, LAID_DOWN)])
    desk.wait(1_000)
    assert not desk.attentive
    assert desk.due_at is None
