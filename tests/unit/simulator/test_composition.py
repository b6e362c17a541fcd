from pathlib import Path

import pytest

from simulator.scenarios.composition import flattened
from simulator.scenarios.loader import ScenarioError, library, load, parse
from simulator.scenarios.model import Scenario

RIDE = """\
name: a_ride
title: "Somebody rides up the stairs"
seed: 1
duration: 60s
steps:
  - {at: 2s, do: sit_down}
  - {at: 4s, do: ride up}
expect: {emergency: false}
"""


def scenario(name: str, steps: str, more: str = "") -> Scenario:
    text = RIDE.replace("name: a_ride", f"name: {name}")
    head, _, _ = text.partition("steps:")
    return parse(f"{head}steps:\n{steps}{more}expect: {{emergency: false}}\n", name=name)


def lookup(*known: Scenario) -> dict[str, Scenario]:
    return {one.name: one for one in known} | {"a_ride": parse(RIDE, name="a_ride")}


def times(made: Scenario) -> list[str]:
    return [step.at for step in made.steps]


def test_a_loop_is_written_out() -> None:
    made = scenario(
        "looping",
        "  - at: 5s\n    repeat:\n      times: 3\n      every: 10s\n      steps:\n"
        "        - {at: 0s, do: press_sos}\n        - {at: 1s, do: release_sos}\n"
        "  - {at: 50s, do: stand_up}\n",
    )
    flat = flattened(made, lookup().__getitem__)
    assert times(flat) == ["5s", "6s", "15s", "16s", "25s", "26s", "50s"]
    assert flat.duration_ms == 60_000


def test_what_is_included_begins_then_and_what_follows_comes_after_the_end() -> None:
    made = scenario("made_of", "  - {at: 500ms, include: a_ride}\n", "then: [a_ride]\n")
    flat = flattened(made, lookup().__getitem__)
    assert times(flat) == ["2500ms", "4500ms", "62s", "64s"]
    assert flat.duration_ms == 120_000
    assert flat.then == ()


def test_what_includes_itself_or_nobody_knows_is_refused() -> None:
    first = scenario("first_one", "  - {at: 0s, include: second_one}\n")
    second = scenario("second_one", "  - {at: 0s, include: first_one}\n")
    with pytest.raises(ValueError, match="first_one > second_one > first_one"):
        flattened(first, lookup(first, second).__getitem__)
    with pytest.raises(KeyError):
        flattened(first, lookup().__getitem__)


def test_a_loop_beyond_all_measure_is_refused() -> None:
    made = scenario(
        "endless",
        "  - at: 0s\n    repeat:\n      times: 1000\n      every: 1s\n      steps:\n"
        + "        - {at: 0s, do: press_sos}\n" * 6,
    )
    with pytest.raises(ValueError, match="more than 5000"):
        flattened(made, lookup().__getitem__)


def test_files_include_their_neighbours_and_the_library(tmp_path: Path) -> None:
    (tmp_path / "neighbour.yaml").write_text(RIDE.replace("a_ride", "neighbour"))
    path = tmp_path / "outer.yaml"
    outer = RIDE.replace("a_ride", "outer").replace("60s", "3m")
    outer = outer.replace("{at: 4s, do: ride up}", "{at: 4s, include: X}")
    path.write_text(outer.replace("X", "neighbour"))
    assert [step.at for step in load(path).steps] == ["2s", "6s", "8s"]
    path.write_text(outer.replace("X", "chosen_pause"))
    assert len(load(path).steps) == 1 + len(library()["chosen_pause"].steps)
    path.write_text(outer.replace("X", "nowhere_at_all"))
    with pytest.raises(ScenarioError, match=r"outer\.yaml:1: includes an unknown scenario"):
        load(path)
