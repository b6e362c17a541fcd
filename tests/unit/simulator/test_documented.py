"""What scenarios may say is in the manual, and every number of the physics has its source."""

import re
from enum import Enum
from pathlib import Path
from typing import get_args

import pytest

from simulator.failures import Failure
from simulator.hardware.makers import PROFILES
from simulator.hardware.profile import Quirk
from simulator.misuse import Misuse
from simulator.scenarios.expectation import Reason
from simulator.scenarios.steps import Step
from simulator.scenarios.vocabulary import Do

ROOT = Path(__file__).resolve().parents[3]
MANUAL = (ROOT / "docs" / "simulator" / "README.md").read_text()
PARAMETERS = re.compile(r"^    \w+: (?:float|int|bool) = .*$", re.MULTILINE)


@pytest.mark.parametrize("words", [Failure, Misuse, Quirk])
def test_the_manual_has_every_word(words: type[Enum]) -> None:
    assert [word.value for word in words if f"`{word.value}`" not in MANUAL] == []


def test_the_manual_has_every_action_step_reason_and_profile() -> None:
    actions = {action.value.partition(" ")[0] for action in Do}
    steps = set(Step.__struct_fields__) - {"at"}
    words = actions | steps | set(get_args(Reason)) | set(PROFILES)
    assert sorted(word for word in words if f"`{word}" not in MANUAL) == []


@pytest.mark.parametrize("name", ["parameters", "vehicle", "hoist"])
def test_every_parameter_has_its_source_or_says_assumed(name: str) -> None:
    text = (ROOT / "simulator" / "hardware" / f"{name}.py").read_text()
    lines = PARAMETERS.findall(text)
    assert len(lines) > 10
    assert [line for line in lines if not re.search(r"# .*(assumed|\[[\w .]+\])", line)] == []
