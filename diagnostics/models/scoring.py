"""From single windows to a habit: what detector and training must reckon alike."""

from collections.abc import Sequence
from typing import Final

import numpy as np

# So many windows, a week apart, tell of a habit: eight weeks of rides in all.
WEEKS: Final = 5
# The newest must say so by itself: what has just ended is told of no more. And nearly all aids need
# no other window than that.
NEWEST: Final = 0.3
_NEVER: Final = 1e-5


def lasting(probabilities: Sequence[float]) -> float:
    """Return how probable it is over ``WEEKS`` windows: the mean of their log-odds.

    Each of the windows is the least of its comparisons; the newest stands last. Fewer windows, or
    a newest below ``NEWEST``: 0.
    """
    if len(probabilities) < WEEKS or probabilities[-1] < NEWEST:
        return 0.0
    bounded = np.clip(probabilities[-WEEKS:], _NEVER, 1 - _NEVER)
    return odds_to_probability(float(np.mean(np.log(bounded / (1 - bounded)))))


def odds_to_probability(log_odds: float) -> float:
    """Return the probability of log-odds."""
    return float(1 / (1 + np.exp(-log_odds)))


def log_odds(probability: float) -> float:
    """Return the log-odds of a probability, bounded."""
    bounded = min(max(probability, _NEVER), 1 - _NEVER)
    return float(np.log(bounded / (1 - bounded)))
