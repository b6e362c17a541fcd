"""A case from its signal to its end, worked by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import Ask
from diagnostics.misuse.commands import (
    Accept,
    AddSignal,
    AskVisit,
    Close,
    Decide,
    EndSignal,
    Note,
    Quote,
    Reject,
    Remind,
    TellSide,
)
from diagnostics.misuse.errors import CaseNotNow
from diagnostics.misuse.items import FOUND, WORDING, Item
from diagnostics.misuse.model import Decision, EventKind, Outcome, RejectReason, Source, Stage
from diagnostics.misuse.quote import Line, LineKind
from tests.support.misuse import BEGIN, TERMS, Story, by, found

LATER = BEGIN + timedelta(days=1)
ACCEPT = Accept(item=Item.BASIC_CARE, text="gebeld: staat buiten")
TALK = Decide(decision=Decision.TALK, reason="eerste keer", person="Els Mulder")


def quote() -> Quote:
    line = Line(
        kind=LineKind.PART,
        text="Accu",
        amount=Decimal(2),
        price=Decimal("60.00"),
        vat=Decimal(21),
    )
    return Quote(lines=(line,), explanation="diep ontladen", advice="", file=7, sha256="ab")


def stands(story: Story) -> tuple[Stage, Item]:
    return story.case().stage, story.case().item


def kinds(story: Story) -> list[EventKind]:
    return [event.kind for event in story.file.events]


def test_whatever_detectors_signal_is_on_the_list() -> None:
    signalled = {what for what, entry in CATALOGUE.items() if entry.asks is Ask.SIGNAL}
    assert set(FOUND) == signalled
    assert set(WORDING) == set(Item)


def test_from_the_signal_to_the_end() -> None:
    story = Story()
    assert story.do(found()).notices == (), "nobody hears of a signal before it was looked at"
    assert stands(story) == (Stage.SIGNALLED, Item.BASIC_CARE)
    reported = story.do(ACCEPT)
    assert kinds(story) == [EventKind.SIGNALLED, EventKind.ACCEPTED, EventKind.REPORTED]
    assert stands(story) == (Stage.REPORTED, Item.BASIC_CARE)
    # Ten full working days after Monday 23 November: Monday 7 December, until midnight in Hoorn.
    assert story.case().decide_by == datetime(2026, 12, 7, 23, tzinfo=UTC)
    # Five full ones, then the next morning at eight: Tuesday 1 December.
    assert story.case().remind_at == datetime(2026, 12, 1, 7, tzinfo=UTC)
    told = {notice.recipient: notice for notice in reported.notices}
    assert set(told) == {
        *("mailbox:toegang@hoorn.example", "mailbox:contract@hoorn.example", "default"),
    }
    assert told["default"].payload["type"] == "nl.liftwacht.misuse.reported"
    story.do(TALK, by(LATER, "hoorn"))
    assert story.case().decision is Decision.TALK
    assert stands(story)[0] is Stage.DECIDED
    assert story.case().remind_at is None
    story.do(Close(text="gesprek gevoerd"), by(LATER, "hoorn"))
    assert story.case().outcome is Outcome.DECIDED
    assert stands(story)[0] is Stage.CLOSED


def test_messages_carry_no_more_than_it_takes_to_find_the_case() -> None:
    story = Story()
    story.do(AddSignal(source=Source.DESK, what="damaged", since=BEGIN, detail={"text": "brand"}))
    story.do(Accept(item=Item.NEGLECT, text="mevrouw Bakker rookt"))
    story.do(TellSide(text="het was de buurman"))
    story.do(quote())
    story.do(TALK)
    sent = [notice for change in story.changes for notice in change.notices]
    assert len(sent) == 2 * 3 - 2 + 4  # two mails on report and quote, four events
    assert not any(
        word in str(notice.payload).lower()
        for notice in sent
        for word in ("brand", "bakker", "buurman", "accu", "eerste keer", "mulder")
    )


def test_the_municipality_may_want_a_kind_unreviewed() -> None:
    story = Story("lost")
    change = story.do(found("lost"))
    assert (story.case().stage, story.case().unreviewed) == (Stage.REPORTED, True)
    assert len(change.notices) == 3
    seen = Story("lost")
    seen.do(AddSignal(source=Source.MECHANIC, what="lost", since=BEGIN))
    assert seen.case().stage is Stage.SIGNALLED, "what a person writes down the desk passes on"


def test_what_is_wrong_too_often_is_reviewed_whatever_older_terms_say() -> None:
    older = structs.replace(TERMS, unreviewed=("lost", "other_person"))
    story = Story("other_person", terms=(older,))
    story.do(found("other_person"))
    assert story.case().stage is Stage.SIGNALLED


def test_signals_join_and_each_finding_once() -> None:
    story = Story()
    earlier = BEGIN - timedelta(days=30)
    story.do(found(finding=1))
    assert story.do(found(finding=1)).events == ()
    story.do(found(finding=2, since=earlier))
    story.do(AddSignal(source=Source.MECHANIC, what="not_charged", since=BEGIN))
    assert [each.finding for each in story.case().signals] == [1, 2, None]
    assert story.case().since == earlier
    story.do(EndSignal(finding=2))
    assert [each.over for each in story.case().signals] == [False, True, False]
    assert story.do(EndSignal(finding=2)).events == ()


def test_a_rejected_signal_is_told_to_nobody_and_counts_as_false() -> None:
    story = Story()
    story.do(found())
    story.do(AskVisit(ticket=5, text="kijk of er een stopcontact is"))
    assert (story.case().stage, story.case().visit) == (Stage.VISIT, 5)
    story.do(Reject(reason=RejectReason.EXPLAINED, text="lag in het ziekenhuis"))
    assert story.case().outcome is Outcome.REJECTED
    assert [notice for change in story.changes for notice in change.notices] == []
    for command in (ACCEPT, TALK, found(finding=2), Close()):
        with pytest.raises(CaseNotNow):
            story.do(command)
    # The client may have something to say afterwards too.
    story.do(TellSide(text="dank u"))
    assert story.case().client_heard


def test_unfounded_closes_and_counts_as_false() -> None:
    story = Story()
    story.do(found())
    story.do(ACCEPT)
    unfounded = Decide(decision=Decision.UNFOUNDED, reason="mocht van ons", person="Els")
    story.do(unfounded)
    assert kinds(story)[-2:] == [EventKind.DECIDED, EventKind.CLOSED]
    assert story.case().outcome is Outcome.UNFOUNDED


def test_reminders_until_it_decides() -> None:
    story = Story()
    story.do(found())
    story.do(ACCEPT)
    first = story.case().remind_at
    assert first is not None
    assert story.do(Remind(), by(first - timedelta(seconds=1))).events == ()
    story.do(Remind(), by(first))
    assert story.do(Remind(), by(first)).events == (), "once"
    second = story.case().remind_at
    # Five full working days after Tuesday 1 December, and a morning: Wednesday the 9th, overdue.
    assert second == datetime(2026, 12, 9, 7, tzinfo=UTC)
    assert not story.case().overdue(first)
    change = story.do(Remind(), by(second))
    assert [notice.payload.get("overdue") for notice in change.notices[1:]] == [True, True]
    assert story.case().overdue(second)
    story.do(TALK, by(second))
    assert story.do(Remind(), by(second + timedelta(days=30))).events == ()
    assert not story.case().overdue(second)


def test_who_decides_must_have_seen_what_the_client_says() -> None:
    story = Story()
    story.do(found())
    before = story.case().version
    story.do(Note(text="x"))
    assert story.case().version == before
    story.do(TellSide(text="ik was op vakantie"))
    assert story.case().version == before + 1
    story.do(ACCEPT)
    story.do(TALK)
    assert story.file.events[-1].detail["client_heard"]


def test_recovery_names_the_quote_it_rests_on() -> None:
    story = Story()
    story.do(found())
    with pytest.raises(CaseNotNow):
        story.do(quote())
    story.do(ACCEPT)
    story.do(quote())
    story.do(Decide(decision=Decision.RECOVER, reason="opzettelijk", person="Els"))
    decided = story.file.events[-1].detail
    assert story.file.events[decided["quote"] - 1].detail["gross"] == "145.20"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (AddSignal(source=Source.DESK, what="ugly", since=BEGIN), "no such kind"),
        (AddSignal(source=Source.DESK, what="play", since=LATER), "not in the future"),
        (Reject(reason=RejectReason.OTHER, text=" "), "say why"),
        (TellSide(text=""), "what the client says"),
        (Note(text=""), "a text"),
    ],
)
def test_what_makes_no_sense_is_said(command: AddSignal, says: str) -> None:
    story = Story()
    story.do(found())
    with pytest.raises(ValueError, match=says):
        story.do(command)
