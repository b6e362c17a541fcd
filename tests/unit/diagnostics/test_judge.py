"""What is left when a detector fails: who calls for help is in need, by the aid's own word."""

import pytest

from diagnostics.detectors.catalogue import CATALOGUE, EMERGENCIES
from diagnostics.detectors.contract import Ask
from diagnostics.detectors.registry import EMERGENCY
from diagnostics.judge import calls_alone, judge_call
from gateway.protocol.vocabulary import AidKind, CallReason
from tests.support.facts import Word


@pytest.mark.parametrize("kind", AidKind)
def test_the_last_resort_uses_the_word_of_the_aid(kind: AidKind) -> None:
    call = Word().call(0)
    (finding,) = calls_alone([call], kind.value)
    assert CATALOGUE[finding.what].asks is Ask.EMERGENCY
    detectors = [each for each in EMERGENCY if kind in each.kinds]
    verdict = judge_call(call, detectors, kind.value)  # type: ignore[arg-type]
    assert verdict is not None
    assert [finding.what] == [found.what for found in verdict.findings]


def test_an_aid_that_nobody_knows_still_gets_help() -> None:
    (finding,) = calls_alone([Word().call(0)], "bath_lift")
    assert finding.what in EMERGENCIES.values()


def test_a_test_call_is_no_emergency() -> None:
    assert calls_alone([Word().call(0, CallReason.TEST)], "hoist") == ()
