"""From single windows to a habit: what detector and training must reckon alike."""

from collections.abc import Sequence
from typing import Final

import numpy as np

# So many windows, a week apart, tell of a habit: eight weeks of rides in all.
WEEKS: Final = 5
_NEVER: Final = 1e-5


def lasting(probabilities: Sequence[float]) -> float:
    """Return how probable it is over ``WEEKS`` windows: the mean of their log-odds.

    Each of the windows is the least of its comparisons. Fewer windows: 0.
    """
    if len(probabilities) < WEEKS:
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
