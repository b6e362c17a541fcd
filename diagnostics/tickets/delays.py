"""Which delays of a ticket postpone its due moments, and why the others do not. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from diagnostics.tickets.calendar import Span
from diagnostics.tickets.entries import AgreedLater, AnyEntry, DelayReason, PauseBegun, PauseEnded
from diagnostics.tickets.terms import Terms


class Verdict(StrEnum):
    """Whether a delay counts, or what it lacks."""

    COUNTS = "counts"
    NO_EVIDENCE = "no_evidence"
    NOT_SPECIFIED = "not_specified"  # nobody said whose it is: then it is the contractor's
    ATTRIBUTABLE = "attributable"
    REASON_NOT_EXCUSING = "reason_not_excusing"  # not among the reasons of the contract


class Delay(Struct, frozen=True, kw_only=True):
    """A pause as recorded. ``span`` ends now, or when the ticket was over, while it is open."""

    pause: str
    reason: DelayReason
    evidence: tuple[str, ...]
    span: Span
    open: bool
    verdict: Verdict

    @property
    def counts(self) -> bool:
        """Whether it postpones a due moment."""
        return self.verdict is Verdict.COUNTS


def delays_of(log: Sequence[AnyEntry], terms: Terms, *, until: datetime) -> tuple[Delay, ...]:
    """Return the pauses of ``log`` (in order of time) in the order in which they began.

    Of several beginnings or ends of one pause the first counts.

    Args:
        log: only what happened up to now.
        terms: which reasons can excuse.
        until: now, or when the ticket was over: as far as an open pause goes.
    """
    begun: dict[str, PauseBegun] = {}
    ended: dict[str, PauseEnded] = {}
    for entry in log:
        if isinstance(entry, PauseBegun):
            begun.setdefault(entry.pause, entry)
        elif isinstance(entry, PauseEnded):
            ended.setdefault(entry.pause, entry)
    return tuple(_delay(one, ended.get(name), terms, until) for name, one in begun.items())


def agreed(due: datetime, agreements: Iterable[AgreedLater]) -> datetime:
    """Return by when instead of ``due``, after ``agreements`` in order of time.

    Without evidence none counts, nor if it was made when the moment due until then had passed:
    there was nothing left to agree. An earlier moment than the term's is a promise, not a term.
    """
    for agreement in agreements:
        if agreement.evidence.strip() and agreement.at <= due:
            due = max(due, agreement.due_at)
    return due


def _delay(begun: PauseBegun, ended: PauseEnded | None, terms: Terms, until: datetime) -> Delay:
    said = (begun, ended) if ended else (begun,)
    evidence = tuple(each.evidence for each in said if each.evidence.strip())
    words = {each.attributable for each in said}
    if True in words:
        verdict = Verdict.ATTRIBUTABLE  # also against another word: doubt is not specified
    elif False not in words:
        verdict = Verdict.NOT_SPECIFIED
    elif begun.reason not in terms.excusing:
        verdict = Verdict.REASON_NOT_EXCUSING
    else:
        verdict = Verdict.COUNTS if evidence else Verdict.NO_EVIDENCE
    end = min(ended.at, until) if ended else until
    return Delay(
        pause=begun.pause,
        reason=begun.reason,
        evidence=evidence,
        span=Span(begun.at, max(begun.at, end)),
        open=ended is None,
        verdict=verdict,
    )
