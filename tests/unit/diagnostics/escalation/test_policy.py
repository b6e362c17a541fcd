"""What a policy may not be."""

from datetime import time, timedelta

import pytest
from msgspec.structs import replace

from diagnostics.escalation.hours import Hours
from diagnostics.escalation.policy import EMERGENCY, REPAIRS, How, Kind, Policy, Step, check
from diagnostics.escalation.problem import PlanError
from diagnostics.escalation.rota import Layer

RING = EMERGENCY.steps[0]
ZERO = timedelta(0)


def complaints(policy: Policy, priority: int = 2) -> list[str]:
    with pytest.raises(PlanError) as error:
        check(policy, priority=priority)
    return [str(problem) for problem in error.value.problems]


def test_ours_for_emergencies_is_sound() -> None:
    check(EMERGENCY, priority=1)


@pytest.mark.parametrize("priority", REPAIRS)
def test_ours_for_repairs_are_sound(priority: int) -> None:
    check(REPAIRS[priority], priority=priority, kind=Kind.REPAIR)


def test_an_emergency_has_no_quiet_hours() -> None:
    quiet = replace(EMERGENCY, quiet=Hours(begin=time(22), end=time(7)))
    check(quiet, priority=2)
    assert complaints(quiet, 1) == ["quiet: priority 1 has no quiet hours"]


def test_an_emergency_reaches_the_last_step_within_the_hour() -> None:
    slow = replace(EMERGENCY, steps=(replace(RING, after=timedelta(hours=1)),))
    assert complaints(slow, 1) == [
        "steps: none suggests the fire brigade",
        "steps: the last is tried after 1:02:00, later than 1:00:00",
    ]


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [
        (replace(EMERGENCY, steps=()), "steps: there is nothing to try"),
        (replace(EMERGENCY, again_after=ZERO), "again_after: 0:00:00 is no time to wait"),
        (
            replace(EMERGENCY, quiet=Hours(begin=time(7), end=time(7))),
            "quiet: hours around the clock never end",
        ),
        (
            replace(EMERGENCY, suggest_by=timedelta(hours=2)),
            "suggest_by: 2:00:00 is later than 1:00:00",
        ),
        (
            replace(EMERGENCY, steps=(replace(RING, times=0),)),
            "steps[0].times: 0 is less than once",
        ),
        (
            replace(EMERGENCY, steps=(RING, replace(RING, every=ZERO))),
            "steps[1].every: 0:00:00 leaves no time between attempts",
        ),
        (
            replace(EMERGENCY, steps=(replace(RING, after=-timedelta(seconds=1)),)),
            "steps[0].after: -1 day, 23:59:59 is negative",
        ),
        (
            replace(EMERGENCY, steps=(replace(RING, layer=None),)),
            "steps[0].layer: ring does not go with layer None",
        ),
        (
            replace(
                EMERGENCY,
                steps=(Step(how=How.SUGGEST_FIRE_BRIGADE, layer=Layer.DESK, after=ZERO),),
            ),
            "steps[0].layer: suggest_fire_brigade does not go with layer desk",
        ),
    ],
)
def test_what_is_wrong_is_told_and_where(policy: Policy, complaint: str) -> None:
    assert complaints(policy) == [complaint]
