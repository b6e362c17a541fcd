"""What is ill, and who is woken when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from diagnostics.vigil.judgement import Part, Readings, ill
from diagnostics.vigil.paging import Stage, Step, Trouble, steps

NOW = datetime(2026, 11, 22, 3, 12, tzinfo=UTC)
EVERY = timedelta(hours=1)
WELL = Readings(
    database_now=NOW,
    shards_heard=64,
    engine_cycled_at=NOW - timedelta(seconds=1),
    beats={"escalation": NOW, "api": NOW, "diagnostics": NOW},
    overdue=0,
    tested_at=NOW - timedelta(minutes=50),
    test_passed=True,
    test_due_since=NOW - timedelta(days=3),
)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def test_all_is_well() -> None:
    assert list(ill(WELL, NOW, test_every=EVERY)) == []


@pytest.mark.parametrize(
    ("changes", "part", "detail"),
    [
        ({"shards_heard": 48}, Part.INGEST, "48 of 64 shards are listened to"),
        (
            {"beats": {"bridge a:8884": NOW, "bridge b:8884": ago(30)}},
            Part.INGEST,
            "bridge b:8884 was last well 30 s ago",
        ),
        ({"engine_cycled_at": None}, Part.ENGINE, "has not judged all shards yet"),
        ({"engine_cycled_at": ago(95)}, Part.ENGINE, "last judged all shards 1 min 35 s ago"),
        ({"beats": {"escalation": ago(21)}}, Part.ESCALATION, "last heard of 21 s ago"),
        ({"beats": {"api": ago(60)}}, Part.DESK, "last heard of 1 min 00 s ago"),
        ({"overdue": 3}, Part.NOTIFICATIONS, "3 messages wait to be sent"),
        (
            {"database_now": ago(-45)},
            Part.CLOCK,
            "the clocks of engine and database are -45 s apart",
        ),
        (
            {"test_passed": False},
            Part.SELF_TEST,
            "the last call of the test lift was not answered in time",
        ),
        ({"tested_at": ago(5521)}, Part.SELF_TEST, "last seen 92 min 01 s ago"),
        (
            {"tested_at": None, "test_passed": False},
            Part.SELF_TEST,
            "the test lift has not called yet",
        ),
    ],
)
def test_what_is_ill(changes: dict[str, Any], part: Part, detail: str) -> None:
    assert list(ill(replace(WELL, **changes), NOW, test_every=EVERY)) == [(part, detail)]


def test_a_test_lift_that_was_never_asked_for_is_not_missed() -> None:
    never = replace(WELL, tested_at=None, test_passed=False)
    assert list(ill(never, NOW, test_every=None)) == []
    young = replace(never, test_due_since=ago(60))
    assert list(ill(young, NOW, test_every=EVERY)) == []


def test_a_process_that_was_taken_away_for_good_is_not_missed() -> None:
    gone = replace(WELL, beats={"api": NOW - timedelta(days=2)})
    assert list(ill(gone, NOW, test_every=EVERY)) == []


def test_people_are_woken_after_a_while_now_and_then_and_when_it_is_over() -> None:
    found = {Part.INGEST: "deaf"}
    told: list[tuple[int, Stage]] = []
    trouble: Trouble | None = None
    for second in range(0, 4000, 10):
        now = NOW + timedelta(seconds=second)
        known = [trouble] if trouble else []
        (step,) = steps(known, found if second < 3700 else {}, now)
        if step.stage:
            told.append((second, step.stage))
        if step.ended:
            break
        trouble = _stored(step, now)
    assert told == [
        (30, Stage.ILL),
        (1830, Stage.STILL),
        (3630, Stage.STILL),
        (3700, Stage.OVER),
    ]


def test_what_passes_by_itself_wakes_nobody() -> None:
    trouble = Trouble(trouble_id=1, part=Part.ENGINE, detail="", since=ago(20))
    (step,) = steps([trouble], {}, NOW)
    assert (step.ended, step.stage) == (True, None)


def _stored(step: Step, now: datetime) -> Trouble:
    before = step.trouble or Trouble(trouble_id=1, part=step.part, detail="", since=now)
    paged = step.stage is not None
    return replace(before, paged_at=now if paged else before.paged_at, pages=before.pages + paged)
