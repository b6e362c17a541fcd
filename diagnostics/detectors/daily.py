"""What the health detectors share: facts are taken in as they come, and judged once a day.

A day ends, for one aid, with the first fact received after midnight (UTC): so what is found
depends on the facts alone, however they were grouped, and an aid at rest costs nothing.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Final

from msgspec import Struct

from diagnostics.detectors.contract import (
    Aid,
    Ask,
    Evidence,
    Finding,
    Forecast,
    Level,
    Outcome,
    Reason,
    Unhurried,
)
from diagnostics.facts import Fact
from gateway.protocol.vocabulary import AidKind

ALL_KINDS: Final = frozenset(str(kind) for kind in AidKind)
DAY: Final = timedelta(days=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Facts are remembered for so long, to know them again. Ingest drops what is sent twice; only what
# the engine reads again after a crash comes twice, at once.
REMEMBERED: Final = 32
SHOWN: Final = 6


class Said(Struct, frozen=True, kw_only=True):
    """An episode that was found, as it was last put to people."""

    key: str
    what: str
    level: Level
    since: datetime
    first_log_no: int
    usable: bool = True
    days_median: float | None = None


class Diary(Struct, kw_only=True):
    """What every such detector remembers.

    Attributes:
        heard: orders of the newest facts, to know them again.
        until: when the open day ends.
        log_nos: where the newest facts of use lie.
        said: episodes that are open.
        lent_on: whose habits these are.
    """

    heard: tuple[tuple[int, int], ...] = ()
    until: datetime | None = None
    log_nos: tuple[int, ...] = ()
    said: tuple[Said, ...] = ()
    lent_on: date | None = None

    def open(self, what: str) -> Said | None:
        """Return the open episode of ``what``."""
        return next((said for said in self.said if said.what == what), None)

    def note(self, log_no: int) -> None:
        """Keep where a fact lies that tells something."""
        self.log_nos = (*self.log_nos[1 - SHOWN :], log_no)


class Judgement(Struct, frozen=True, kw_only=True):
    """What a detector wants to have said of one thing, from what it knows now."""

    what: str
    asks: Ask
    level: Level
    reasons: tuple[Reason, ...]
    usable: bool = True
    confidence: float | None = None
    otherwise: tuple[Reason, ...] = ()
    forecast: Forecast | None = None


def day_number(moment: datetime) -> float:
    """Return days since 1970, to a hundredth."""
    return round((moment - EPOCH) / DAY, 2)


def say(diary: Diary, judged: Judgement, *, at: datetime) -> Finding | None:
    """Return the finding if there is news in it, and remember that it was said.

    What was certain stays so until it has passed: people plan by it.
    """
    said = diary.open(judged.what)
    level = judged.level
    if said is None:
        if level is Level.PASSED:
            return None
        key = f"{judged.what}:{at:%Y-%m-%d}"
        first = diary.log_nos[0] if diary.log_nos else 0
        said = Said(key=key, what=judged.what, level=level, since=at, first_log_no=first)
        news = True
    else:
        if said.level is Level.CERTAIN and level is Level.SUSPECTED:
            level = Level.CERTAIN
        worse = said.usable and not judged.usable
        news = worse or level is not said.level or _moved(said.days_median, judged.forecast)
    if not news:
        return None
    others = tuple(each for each in diary.said if each.what != judged.what)
    if level is Level.PASSED:
        diary.said = others
    else:
        days = judged.forecast.days_median if judged.forecast else None
        diary.said = (
            *others,
            Said(
                key=said.key,
                what=said.what,
                level=level,
                since=said.since,
                first_log_no=said.first_log_no,
                usable=judged.usable,
                days_median=days,
            ),
        )
    return Finding(
        key=said.key,
        what=judged.what,
        asks=judged.asks,
        level=level,
        since=said.since,
        reasons=judged.reasons,
        evidence=Evidence(tuple(sorted({said.first_log_no, *diary.log_nos} - {0})), said.since, at),
        usable=judged.usable,
        ended_at=at if level is Level.PASSED else None,
        confidence=judged.confidence,
        otherwise=judged.otherwise,
        forecast=judged.forecast,
    )


def _moved(before: float | None, forecast: Forecast | None) -> bool:
    """Tell whether a forecast changed so much that people would plan otherwise."""
    if forecast is None or before is None:
        return forecast is not None and before is None
    return abs(forecast.days_median - before) > max(14.0, 0.5 * before)


class Daily(Unhurried):
    """A detector that judges once a day. Subclasses say what they read, and how they judge."""

    name: str
    version: int
    kinds: frozenset[str] = ALL_KINDS
    state_type: type
    reads: ClassVar[tuple[type[Fact], ...]]
    days: ClassVar[int] = 1  # a longer "day", where one would hold too little

    def take(self, diary: Any, fact: Any, aid: Aid) -> None:
        """Add ``fact`` to the open day of ``diary``, in place."""
        raise NotImplementedError

    def judge(self, diary: Any, at: datetime, aid: Aid) -> Iterable[Judgement]:
        """Close the day that ends ``at``, in place, and say what is known now."""
        raise NotImplementedError

    def lent_anew(self, diary: Any) -> None:
        """Forget what was learnt of the client before, in place."""

    def step(
        self,
        state: Any | None,
        facts: Sequence[Fact],
        *,
        now: datetime,  # noqa: ARG002 - what is found depends on facts alone
        aid: Aid,
        listening_since: datetime | None,  # noqa: ARG002 - likewise
    ) -> Outcome:
        """Judge ``facts`` on top of ``state``; see the contract."""
        news = [fact for fact in facts if isinstance(fact, self.reads)]
        if not news:
            return Outcome(state=state)
        diary = self.state_type(lent_on=aid.lent_on) if state is None else copy(state)
        if diary.lent_on != aid.lent_on:
            self.lent_anew(diary)
            diary.lent_on = aid.lent_on
        found: dict[str, Finding] = {}
        for fact in news:
            self._pass_time(diary, fact.received_at, aid, found)
            order = (fact.order.outbox_no, fact.order.seq)
            if order not in diary.heard:
                diary.heard = (*diary.heard[1 - REMEMBERED :], order)
                self.take(diary, fact, aid)
        return Outcome(state=diary, findings=tuple(found.values()))

    def _pass_time(self, diary: Any, now: datetime, aid: Aid, found: dict[str, Finding]) -> None:
        if diary.until is not None and now < diary.until:
            return
        if diary.until is not None:
            for judged in self.judge(diary, diary.until, aid):
                finding = say(diary, judged, at=diary.until)
                if finding is not None:
                    found[finding.key] = finding
        diary.until = _end_of_day(now, self.days)


def _end_of_day(moment: datetime, days: int) -> datetime:
    number = (moment - EPOCH) // DAY
    return EPOCH + (number - number % days + days) * DAY
