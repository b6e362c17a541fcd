"""A case is its log: any commands, in any order, in any pieces."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from diagnostics.misuse import life
from diagnostics.misuse.commands import (
    Accept,
    AnyCommand,
    AskVisit,
    Close,
    Decide,
    EndSignal,
    Note,
    Reject,
    Remind,
    TellSide,
)
from diagnostics.misuse.errors import CaseNotNow
from diagnostics.misuse.items import Item
from diagnostics.misuse.model import Decision, EventKind, RejectReason, Stage
from tests.support.misuse import BEGIN, Story, by, found

# Made once: strategies cost more than the cases that they are for.
COMMANDS: st.SearchStrategy[AnyCommand] = st.one_of(
    st.integers(1, 8).map(lambda n: found("lost" if n > 5 else "not_charged", n)),
    st.integers(1, 3).map(lambda n: EndSignal(finding=n)),
    st.sampled_from(Item).map(lambda item: Accept(item=item)),
    st.sampled_from(Decision).map(lambda d: Decide(decision=d, reason="x", person="E")),
    st.sampled_from(
        [
            AskVisit(ticket=1, text="x"),
            Reject(reason=RejectReason.WEAR, text="x"),
            Remind(),
            TellSide(text="x"),
            Note(text="x"),
            Close(),
        ]
    ),
)
STEPS = st.lists(st.tuples(st.sampled_from([0, 1, 30, 200]), COMMANDS), max_size=12)


def story_of(kind: str, steps: list[tuple[int, AnyCommand]]) -> Story:
    """Do all that is possible, one after the other, so many hours later each."""
    story, at = Story(kind), BEGIN
    story.do(found(kind))
    for hours, command in steps:
        at += timedelta(hours=hours)
        with suppress(CaseNotNow):  # whatever else fails is a mistake of ours
            story.do(command, by(at))
    return story


STORIES = st.builds(story_of, st.sampled_from(["not_charged", "lost"]), STEPS)


@given(STORIES, st.lists(st.integers(1, 4), min_size=20, max_size=20))
def test_any_grouping_of_the_same_log_is_the_same_case(story: Story, cuts: list[int]) -> None:
    pieces, rest = replace(story.file, events=()), story.file.events
    while rest:
        cut = cuts[len(rest) % len(cuts)]
        pieces, rest = life.plus(pieces, rest[:cut]), rest[cut:]
    assert life.case_of(pieces) == story.case()
    assert story.changes[-1].case == story.case()


@given(STORIES)
def test_nobody_is_told_before_a_person_looked_or_the_municipality_wanted_it(story: Story) -> None:
    reported = [event for event in story.file.events if event.kind is EventKind.REPORTED]
    assert len(reported) <= 1
    sent = [notice for change in story.changes for notice in change.notices]
    assert bool(sent) == bool(reported)
    if reported and not reported[0].detail["unreviewed"]:
        before = story.file.events[reported[0].number - 2]
        assert before.kind is EventKind.ACCEPTED
    keys = [notice.dedup_key for notice in sent]
    assert len(keys) == len(set(keys))


@given(STORIES)
def test_closed_is_closed_and_a_reminder_waits_only_for_a_decision(story: Story) -> None:
    versions = [change.case.version for change in story.changes]
    assert versions == sorted(versions)
    case = story.case()
    assert (case.closed_at is None) == (case.outcome is None) == (case.stage is not Stage.CLOSED)
    assert (case.remind_at is not None) == (case.stage is Stage.REPORTED)
    over = [e.number for e in story.file.events if e.kind in {EventKind.CLOSED, EventKind.REJECTED}]
    later = {e.kind for e in story.file.events if over and e.number > over[0]}
    assert later <= {EventKind.NOTED, EventKind.CLIENT_SAID}
