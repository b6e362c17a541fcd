"""Every registered detector goes through every generic check, with everything an aid may say.

A detector that is new here brings its own tales: see ``tests/support/tales``.
"""

import copy
import pickle
from datetime import timedelta
from itertools import product
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from diagnostics import texts
from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import Ask, Detector, Finding, Level, Outcome
from diagnostics.detectors.registry import ANALYSIS, DETECTORS, EMERGENCY, detectors_for
from diagnostics.facts import Called
from gateway.protocol.vocabulary import AidKind, CallPhase, CallReason
from tests.support.facts import AID, Word, aid_of, at, last_heard
from tests.support.playing import LISTENING_SINCE, Played, hears, play, through_storage
from tests.support.tales import Tale, tales_of
from tests.support.tales.common import common_tales

# Connected and silent shows only by what the engine says with a timer, so not in one late step.
ONLY_BY_TIMER = {"mute"}


class Case(NamedTuple):
    detector: Detector
    tale: Tale


COMMON = {kind.value: common_tales(kind) for kind in AidKind}


def heard_by(detector: Detector) -> list[Tale]:
    """Return all tales for one kind of aid, for others those that tell most, and its own."""
    first, *others = sorted(detector.kinds)
    full = [tale for kind in others for tale in COMMON[kind] if "blind" not in tale.name]
    return [*COMMON[first], *full, *tales_of(detector.name)]


CASES = [
    pytest.param(Case(detector, tale), id=f"{detector.name}-{tale.name}")
    for detector in DETECTORS
    for tale in heard_by(detector)
]


def by_name(detector: Detector) -> str:
    return detector.name


# For the module: pytest then runs all tests of a case in a row, and what came of it is kept.
@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture(scope="module")
def told(case: Case) -> Played:
    """What comes of it when each fact is heard by itself; only to be read."""
    return play(case.detector, case.tale)


@pytest.fixture(params=DETECTORS, ids=by_name)
def detector(request: pytest.FixtureRequest) -> Detector:
    found: Detector = request.param
    return found


def certain(played: Played) -> dict[str, str]:
    return {key: what for key, what in played.certain().items() if what not in ONLY_BY_TIMER}


# --- what it is


def test_its_words_are_those_of_the_catalogue(detector: Detector) -> None:
    assert any(entry.detector == detector.name for entry in CATALOGUE.values())
    assert detector.kinds
    assert detector.kinds <= {kind.value for kind in AidKind}


def test_the_lane_fits_the_asks(detector: Detector) -> None:
    asks = {entry.asks for entry in CATALOGUE.values() if entry.detector == detector.name}
    assert (Ask.EMERGENCY in asks) == (detector in EMERGENCY)


def test_each_has_a_name_of_its_own() -> None:
    names = [detector.name for detector in DETECTORS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", AidKind)
def test_a_call_of_any_kind_of_aid_is_judged_once(kind: AidKind) -> None:
    call = Word().call(0)
    assert isinstance(call, Called)
    found = [detector.at_once(call) for detector in detectors_for(kind)]
    assert len([finding for finding in found if finding is not None]) == 1


def test_there_are_tales_of_all_that_it_is_for(detector: Detector) -> None:
    words = {word for word, entry in CATALOGUE.items() if entry.detector == detector.name}
    told = frozenset[str]().union(*(tale.finds for tale in tales_of(detector.name)))
    assert told == words, f"write tests/support/tales/{detector.name}.py"


# --- what it finds


def test_what_a_tale_is_about_is_found(case: Case, told: Played) -> None:
    assert set(told.certain().values()) >= case.tale.finds


def test_findings_are_fit_to_be_shown(case: Case, told: Played) -> None:
    for finding in told.findings.values():
        check(case.detector, finding)


def check(detector: Detector, finding: Finding) -> None:
    assert CATALOGUE[finding.what] == (detector.name, finding.asks)
    assert finding.reasons
    assert finding.evidence.first_at <= finding.evidence.last_at
    assert finding.ended_at is None or finding.ended_at >= finding.since
    for reason in (*finding.reasons, *finding.otherwise):
        for language in texts.LANGUAGES:
            text = texts.sentence(reason.code, reason.parameters, language)
            assert text != reason.code
            assert "%(" not in text
    if finding.confidence is not None:
        assert 0 <= finding.confidence <= 1
    if finding.asks is Ask.SIGNAL and finding.level is Level.CERTAIN:
        assert finding.confidence is not None
        assert finding.otherwise
    if finding.forecast is not None:
        forecast = finding.forecast
        assert 0 <= forecast.days_low <= forecast.days_median <= forecast.days_high


def test_no_finding_from_nothing(detector: Detector) -> None:
    for kind in detector.kinds:
        for listening_since in (None, at(-60)):
            outcome = detector.step(
                None, (), now=at(0), aid=aid_of(kind), listening_since=listening_since
            )
            assert outcome == Outcome(state=None)


@pytest.mark.parametrize("detector", ANALYSIS, ids=by_name)
def test_no_finding_from_never_having_been_heard(detector: Detector) -> None:
    for kind in detector.kinds:
        outcome = detector.step(
            None,
            [last_heard(at(0))],
            now=at(1_000),
            aid=aid_of(kind),
            listening_since=LISTENING_SINCE,
        )
        assert outcome.findings == ()


def test_a_call_found_at_once_is_found_the_same_by_a_step(detector: Detector) -> None:
    aid = aid_of(min(detector.kinds))
    # Thousands with all detectors: one test for each would take longer to begin than to run.
    for reason, phase, delay in product([*CallReason, "smoke"], CallPhase, [0, 59, 61, 100_000]):
        call = Word().call(0, reason, phase, delay=delay)
        assert isinstance(call, Called)
        finding = detector.at_once(call)
        outcome = detector.step(None, [call], now=call.received_at, aid=aid, listening_since=None)
        of_calls = [each for each in outcome.findings if each.call_id is not None]
        assert of_calls == ([finding] if finding is not None else []), (reason, phase, delay)


# --- that it is pure, and its state storable


def test_same_facts_same_findings(case: Case, told: Played) -> None:
    assert play(case.detector, case.tale) == told


def test_input_is_left_alone(case: Case, told: Played) -> None:
    detector, tale = case
    facts = hears(detector, tale.facts)
    before = copy.deepcopy(facts)
    state = copy.deepcopy(told.state)
    kept = copy.deepcopy(state)
    now = at(tale.until + 60)
    detector.step(state, facts, now=now, aid=tale.aid, listening_since=LISTENING_SINCE)
    assert facts == before
    assert state == kept


def test_state_goes_through_storage_unchanged(case: Case, told: Played) -> None:
    detector, tale = case
    assert told == play(detector, tale, stored=False)
    facts = hears(detector, tale.facts)
    for end in range(1, len(facts), 13):
        outcome = detector.step(
            None,
            facts[:end],
            now=facts[end - 1].received_at,
            aid=tale.aid,
            listening_since=LISTENING_SINCE,
        )
        assert through_storage(detector, outcome) == outcome.state


def test_it_can_be_pickled(detector: Detector) -> None:
    tale = COMMON[min(detector.kinds)][0]
    copied: Detector = pickle.loads(pickle.dumps(detector))  # noqa: S301 - our own bytes
    # The copy is not of the registry: what lane it is in is asked of the original.
    facts = hears(detector, tale.facts)
    outcomes = [
        each.step(None, facts, now=at(2_000), aid=tale.aid, listening_since=LISTENING_SINCE)
        for each in (detector, copied)
    ]
    assert outcomes[0] == outcomes[1]


# --- that it does not matter how facts arrive


def test_duplicates_change_nothing(case: Case, told: Played) -> None:
    twice = [fact for fact in case.tale.facts for _ in range(2)]
    assert play(case.detector, replace(case.tale, facts=twice)).findings == told.findings


def test_what_comes_again_later_changes_nothing(case: Case, told: Played) -> None:
    """After a crash, a whole batch may be judged again."""
    facts = list(case.tale.facts)
    middle = len(facts) // 2
    again = [
        replace(fact, received_at=facts[middle - 1].received_at)
        for fact in facts[max(0, middle - 10) : middle]
    ]
    twice = replace(case.tale, facts=[*facts[:middle], *again, *facts[middle:]])
    assert certain(play(case.detector, twice)) == certain(told)


def test_one_step_or_many(case: Case, told: Played) -> None:
    for batches in ((3,), (1, 7, 2), (20,), (100_000,)):
        together = play(case.detector, case.tale, batches=batches)
        assert certain(together) == certain(told), batches


def test_neighbours_may_change_places(case: Case, told: Played) -> None:
    """Facts that were received within seconds of one another may come in any order."""
    facts = list(case.tale.facts)
    swapped = list(facts)
    for place in range(0, len(facts) - 1, 2):
        first, second = facts[place : place + 2]
        if second.received_at - first.received_at <= timedelta(seconds=5):
            swapped[place] = replace(second, received_at=second.received_at)
            swapped[place + 1] = replace(first, received_at=second.received_at)
    after = certain(play(case.detector, replace(case.tale, facts=swapped)))
    assert set(after.values()) == set(certain(told).values())


def test_any_order_is_survived(case: Case, told: Played) -> None:
    detector, tale = case
    last = tale.facts[-1].received_at
    backwards = [replace(fact, received_at=last) for fact in reversed(tale.facts)]
    found = play(detector, replace(tale, facts=backwards)).certain()
    calls = {key for key in told.certain() if key.startswith("call:")}
    assert calls <= found.keys()


# --- that its timers are bearable


def test_timers_come_to_an_end(case: Case) -> None:
    """While nothing is said, a detector looks ever more rarely, or never."""
    detector, tale = case
    facts = hears(detector, tale.facts)
    slow = detector in ANALYSIS
    for end in range(1, len(facts), 17):
        now = heard_at = facts[end - 1].received_at
        outcome = detector.step(
            None, facts[:end], now=now, aid=tale.aid, listening_since=LISTENING_SINCE
        )
        for _ in range(50):
            if outcome.due_at is None:
                break
            assert outcome.due_at > now
            if slow and outcome.due_at > heard_at + timedelta(days=400):
                break
            now = outcome.due_at
            outcome = detector.step(
                outcome.state,
                [last_heard(heard_at)] if slow else [],
                now=now,
                aid=tale.aid,
                listening_since=LISTENING_SINCE,
            )
        else:
            # Slow ones may look once a day for ever, never more often.
            assert slow, f"after {end} facts the timer never rests"
            assert now - heard_at >= timedelta(days=30), f"after {end} facts it looks too often"


def test_while_nobody_listens_timers_are_no_busy_loop(case: Case) -> None:
    detector, tale = case
    facts = hears(detector, tale.facts)[:20]
    if not facts:
        return
    now = begun = facts[-1].received_at
    outcome = detector.step(None, facts, now=now, aid=tale.aid, listening_since=None)
    for _ in range(100):
        if outcome.due_at is None:
            break
        settling = outcome.due_at < begun + timedelta(seconds=30)
        assert outcome.due_at - now >= timedelta(seconds=1) or settling
        assert outcome.due_at > now
        now = outcome.due_at
        outcome = detector.step(outcome.state, (), now=now, aid=tale.aid, listening_since=None)


def test_the_aid_of_these_tests_is_a_stairlift() -> None:
    assert aid_of("stairlift") == AID
