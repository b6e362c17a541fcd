"""Verdicts against the truth, on lives small enough to count by hand."""

from datetime import UTC, datetime, timedelta

from evaluation.measured import Measured
from evaluation.rows import AlarmRow, EpisodeRow, rows_of
from evaluation.score import Alarm, Life, Truth, fleet
from evaluation.ways import ways

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
            "": [Alarm("battery_worn", day(at)) for at in ours] + [Alarm("drive_worn", day(1))],
            "plain": [Alarm("battery_worn", day(at)) for at in plain],
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


def test_what_fails_after_the_end_was_not_watched_to_its_failure() -> None:
    ours, _ = measured(truth("battery_worn", fails=230))
    assert (ours.count.episodes, ours.lead) == (1, None)


def test_single_verdicts_say_the_same_as_the_figures() -> None:
    life = Life(
        device="sl-000001",
        kind="stairlift",
        profile="t498",
        line="good",
        days=300,
        truth=(
            truth("battery_worn"),
            truth(forbidden=("play",), began=220, until=240),
            truth("fault", allowed=("flapping",), began=20, until=30),
        ),
        said={
            "": [
                Alarm("battery_worn", day(150), ("resistance",)),
                Alarm("play", day(230), ("empty_rides",)),
                Alarm("flapping", day(25)),
                Alarm("lost", day(5)),
            ]
        },
    )
    rows = [*rows_of(life)]
    episodes = [one for one in rows if isinstance(one, EpisodeRow)]
    told = [(one.what, one.found_days, one.reasons, one.accused) for one in episodes]
    assert told == [
        ("battery_worn", 50.0, ("resistance",), ()),
        ("", None, (), ("play",)),
        ("fault", None, (), ()),
    ]
    alarms = [(one.what, one.right, one.behaviour) for one in rows if isinstance(one, AlarmRow)]
    assert alarms == [
        ("battery_worn", True, "battery_worn"),
        ("play", False, "looks like it"),
        ("flapping", None, "fault"),
        ("lost", False, ""),
    ]
    found = {one.behaviour: (one.episodes, one.found, one.accused) for one in ways(rows)}
    assert found == {"battery_worn": (1, 1, 0), "fault": (1, 0, 0), "looks like it": (1, 0, 1)}
