"""Whom to wake for what is ill, and when again. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from diagnostics.vigil.judgement import Part

# What passes by itself, as the restart of a process, wakes nobody.
GRACE: Final = timedelta(seconds=30)
AGAIN_AFTER: Final = timedelta(minutes=30)


class Stage(StrEnum):
    """What a page says."""

    ILL = "ill"
    STILL = "still"
    OVER = "over"


class Trouble(Struct, frozen=True, kw_only=True):
    """A part that is ill: a row.

    Attributes:
        paged_at: the last time; None: not yet.
        pages: how often.
    """

    trouble_id: int
    part: Part
    detail: str
    since: datetime
    paged_at: datetime | None = None
    pages: int = 0


class Step(Struct, frozen=True, kw_only=True):
    """What to do about one part.

    Attributes:
        trouble: as it is open; None: it begins.
        stage: what to page; None: nothing.
        ended: whether it is over.
    """

    part: Part
    detail: str
    trouble: Trouble | None
    stage: Stage | None = None
    ended: bool = False


def steps(troubles: Iterable[Trouble], found: Mapping[Part, str], now: datetime) -> Iterator[Step]:
    """Yield what is to be done, now that ``found`` is ill."""
    known = {each.part: each for each in troubles}
    for part, detail in found.items():
        trouble = known.pop(part, None)
        yield Step(part=part, detail=detail, trouble=trouble, stage=_stage(trouble, now))
    for part, trouble in known.items():
        told = trouble.paged_at is not None
        yield Step(
            part=part,
            detail=trouble.detail,
            trouble=trouble,
            stage=Stage.OVER if told else None,
            ended=True,
        )


def _stage(trouble: Trouble | None, now: datetime) -> Stage | None:
    if trouble is None:
        return None
    if trouble.paged_at is None:
        return Stage.ILL if _past(trouble.since, now, GRACE) else None
    return Stage.STILL if _past(trouble.paged_at, now, AGAIN_AFTER) else None


def _past(since: datetime, now: datetime, wait: timedelta) -> bool:
    """Tell whether it is time; a clock that went back is no reason to wait for longer."""
    return not timedelta(0) <= now - since < wait
