"""What was asked, on verdicts and lives small enough to count by hand."""

from evaluation.emergencies import Verdict
from evaluation.measured import Heard
from evaluation.rows import rows_of
from evaluation.score import Alarm, Life, fleet
from evaluation.targets import heard, suspected, targets
from tests.unit.evaluation.test_score import day, truth


def verdict(
    *reasons: str, found_s: float | None, telephoned_s: float | None = None, emergency: bool = True
) -> Verdict:
    def ms(seconds: float | None) -> int | None:
        return None if seconds is None else 10_000 + round(seconds * 1000)

    return Verdict(
        scenario="jam_in_bend",
        emergency=emergency,
        kind="stairlift",
        profile="t498",
        line="good",
        clock="right",
        quirks=(),
        seed=1,
        valid=True,
        since_ms=10_000,
        found_ms=ms(found_s),
        heard_ms=ms(found_s),
        baselines_ms={},
        telephoned_ms=ms(telephoned_s),
        reasons=reasons,
    )


VERDICTS = (
    verdict("call_sos", found_s=0.4, telephoned_s=90),
    verdict("stopped", found_s=50),
    verdict("long_ride", found_s=52),
    verdict("silent", found_s=95),
    verdict("connection_lost", found_s=99),
    verdict(found_s=None, telephoned_s=95),
    verdict(found_s=None),
    verdict("stopped", found_s=50, emergency=False),
)


def test_who_learned_of_emergencies() -> None:
    assert heard(VERDICTS) == Heard(platform=5, telephone=1, nobody=1)
    assert heard(()) == Heard(platform=0, telephone=0, nobody=0)


def test_standing_and_silent_are_told_apart() -> None:
    standing, silent = suspected(VERDICTS)
    assert (standing.how, standing.episodes) == ("standing", 2)
    assert (silent.how, silent.episodes) == ("silent", 2)
    assert standing.delay is not None
    assert (standing.delay.p50_s, standing.delay.max_s) == (50, 52)
    assert silent.delay is not None
    assert silent.delay.p50_s == 95
    assert [one.delay for one in suspected(())] == [None, None]


def test_without_emergencies_nothing_is_asked_of_them() -> None:
    assert targets((), VERDICTS, ()) == ()


def test_what_falls_short_says_of_which_ways() -> None:
    lives = [
        Life(
            device=f"sl-{number:06d}",
            kind="stairlift",
            profile="t498",
            line="good",
            days=365.25,
            truth=(
                truth("overload", began=10, until=60),
                truth(began=100, until=150, forbidden=("overload",)),
                truth("drive_worn", began=200, until=260, fails=250),
            ),
            said={"": [Alarm(what, day(at)) for what, at in said]},
        )
        for number, said in enumerate(
            (
                [("overload", 20), ("overload", 110), ("drive_worn", 230)],
                [("overload", 300), ("drive_worn", 240)],
            )
        )
    ]
    rules = {word: [("", "ours", False)] for word in ("overload", "drive_worn")}
    rows = [row for life in lives for row in rows_of(life)]
    said = {each.name: each for each in targets(fleet(lives, rules), (), rows)}
    assert said["improper use: recall"].because == ("`overload` missed in 1 of 2",)
    assert said["improper use: precision"].because == (
        "*overload* in `looks like it`",
        "*overload* in ordinary life",
    )
    assert said["improper use: accusations of look-alikes"].because == (
        "*overload* in `looks like it`",
    )
    assert said["drive_worn: announced 14 days before it fails"].because == (
        "`drive_worn` late or never in 1 of 2",
    )
    assert said["drive_worn: aid-years per false announcement"].because == ()
