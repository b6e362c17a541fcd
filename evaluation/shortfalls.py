"""What a figure that is lower than was asked is made of: the most frequent first."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import timedelta

from evaluation.rows import AlarmRow, EpisodeRow, Row


def missed(rows: Iterable[Row], words: Container[str]) -> tuple[str, ...]:
    """Return the ways whose episodes were not found, each with how many of how many."""
    return _ways(rows, words, "missed", lambda one: one.found_days is None)


def late(rows: Iterable[Row], word: str, days: float) -> tuple[str, ...]:
    """Return the ways that were announced less than ``days`` before the aid failed, or never."""

    def is_late(one: EpisodeRow) -> bool:
        if one.found_days is None or one.fails is None:
            return one.found_days is None
        found = one.began + timedelta(days=one.found_days)
        return one.fails - found < timedelta(days=days)

    return _ways(rows, {word}, "late or never", is_late)


def false(rows: Iterable[Row], words: Container[str]) -> tuple[str, ...]:
    """Return what was said without cause, and what went on then."""
    return _said(_false(rows, words))


def accusing(rows: Sequence[Row], words: Container[str]) -> tuple[str, ...]:
    """Return what was said of ways that only look like it."""
    accused = {
        (one.device, what, one.behaviour)
        for one in rows
        if isinstance(one, EpisodeRow)
        for what in one.accused
    }
    return _said(
        one for one in _false(rows, words) if (one.device, one.what, one.behaviour) in accused
    )


def _false(rows: Iterable[Row], words: Container[str]) -> Iterator[AlarmRow]:
    for one in rows:
        if isinstance(one, AlarmRow) and one.right is False and one.what in words:
            yield one


def _ways(
    rows: Iterable[Row], words: Container[str], what: str, wrong: Callable[[EpisodeRow], bool]
) -> tuple[str, ...]:
    some = [one for one in rows if isinstance(one, EpisodeRow) and one.what in words]
    of = Counter(one.behaviour for one in some)
    counted = Counter(one.behaviour for one in some if wrong(one))
    return tuple(f"`{way}` {what} in {times} of {of[way]}" for way, times in counted.most_common())


def _said(alarms: Iterable[AlarmRow]) -> tuple[str, ...]:
    counted = Counter((one.what, one.behaviour) for one in alarms)
    return tuple(
        f"*{what}* in {f'`{way}`' if way else 'ordinary life'}"
        + (f" {times} times" if times > 1 else "")
        for (what, way), times in counted.most_common()
    )
