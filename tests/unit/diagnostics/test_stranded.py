"""Each stranded and not-stranded case of aids on wheels, as facts in and findings out."""

from typing import Any

import pytest
from msgspec.structs import replace

from diagnostics.detectors.contract import Level
from diagnostics.detectors.stranded import Stranded
from diagnostics.facts import Called, Fact
from gateway.protocol.messages import Sample
from gateway.protocol.vocabulary import CallReason, Demand, Mode, Seat, Signals
from tests.support.desk import Desk
from tests.support.facts import AT_HOME, DRIVING, HALTED, Word, aid_of, at

AWAY = Signals.AWAY
TRYING = replace(HALTED, demand=Demand.UP, signals=AWAY | Signals.REFUSED)
TIPPED = replace(HALTED, signals=AWAY | Signals.TILTED)
BLIND = {"seat": Seat.UNKNOWN, "speed_mm_s": None, "battery_mv": None, "current_ma": None}


@pytest.fixture
def desk() -> Desk:
    return Desk(Stranded(), aid=aid_of("scooter"))


@pytest.fixture
def word() -> Word:
    return Word()


def outing(word: Word, *parts: tuple[Sample, float]) -> list[Fact]:
    """Half a minute's drive, and then ``parts``: a sample and for how many seconds."""
    facts, now = word.samples(0, 30, DRIVING), 30.0
    for sample, seconds in parts:
        facts += word.samples(now, now + seconds, sample, every=1.0)
        now += seconds
    return facts


@pytest.mark.parametrize(
    ("sample", "code", "within"),
    [
        (TRYING, "stranded_refused", 60),
        (replace(HALTED, demand=Demand.DOWN), "stranded_refused", 60),  # it does not say why
        (replace(TRYING, fault="motor"), "stranded_blocked", 60),
        (replace(TRYING, fault="a_word_not_known"), "stranded_blocked", 60),
        (replace(HALTED, fault="motor"), "stranded_blocked", 60),  # it cut out under way
        (replace(HALTED, fault="battery_flat"), "stranded_power", 60),
        (replace(TRYING, battery_mv=19_500), "stranded_power", 60),
        (replace(TRYING, fault="drive_hot"), "stranded_blocked", 375),
        (TIPPED, "tilted", 20),
    ],
)
def test_it_cannot_go_on(desk: Desk, word: Word, sample: Sample, code: str, within: float) -> None:
    desk.live(outing(word, (sample, 5), (replace(sample, demand=Demand.NONE), 400)))
    assert desk.codes() >= {code, "client_aboard"}
    assert min(desk.certain_at.values()) - 30 <= within


def test_a_drive_that_gives_up_again_and_again(desk: Desk, word: Word) -> None:
    """Wheels that are caught: the drive gets hot, cools down, and gets hot at the next try."""
    hot = replace(TRYING, fault="drive_hot")
    desk.live(outing(word, *[(hot, 6), (HALTED, 34)] * 12))
    assert desk.codes() & {"stranded_blocked", "stranded_refused"}
    assert min(desk.certain_at.values()) - 30 > 360


def test_without_sensors_who_drove_is_aboard(desk: Desk, word: Word) -> None:
    driving = replace(DRIVING, **BLIND)
    facts = word.samples(0, 30, driving)
    facts += word.samples(30, 35, replace(TRYING, **BLIND), every=1.0)
    desk.live(facts)
    desk.wait(120)
    assert desk.codes() >= {"stranded_refused", "client_unknown"}


def test_it_is_certain_though_nothing_more_is_heard(desk: Desk, word: Word) -> None:
    desk.live(outing(word, (TRYING, 5)))
    desk.wait(120)
    assert desk.codes() >= {"stranded_refused"}


def test_readings_that_come_by_the_minute_are_waited_for(desk: Desk, word: Word) -> None:
    """A short refusal at the end of a batch: that it went on is told with the next."""
    facts = [*outing(word, (TRYING, 10)), *word.samples(40, 99, DRIVING, every=1.0)]
    batches = [(facts[:-59], 40.0), (facts[-59:], 100.0)]
    for batch, received in batches:
        desk.live([replace(fact, received_at=at(received)) for fact in batch])
    desk.wait(300)
    assert desk.certain() == []


def test_who_was_thrown_off_is_found(desk: Desk, word: Word) -> None:
    desk.live(outing(word, (replace(TIPPED, seat=Seat.EMPTY), 60)))
    assert desk.codes() >= {"tilted", "seat_empty"}


def test_tipping_over_at_home_counts_too(desk: Desk, word: Word) -> None:
    tipped = replace(TIPPED, signals=Signals.TILTED)
    desk.live([*word.samples(0, 5, AT_HOME), *word.samples(5, 30, tipped)])
    assert desk.codes() >= {"tilted"}


def test_silence_under_way_with_a_low_battery(desk: Desk, word: Word) -> None:
    desk.live(outing(word, (replace(DRIVING, battery_mv=22_000), 20)))
    desk.wait(50 + 30 * 60 - 1)
    assert desk.certain() == []
    assert desk.codes(Level.SUSPECTED) >= {"stranded_silent", "battery_at"}
    desk.wait(50 + 30 * 60 + 20)
    assert desk.codes() >= {"stranded_silent"}


NOTHING: dict[str, tuple[tuple[Sample, float], ...]] = {
    "parked at a shop, client aboard": ((HALTED, 3_000),),
    "parked with the key off": ((HALTED, 60), (replace(HALTED, fault="key_off"), 3_000)),
    "parked with a fault nobody drives against": (
        (HALTED, 60),
        (replace(HALTED, fault="motor"), 900),
    ),
    "the control touched once": ((HALTED, 60), (TRYING, 1), (HALTED, 900)),
    "two touches, far apart": ((TRYING, 1), (HALTED, 50), (TRYING, 1), (HALTED, 900)),
    "charging at a friend's": (
        (HALTED, 60),
        (replace(TRYING, fault="inhibited", signals=AWAY | Signals.CHARGING), 900),
    ),
    "tipped into a car, empty": (
        (HALTED, 30),
        (replace(HALTED, seat=Seat.EMPTY), 20),
        (replace(TIPPED, seat=Seat.EMPTY), 3_000),
    ),
    "a kerb": ((TIPPED, 6), (DRIVING, 60)),
    "a motor that cools down": (
        (replace(TRYING, fault="drive_hot"), 10),
        (replace(HALTED, fault="drive_hot"), 240),
        (DRIVING, 60),
    ),
    "switched off and on again": ((TRYING, 10), (HALTED, 10), (DRIVING, 60)),
    "got off and left it": (
        (replace(HALTED, fault="battery_flat"), 5),
        (replace(HALTED, seat=Seat.EMPTY, fault="battery_flat"), 3_000),
    ),
    "a helper pushes it": ((replace(TRYING, mode=Mode.HAND_WOUND), 600),),
    "a dead spot, battery fine": ((DRIVING, 60),),
    "at home": ((replace(AT_HOME, seat=Seat.OCCUPIED, fault="motor", demand=Demand.UP), 600),),
}


@pytest.mark.parametrize("name", NOTHING)
def test_look_alikes(desk: Desk, word: Word, name: str) -> None:
    desk.live(outing(word, *NOTHING[name]))
    desk.wait(20_000)
    assert desk.certain() == []


def test_a_scooter_parked_at_home_is_left_alone(desk: Desk, word: Word) -> None:
    desk.live([word.connected(0, 1, AT_HOME), word.sample(900, AT_HOME)])
    desk.wait(1_000)
    assert not desk.attentive
    assert desk.due_at is None


@pytest.mark.parametrize(
    "reason", [CallReason.STRANDED, CallReason.TILTED, CallReason.SOS, CallReason.POWER, "smoke"]
)
@pytest.mark.parametrize("sample", [AT_HOME, HALTED])
def test_every_call_is_certain_at_once(desk: Desk, word: Word, reason: str, sample: Sample) -> None:
    call = word.call(0, reason, sample=sample)
    assert isinstance(call, Called)
    finding = desk.detector.at_once(call)
    assert finding is not None
    assert (finding.what, finding.level) == ("stranded", Level.CERTAIN)
    desk.hear([call], now=0)
    assert desk.certain() == [finding]


def test_the_button_counts_anywhere(desk: Desk, word: Word) -> None:
    desk.hear([word.sample(0, AT_HOME, signals=Signals.SOS)], now=0)
    assert desk.codes() >= {"sos_pressed"}


def test_history_that_ended_well_is_nothing(desk: Desk, word: Word) -> None:
    history: list[Any] = outing(word, (TRYING, 60), (DRIVING, 60))
    history.append(word.sample(200, AT_HOME))
    back = [replace(fact, received_at=history[-1].measured_at.replace(hour=20)) for fact in history]
    desk.hear([word.connected(39_600, 2, AT_HOME), *back], now=39_601)
    desk.wait(40_000)
    assert desk.certain() == []
