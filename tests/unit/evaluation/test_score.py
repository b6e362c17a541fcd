"""Verdicts against the truth, on lives small enough to count by hand."""

from datetime import UTC, datetime, timedelta

from evaluation.measured import Measured
from evaluation.score import Life, Truth, fleet

START = datetime(2025, 1, 1, tzinfo=UTC)
RULES = {"battery_worn": [("", "ours", False), ("plain", "a plain rule", True)]}


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def truth(
    finding: str = "",
    *,
    began: float = 100,
    until: float = 200,
    forbidden: tuple[str, ...] = (),
    allowed: tuple[str, ...] = (),
    fails: float | None = None,
) -> Truth:
    return Truth(
        began=day(began),
        until=day(until),
        finding=finding,
        behaviour=finding or "looks like it",
        forbidden=forbidden,
        allowed=allowed,
        fails=None if fails is None else day(fails),
    )


def measured(
    *truths: Truth, ours: tuple[float, ...] = (), plain: tuple[float, ...] = ()
) -> list[Measured]:
    life = Life(
        device="sl-000001",
        kind="stairlift",
        profile="t498",
        line="good",
        days=365.25,
        truth=truths,
        said={
            "": [("battery_worn", day(at)) for at in ours] + [("drive_worn", day(1))],
            "plain": [("battery_worn", day(at)) for at in plain],
        },
    )
    return fleet([life], RULES)


def test_an_episode_is_found_once_however_often_it_is_said() -> None:
    ours, plain = measured(truth("battery_worn"), ours=(150, 160), plain=())
    assert (ours.count.episodes, ours.count.found, ours.count.alarms) == (1, 1, 2)
    assert (ours.count.precision, ours.count.false) == (1.0, 0)
    assert ours.delay is not None
    assert ours.delay.p50_s == 50 * 86_400
    assert (plain.count.found, plain.missed) == (0, ("sl-000001: battery_worn",))


def test_too_early_and_too_late_are_false() -> None:
    ours, plain = measured(truth("battery_worn"), ours=(99,), plain=(215,))
    for each in (ours, plain):
        assert (each.count.found, each.count.false, each.count.accused) == (0, 1, 0)
    assert ours.wrong == ("sl-000001: ordinary life",)


def test_what_was_made_to_look_like_it_accuses() -> None:
    ours, _ = measured(truth(forbidden=("battery_worn",)), ours=(150,))
    assert (ours.count.false, ours.count.accused) == (1, 1)
    assert ours.wrong == ("sl-000001: looks like it",)


def test_what_may_be_found_besides_is_neither_right_nor_wrong() -> None:
    ours, _ = measured(truth("charger_failed", allowed=("battery_worn",)), ours=(150,))
    assert (ours.count.alarms, ours.count.false, ours.count.episodes) == (0, 0, 0)


def test_what_is_so_is_no_accusation_though_something_else_looks_like_it() -> None:
    both = (truth("battery_worn"), truth(forbidden=("battery_worn",)))
    ours, _ = measured(*both, ours=(150,))
    assert (ours.count.found, ours.count.false, ours.count.accused) == (1, 0, 0)


def test_how_long_before_it_failed() -> None:
    ours, plain = measured(truth("battery_worn", fails=170), ours=(150,), plain=(160,))
    assert ours.lead is not None
    assert (ours.lead.failures, ours.lead.in_time, ours.lead.p50_days) == (1, 1, 20)
    assert plain.lead is not None
    assert (plain.lead.failures, plain.lead.in_time) == (1, 0), "ten days are too few"
    assert ours.lead.aid_years_per_false is None
