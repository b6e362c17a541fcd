"""Scenarios of days say what they are about: two short ones, played as they are written."""

import pytest

from evaluation.days import Days, judge
from simulator.scenarios.loader import library


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["days_charger_dead", "days_lift_tampered"])
def test_what_the_label_says_is_found_and_nothing_that_it_rules_out(name: str) -> None:
    scenario = library()[name]
    judged = judge(Days(scenario))
    assert judged.finds
    assert judged.found_days.keys() == set(judged.finds)
    assert all(0 < days < judged.days for days in judged.found_days.values())
    assert judged.wrong == ()
    assert judged.as_labelled
