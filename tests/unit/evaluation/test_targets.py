"""What was asked for emergencies, on verdicts small enough to count by hand."""

from evaluation.emergencies import Verdict
from evaluation.measured import Heard
from evaluation.targets import heard, suspected, targets


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
    assert targets((), VERDICTS) == ()
