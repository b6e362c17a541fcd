"""The whole run on a folder of somebody's own scenarios, small enough for a test."""

import json
from collections import Counter
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from evaluation.__main__ import main
from evaluation.measured import Evaluation


@pytest.fixture
def own_scenarios(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    shelf = resources.files("simulator.scenarios") / "library"
    for name in ("jam_in_bend", "chosen_pause", "scooter_motor_dead_away", "days_ordinary"):
        (folder / f"{name}.yaml").write_bytes((shelf / f"{name}.yaml").read_bytes())
    return folder


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_same_tables_for_scenarios_of_ones_own(own_scenarios: Path, tmp_path: Path) -> None:
    out = tmp_path / "build"
    arguments = ["--out", str(out), "--scenarios", str(own_scenarios), "--episodes", "4"]
    arguments += [
        "--living-days",
        "20",
        "--aids",
        "2",
        "--fleet-days",
        "60",
        "--jobs",
        "1",
        "--runs",
        "1",
    ]
    assert main(arguments) == 0

    verdict = msgspec.json.decode((out / "evaluation.json").read_bytes(), type=Evaluation)
    assert verdict.scenarios == "own"
    assert (verdict.living_days, verdict.fleet_days) == (20, 120)
    by = {(each.what, each.by): each for each in verdict.measured}
    ours = by["emergency", "platform"].count
    assert (ours.episodes, ours.found, ours.accused) == (4, 4, 0)
    assert by["emergency", "fault_off_landing"].count.found < 4
    assert {"other_person", "battery_worn"} <= {each.what for each in verdict.measured}
    assert (verdict.heard.platform, verdict.heard.nobody) == (4, 0)
    (ordinary,) = verdict.days
    assert (ordinary.scenario, ordinary.runs, ordinary.found) == ("days_ordinary", 1, {})
    assert ordinary.as_labelled == (not ordinary.wrong)
    episodes = next(each for each in verdict.targets if each.name == "emergencies found")
    assert not episodes.reached, "four are too few to claim anything"

    rows = [json.loads(line) for line in (out / "verdicts.jsonl").read_text().splitlines()]
    counted = Counter(row["row"] for row in rows)
    assert counted["emergency"] == verdict.emergency_draws
    assert counted["episode"] == sum(each.episodes for each in verdict.ways)
    assert (counted["days"], counted["living"]) == (1, 1)

    page = (out / "evaluation.md").read_text()
    assert "| emergency | **platform** | 4 | 100.0% (51.0%-100.0%) |" in page
    for plot in ("delays.svg", "words.svg"):
        assert "<svg" in (out / plot).read_text()
    schema = msgspec.json.decode((out / "evaluation.schema.json").read_bytes())
    assert schema["$ref"] == "#/$defs/Evaluation"
