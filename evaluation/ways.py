"""Single verdicts, gathered by behaviour and by scenario of days."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from evaluation.days import Judged
from evaluation.measured import Labelled, Way, quantile
from evaluation.rows import EpisodeRow, Row


def ways(rows: Iterable[Row]) -> tuple[Way, ...]:
    """Return each behaviour with what was found of it, in order of word and name."""
    by: dict[tuple[str, str], list[EpisodeRow]] = defaultdict(list)
    for row in rows:
        if isinstance(row, EpisodeRow):
            by[row.what, row.behaviour].append(row)
    return tuple(_way(what, name, by[what, name]) for what, name in sorted(by))


def _way(what: str, name: str, episodes: list[EpisodeRow]) -> Way:
    found = sorted(one.found_days for one in episodes if one.found_days is not None)
    return Way(
        behaviour=name,
        what=what,
        episodes=len(episodes),
        found=len(found),
        accused=sum(bool(one.accused) for one in episodes),
        p50_days=quantile(found, 0.5) if found else None,
    )


def labelled(runs: Iterable[Judged]) -> tuple[Labelled, ...]:
    """Return each scenario of days with how often its label held."""
    by: dict[str, list[Judged]] = defaultdict(list)
    for one in runs:
        by[one.scenario].append(one)
    return tuple(
        Labelled(
            scenario=name,
            runs=len(some),
            as_labelled=sum(one.as_labelled for one in some),
            found={word: sum(word in one.found_days for one in some) for word in some[0].finds},
            wrong=_counts(one.wrong for one in some),
            besides=_counts(one.besides for one in some),
        )
        for name, some in sorted(by.items())
    )


def _counts(words: Iterable[tuple[str, ...]]) -> dict[str, int]:
    counted = Counter(word for some in words for word in some)
    return dict(sorted(counted.items()))
