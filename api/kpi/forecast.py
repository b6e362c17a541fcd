"""Where an indicator ends up if things go on as they did. Pure.

What is decided stays. What is still to be decided in the period (open cases that fall due, and as
many new ones as usual) is taken to go as the last year went: each is kept with the same unknown
chance, of which that year tells something, and the less the fewer cases it had. That is the
beta-binomial distribution with Jeffreys' prior. It knows nothing of the season, nor of measures.
"""

from math import exp, lgamma
from typing import Final

from msgspec import Struct

from api.kpi.model import Figure
from api.kpi.periods import Period

_JEFFREYS: Final = 0.5
_TAIL: Final = 0.1  # on either side of the interval: 80 % lie within


class Forecast(Struct, frozen=True, kw_only=True):
    """The share at the period's end.

    Attributes:
        low: in one of ten cases it ends below this…
        high: …and in one of ten above this.
        chance: of reaching the target, 0 to 1; None: there is none.
        expected: how many more will be decided.
        best: the share if all of these are kept.
    """

    low: float
    likely: float
    high: float
    chance: float | None
    expected: int
    best: float


def forecast(figure: Figure, past: Figure, *, expected: int) -> Forecast | None:
    """Return where the period ends; None: nothing is or will be decided.

    Args:
        figure: of the period as far as it went.
        past: of the year before now.
        expected: how many more are to be decided in the period.
    """
    total = figure.decided + expected
    if total == 0:
        return None
    chances = _beta_binomial(expected, past.kept + _JEFFREYS, past.missed + _JEFFREYS)

    def share(kept_of_expected: int) -> float:
        return (figure.kept + kept_of_expected) / total

    chance = None
    if figure.asked is not None:
        chance = sum(p for kept, p in enumerate(chances) if share(kept) >= figure.asked - 1e-12)
    return Forecast(
        low=share(_quantile(chances, _TAIL)),
        likely=share(_quantile(chances, 0.5)),
        high=share(_quantile(chances, 1 - _TAIL)),
        chance=None if chance is None else min(1.0, chance),
        expected=expected,
        best=share(expected),
    )


def still_to_come(figure: Figure, past: Figure, period: Period, *, days_left: int) -> int:
    """Return how many more will be decided: what falls due, or what the past year lets expect."""
    usual = past.decided * days_left / 365
    return max(figure.pending, round(usual)) if period.days else 0


def _beta_binomial(n: int, a: float, b: float) -> list[float]:
    """Return the chance of each number of successes, 0 to ``n``."""
    fixed = lgamma(n + 1) + lgamma(a + b) - lgamma(a) - lgamma(b) - lgamma(n + a + b)
    return [
        exp(fixed - lgamma(k + 1) - lgamma(n - k + 1) + lgamma(k + a) + lgamma(n - k + b))
        for k in range(n + 1)
    ]


def _quantile(chances: list[float], level: float) -> int:
    total = 0.0
    for number, chance in enumerate(chances):
        total += chance
        if total >= level:
            return number
    return len(chances) - 1
