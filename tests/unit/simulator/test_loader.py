import json
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import Ask
from gateway.protocol.vocabulary import AidKind
from simulator.scenarios.expectation import EMERGENCIES, Found
from simulator.scenarios.loader import ScenarioError, find, json_schema, library, load, parse
from simulator.scenarios.model import Step, duration_ms
from simulator.scenarios.vocabulary import Do

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "simulator" / "scenario.schema.json"

GOOD = """\
name: a_good_one
title: "Somebody rides up the stairs"
seed: 7
duration: 2m
steps:
  - {at: 2s, do: sit_down}
  - at: 6s
    do: ride up
expect:
  emergency: false
"""


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD)
    scenario = load(path)
    assert scenario.duration_ms == 120_000
    assert scenario.steps == (Step(at="2s", do=Do.SIT_DOWN), Step(at="6s", do=Do.RIDE_UP))
    assert find(str(path)) == scenario


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("do: ride up", "do: ride sideways", 8, "'ride sideways'"),
        ("at: 6s", "at: soon", 7, "soon|regex"),
        ("seed: 7", "seed: seven", 3, "Expected `int`"),
        ("seed: 7", "sede: 7", 1, "sede"),
        ("  - at: 6s\n    do: ride up", "  - at: 6s", 7, "exactly one of"),
        ("    do: ride up", "    do: ride up\n    line: down", 7, "exactly one of"),
        ("at: 6s", "at: 1s", 1, "in order of time"),
        ("at: 6s", "at: 10m", 1, "after the end"),
        ("emergency: false", "emergency: true", 10, "since, reasons and within"),
        ("emergency: false", "emergency: false\n  within: 2s", 10, "without an emergency"),
        ("emergency: false", "emergency: false\n  finds: [stuck]", 10, "said by emergency"),
        ("emergency: false", "emergency: false\n  finds: [gold]", 11, "gold"),
        ("emergency: false", "emergency: false\n  finds: [lost]\n  not: [lost]", 10, "must not"),
        ("seed: 7", "seed: 7\nscooter: {}\nhoist: {}", 1, "about one aid"),
        ("seed: 7", "seed: 7\nscooter: {wings: 2}", 4, "wings"),
        ("seed: 7", "seed: 7\nseed: 8", 4, "'seed' is given twice"),
        ("seed: 7", "seed: [7", 4, "expected"),
        ("title:", "title: x:", 2, "mapping values"),
    ],
)
def test_an_error_names_file_line_and_what(old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(ScenarioError, match=what) as caught:
        parse(GOOD.replace(old, new), name="some.yaml")
    assert str(caught.value).startswith(f"some.yaml:{line}: ")


def test_what_is_no_scenario_at_all_is_refused(tmp_path: Path) -> None:
    for text in ("", "- a\n- b\n", "42", "\x00"):
        with pytest.raises(ScenarioError):
            parse(text, name="odd.yaml")
    with pytest.raises(ScenarioError, match="cannot be read"):
        load(tmp_path / "nowhere.yaml")
    with pytest.raises(ScenarioError, match="no scenario of that name"):
        find("nowhere")


def test_yaml_cannot_build_objects() -> None:
    with pytest.raises(ScenarioError, match="could not determine a constructor"):
        parse("name: !!python/object/apply:os.system ['true']", name="evil.yaml")


def test_durations() -> None:
    assert [duration_ms(text) for text in ("250ms", "20s", "1.5m", "2h")] == [
        250,
        20_000,
        90_000,
        7_200_000,
    ]
    with pytest.raises(ValueError, match="not a duration"):
        duration_ms("20")


def test_the_library_covers_what_must_and_must_not_be_found() -> None:
    scenarios = library()
    reasons = {reason for one in scenarios.values() for reason in one.expect.reasons}
    assert reasons == {
        "sos",
        "fault_while_riding",
        "drive_refused",
        "rider_gone",
        "power_too_low",
        "stopped_between_landings",
        "silent_while_riding",
        "stranded_away",
        "tilted",
        "load_hanging",
    }
    assert len(scenarios) >= 80
    for kind in AidKind:
        labels = [one.expect.emergency for one in scenarios.values() if one.kind is kind]
        assert labels.count(True) >= (5 if kind is AidKind.WHEELCHAIR else 10)
        assert labels.count(False) >= 3
    assert all(name == one.name for name, one in scenarios.items())


def test_what_a_demo_draws_needs_no_special_lift() -> None:
    for scenario in library().values():
        if scenario.incident_weight:
            setup = scenario.setup
            assert not setup.quirks
            assert (setup.charge, setup.health, setup.worn) == (1, 1, 0)
            assert len(scenario.lift.rail) == 1
            assert scenario.household is None


def test_every_word_to_be_found_is_one_of_the_platforms_catalogue() -> None:
    assert set(get_args(Found)) == set(CATALOGUE)
    assert set(EMERGENCIES) == {
        word for word, entry in CATALOGUE.items() if entry.asks is Ask.EMERGENCY
    }


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert json.loads(SCHEMA.read_text()) == json.loads(msgspec.json.encode(json_schema()))
