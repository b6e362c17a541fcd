"""The plain rules: each on the least that makes it alarm, and does not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import Aid, Ask
from diagnostics.facts import ConditionReported, Fact, Order, RideEnded
from evaluation.naive import RULES, Heard, Silence, alarms
from gateway.protocol.vocabulary import Landing

START = datetime(2025, 1, 1, tzinfo=UTC)
AID = Aid(
    device_id=1, kind="scooter", rail_length_mm=None, serviced_on=date(2024, 6, 1), max_load_kg=120
)


def head(number: int, day: float) -> dict[str, Any]:
    at = START + timedelta(days=day)
    return {"order": Order(1, number), "log_no": number, "measured_at": at, "received_at": at}


def days(number: int, **values: Any) -> list[Fact]:
    return [
        ConditionReported(period_ms=86_400_000, **values, **head(day + 1, day))
        for day in range(number)
    ]


def ride(number: int, day: float, **values: Any) -> Fact:
    return RideEnded(end_landing=Landing.UNKNOWN, stops=0, **values, **head(number, day))


def test_every_word_that_is_no_emergency_has_two_rules() -> None:
    assert {*RULES} == {
        word for word, entry in CATALOGUE.items() if entry.asks is not Ask.EMERGENCY
    }


@pytest.mark.parametrize("word", RULES)
def test_unknown_values_alarm_nobody(word: str) -> None:
    facts = [*days(3), ride(10, 3.1), ride(11, 3.2)]
    patient = [rule for rule in RULES[word] if "starts" not in rule.name]
    aid = Aid(device_id=1, kind="scooter", rail_length_mm=None)
    quiet = {rule.name: alarms(rule, Heard(facts), aid) for rule in patient}
    assert {name for name, found in quiet.items() if found} <= {"a test call missed"}


def test_silences_of_an_hour_and_a_day() -> None:
    hour, day = RULES["offline"]
    heard = Heard((), [Silence(START, START + timedelta(hours=5))])
    assert alarms(hour, heard, AID) == [START + timedelta(hours=1)]
    assert alarms(day, heard, AID) == []


def test_a_day_of_frost_and_three_on_end() -> None:
    once, thrice = RULES["unsheltered"]
    facts = days(2, temperature_min_dc=-5)
    assert (len(alarms(once, Heard(facts), AID)), len(alarms(thrice, Heard(facts), AID))) == (1, 0)
    assert len(alarms(thrice, Heard(days(3, temperature_min_dc=-5)), AID)) == 1


def test_a_load_above_the_limit() -> None:
    over, _ = RULES["overload"]
    assert alarms(over, Heard([ride(1, 0, load_kg=120)]), AID) == []
    assert len(alarms(over, Heard([ride(1, 0, load_kg=121)]), AID)) == 1


def test_a_year_after_the_service() -> None:
    due, _ = RULES["service_due"]
    assert alarms(due, Heard(days(150)), AID) == []
    assert alarms(due, Heard(days(170)), AID) == [START + timedelta(days=151)]


def test_a_rule_alarms_once_in_thirty_days() -> None:
    once, _ = RULES["unsheltered"]
    assert len(alarms(once, Heard(days(61, temperature_min_dc=-5)), AID)) == 3
