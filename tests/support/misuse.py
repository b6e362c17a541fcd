"""Cases of improper use without a database: a file, and commands one after the other."""

from datetime import UTC, datetime

from diagnostics.misuse import decisions, life
from diagnostics.misuse.commands import AddSignal, AnyCommand
from diagnostics.misuse.model import Case, Change, File, Head, Source
from diagnostics.misuse.terms import MisuseTerms
from diagnostics.tickets.commands import By

# A Monday.
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TERMS = MisuseTerms(
    municipality_code="GM0405",
    access_team="toegang@hoorn.example",
    contract_manager="contract@hoorn.example",
    unreviewed=("lost",),
)


def by(now: datetime = BEGIN, actor: str = "desk") -> By:
    """Somebody who asks."""
    return By(actor=actor, now=now)


def found(what: str = "not_charged", finding: int = 1, since: datetime = BEGIN) -> AddSignal:
    """A detector's signal."""
    detail = {"detector": "charging", "detector_version": 3, "finding": finding, "confidence": 0.9}
    return AddSignal(source=Source.DETECTOR, what=what, since=since, detail=detail)


class Story:
    """A case, and everything that went out."""

    def __init__(
        self, kind: str = "not_charged", terms: tuple[MisuseTerms, ...] = (TERMS,)
    ) -> None:
        head = Head(
            case_id=12,
            device_id=1,
            device_name="sl-000001",
            client_number="C-0001",
            municipality_code="GM0405",
            kind=kind,
            opened_at=BEGIN,
        )
        self.file = File(head=head, terms=terms)
        self.changes: list[Change] = []

    def case(self) -> Case:
        """How it stands."""
        return life.case_of(self.file)

    def do(self, command: AnyCommand, who: By | None = None) -> Change:
        """Carry out a command, as the service does."""
        who = who or by()
        events = decisions.decide(self.case(), command, who, life.terms_at(self.file, who.now))
        change = decisions.change(self.file, events)
        self.file = life.plus(self.file, change.events)
        self.changes.append(change)
        return change
