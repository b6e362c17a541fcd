"""The register and the DPIA say what detectors really do, and what was really measured."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.algorithms import dpia, facts, register, texts
from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import Detector
from diagnostics.detectors.registry import DETECTORS
from diagnostics.misuse.items import KINDS, REVIEWED_FIRST

ROOT = Path(__file__).resolve().parents[3]
ENTRIES = register.entries(facts.load())
ALGORITHMS: dict[str, Any] = {
    each["Naam"]: each for entry in ENTRIES for each in entry["Algoritmes"]
}


def test_what_ships_is_what_the_documents_say() -> None:
    assert facts.load() == facts.gather(ROOT), "run python -m api.algorithms.facts"


def test_every_detector_is_in_the_register_once_and_nothing_else() -> None:
    listed = [each["Naam"] for entry in ENTRIES for each in entry["Algoritmes"]]
    assert sorted(listed) == sorted(each.name for each in DETECTORS)
    assert set(texts.DETECTORS) == set(listed)
    assert {each["Naam"] for each in ENTRIES[0]["Algoritmes"]} == set(texts.READS)


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda each: each.name)
def test_an_entry_says_what_the_detector_does(detector: Detector) -> None:
    entry = ALGORITHMS[detector.name]
    assert entry["Versie"] == detector.version
    assert {CATALOGUE[what].detector for what in entry["Signaleert"]} == {detector.name}
    assert entry["Drempels"], "by its own parameters"
    assert entry["Omschrijving"].endswith(".")


def test_figures_are_those_of_the_evaluation() -> None:
    evaluation = msgspec.json.decode((ROOT / "docs/evaluation/evaluation.json").read_bytes())
    measured = {each["what"]: each for each in evaluation["measured"] if not each["baseline"]}
    shown = {figure["what"]: figure for entry in ALGORITHMS.values() for figure in entry["Cijfers"]}
    compared = 0
    for what, row in measured.items():
        if what in shown:
            compared += 1
            for name in ("episodes", "found", "alarms", "false", "accused"):
                assert shown[what][name] == row["count"][name], (what, name)
    assert compared >= 20


def test_what_the_verdict_found_to_be_wrong_too_often_is_always_reviewed_first() -> None:
    figures = [figure for entry in ALGORITHMS.values() for figure in entry["Cijfers"]]
    unfit = {
        each["what"]
        for each in figures
        if each["what"] in KINDS
        and (each["accused"] or each["false"] > 0.03 * each["alarms"] or not each["alarms"])
    }
    assert unfit
    assert unfit <= REVIEWED_FIRST, "what one verdict found wrong stays until two find it right"


def test_the_documents_name_every_detector_of_use_and_invent_nothing() -> None:
    for text in (register.markdown(facts.load()), dpia.markdown(facts.load())):
        for name in texts.READS:
            assert f"{name} (versie" in text
        assert register.TO_FILL in text
    assert all(f"### {number}. " in dpia.markdown(facts.load()) for number in range(1, 18))
