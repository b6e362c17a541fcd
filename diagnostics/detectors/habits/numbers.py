"""Little robust statistics, over few numbers: plain Python is quicker here than arrays."""

from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """Return the median.

    Raises:
        IndexError: there are none.
    """
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` (0 to 1) of the values lie, the nearest one.

    Raises:
        IndexError: there are none.
    """
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def spread(values: Sequence[float]) -> float:
    """Return the standard deviation as the median absolute deviation tells it (0 of none)."""
    if not values:
        return 0.0
    middle = median(values)
    return 1.4826 * median([abs(value - middle) for value in values])
