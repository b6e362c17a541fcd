"""What is tried, in which order, and how long to wait in between. Data, and its checks. Pure."""

from collections.abc import Iterator
from datetime import time, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from diagnostics.escalation.hours import Hours
from diagnostics.escalation.problem import PlanError, Problem
from diagnostics.escalation.rota import Layer

EMERGENCY_PRIORITY: Final = 1
_NO_TIME: Final = timedelta(0)
_WAITS: Final = (
    *("again_after", "acknowledged_for", "on_site_for"),
    *("travel_at_most", "help_within", "suggest_by"),
)


class Kind(StrEnum):
    """What a ticket is about, as far as it matters who is called."""

    EMERGENCY = "emergency"  # somebody is in need
    REPAIR = "repair"  # nobody is, or not any more


class How(StrEnum):
    """The way in which people are called on."""

    RING = "ring"  # the desk's screen
    PAGE = "page"  # a message that insists
    CALL = "call"  # by telephone
    SUGGEST_FIRE_BRIGADE = "suggest_fire_brigade"  # to everybody on call: people decide


class Step(Struct, frozen=True, kw_only=True):
    """Something to try.

    Attributes:
        layer: whom; None exactly for the suggestion, which everybody on call gets.
        after: since the last attempt of the step before; of the first step, since the opening.
        times: how often it is tried.
        every: between attempts.
    """

    how: How
    layer: Layer | None = None
    after: timedelta
    times: int = 1
    every: timedelta = timedelta(minutes=3)

    @property
    def lasts(self) -> timedelta:
        """From the end of the step before to its own last attempt."""
        return self.after + (self.times - 1) * self.every


class Policy(Struct, frozen=True, kw_only=True):
    """The steps for tickets of one kind and priority.

    Attributes:
        again_after: since the last step's last attempt, when it all begins anew.
        acknowledged_for: so long somebody's word counts, unless more is heard of it.
        on_site_for: so long it counts that somebody has arrived.
        travel_at_most: later promises to arrive are held against people after this time.
        help_within: of the opening; later than that the fire brigade is suggested.
        suggest_by: so long after the opening at the latest it is, whatever people have said, unless
            they expect to be there in time.
        quiet: nobody is called on in these hours; never for emergencies.
    """

    steps: tuple[Step, ...]
    again_after: timedelta
    acknowledged_for: timedelta
    on_site_for: timedelta = timedelta(hours=1)
    travel_at_most: timedelta = timedelta(hours=2)
    help_within: timedelta = timedelta(hours=1)
    suggest_by: timedelta = timedelta(minutes=30)
    quiet: Hours | None = None

    @property
    def suggestion(self) -> int | None:
        """The number of the step that suggests the fire brigade, if there is one."""
        hows = [step.how for step in self.steps]
        return hows.index(How.SUGGEST_FIRE_BRIGADE) if How.SUGGEST_FIRE_BRIGADE in hows else None

    @property
    def lasts(self) -> timedelta:
        """How long it takes at most, without quiet hours, until the last step is tried."""
        return sum((step.lasts for step in self.steps), _NO_TIME)


# Assumptions, to be agreed with those who work with them.
EMERGENCY: Final = Policy(
    steps=(
        Step(
            how=How.RING,
            layer=Layer.DESK,
            after=timedelta(0),
            times=3,
            every=timedelta(minutes=1),
        ),
        Step(how=How.PAGE, layer=Layer.MECHANIC, after=timedelta(minutes=2), times=2),
        Step(how=How.PAGE, layer=Layer.BACKUP, after=timedelta(minutes=3), times=2),
        Step(how=How.CALL, layer=Layer.MANAGER, after=timedelta(minutes=3), times=2),
        Step(how=How.SUGGEST_FIRE_BRIGADE, after=timedelta(minutes=5)),
    ),
    again_after=timedelta(minutes=5),
    acknowledged_for=timedelta(minutes=15),
)


# Repairs: nobody is in need, so nobody is woken for P2 and P3, and promises may be for days.
REPAIRS: Final = {
    1: Policy(
        steps=(
            Step(
                how=How.RING,
                layer=Layer.DESK,
                after=timedelta(minutes=5),
                times=2,
                every=timedelta(minutes=5),
            ),
            Step(
                how=How.PAGE,
                layer=Layer.MECHANIC,
                after=timedelta(minutes=5),
                times=2,
                every=timedelta(minutes=10),
            ),
            Step(how=How.PAGE, layer=Layer.BACKUP, after=timedelta(minutes=10)),
            Step(how=How.CALL, layer=Layer.MANAGER, after=timedelta(minutes=10)),
        ),
        again_after=timedelta(minutes=30),
        acknowledged_for=timedelta(minutes=45),
        on_site_for=timedelta(hours=4),
        travel_at_most=timedelta(days=1),
    ),
    2: Policy(
        steps=(
            Step(
                how=How.RING,
                layer=Layer.DESK,
                after=timedelta(hours=1),
                times=2,
                every=timedelta(hours=2),
            ),
            Step(how=How.PAGE, layer=Layer.MANAGER, after=timedelta(hours=4)),
        ),
        again_after=timedelta(hours=12),
        acknowledged_for=timedelta(days=1),
        on_site_for=timedelta(hours=8),
        travel_at_most=timedelta(days=14),
        quiet=Hours(begin=time(18), end=time(8)),
    ),
    3: Policy(
        steps=(
            Step(how=How.RING, layer=Layer.DESK, after=timedelta(hours=4)),
            Step(how=How.PAGE, layer=Layer.MANAGER, after=timedelta(days=2)),
        ),
        again_after=timedelta(days=1),
        acknowledged_for=timedelta(days=3),
        on_site_for=timedelta(hours=8),
        travel_at_most=timedelta(days=30),
        quiet=Hours(begin=time(18), end=time(8)),
    ),
}


def check(policy: Policy, *, priority: int, kind: Kind = Kind.EMERGENCY) -> None:
    """Check that a policy can be relied on for tickets of ``kind`` and ``priority``.

    Raises:
        PlanError: with everything that is wrong, and where.
    """
    problems = list(_problems(policy))
    if priority == EMERGENCY_PRIORITY:
        problems += _urgent_problems(policy, kind)
    if problems:
        raise PlanError(problems)


def _problems(policy: Policy) -> Iterator[Problem]:
    if not policy.steps:
        yield Problem("steps", "there is nothing to try")
    for number, step in enumerate(policy.steps):
        yield from _step_problems(f"steps[{number}]", step)
    for name in _WAITS:
        if getattr(policy, name) <= _NO_TIME:
            yield Problem(name, f"{getattr(policy, name)} is no time to wait")
    if policy.suggest_by > policy.help_within:
        yield Problem("suggest_by", f"{policy.suggest_by} is later than {policy.help_within}")
    if policy.quiet and policy.quiet.begin == policy.quiet.end:
        yield Problem("quiet", "hours around the clock never end")


def _step_problems(where: str, step: Step) -> Iterator[Problem]:
    if (step.layer is None) != (step.how is How.SUGGEST_FIRE_BRIGADE):
        yield Problem(f"{where}.layer", f"{step.how} does not go with layer {step.layer}")
    if step.after < _NO_TIME:
        yield Problem(f"{where}.after", f"{step.after} is negative")
    if step.times < 1:
        yield Problem(f"{where}.times", f"{step.times} is less than once")
    if step.times > 1 and step.every <= _NO_TIME:
        yield Problem(f"{where}.every", f"{step.every} leaves no time between attempts")


def _urgent_problems(policy: Policy, kind: Kind) -> Iterator[Problem]:
    if policy.quiet:
        yield Problem("quiet", "priority 1 has no quiet hours")
    if kind is Kind.EMERGENCY and policy.suggestion is None:
        yield Problem("steps", "none suggests the fire brigade")
    if policy.lasts > policy.help_within:
        yield Problem(
            "steps", f"the last is tried after {policy.lasts}, later than {policy.help_within}"
        )
