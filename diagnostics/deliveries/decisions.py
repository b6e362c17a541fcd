"""What may be written into a commission's log, as it stands. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from diagnostics.deliveries import lifetime
from diagnostics.deliveries.errors import NotPossible
from diagnostics.deliveries.life import Dossier, commission_of
from diagnostics.deliveries.model import (
    SUPPLIES,
    TAKES_BACK,
    Commission,
    Event,
    EventKind,
    Kind,
    Source,
)
from diagnostics.tickets.calendar import dutch_day

EXCHANGE_MONTHS: Final = 3
CLOCK_AHEAD: Final = timedelta(minutes=5)
# What still makes sense of one that has ended.
_AFTERWARDS: Final = frozenset(
    {EventKind.NOTED, EventKind.FILED, EventKind.LOAN_SIGNED, EventKind.WRITTEN}
)
_NEEDED: Final[Mapping[EventKind, tuple[str, ...]]] = {
    EventKind.WITHDRAWN: ("reason",),
    EventKind.EXPECTED: ("on", "reason"),
    EventKind.AGREED_LATER: ("due_at", "evidence"),
    EventKind.PAUSE_BEGUN: ("reason",),
    EventKind.NOTED: ("text",),
}


def allowed(dossier: Dossier, event: Event) -> Event:  # noqa: C901, PLR0912 - one line for each rule
    """Return ``event`` as it is to be written.

    Raises:
        NotPossible: why not.
    """
    stands = commission_of(dossier, event.at)
    head = dossier.head
    if stands.ended_at is not None and event.kind not in _AFTERWARDS:
        raise NotPossible(f"it has ended ({stands.outcome})")
    if event.moment > event.at + CLOCK_AHEAD:
        raise NotPossible("what has happened cannot lie in the future")
    if event.moment < head.received_at:
        raise NotPossible("that was before the commission was received")
    for name in _NEEDED.get(event.kind, ()):
        if not event.detail.get(name):
            raise NotPossible(f"{event.kind} needs {name}")
    match event.kind:
        case EventKind.DONE:
            _check_done(dossier, stands, event)
        case EventKind.EXPECTED if date.fromisoformat(event.detail["on"]) < dutch_day(event.at):
            raise NotPossible("the day on which it is expected has passed")
        case EventKind.AGREED_LATER:
            if not dossier.terms.of_commission(head.kind, head.aid_kind).may_agree_later:
                raise NotPossible(
                    "for this the contract knows no later moment by agreement: record a delay, with"
                    " evidence"
                )
        case EventKind.PAUSE_BEGUN:
            if stands.paused:
                raise NotPossible("a delay is recorded already: end it first")
            return _with(event, pause=f"p{len(stands.delays) + 1}")
        case EventKind.PAUSE_ENDED:
            if not stands.paused:
                raise NotPossible("no delay is recorded that could end")
            return _with(event, pause=_open_pause(dossier))
        case _:
            pass
    return event


def exchangeable_until(handed_over_at: datetime) -> date:
    """Return the last day on which an aid that does not fit can be exchanged."""
    day = dutch_day(handed_over_at)
    month = day.month - 1 + EXCHANGE_MONTHS
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def check_exchange(kind: Kind, received_at: datetime, handed_over_at: datetime | None) -> None:
    """Refuse an exchange that comes too late, or of what was never handed over.

    Raises:
        NotPossible: why.
    """
    if kind is not Kind.EXCHANGE:
        return
    if handed_over_at is None:
        raise NotPossible("only an aid that was handed over can be exchanged")
    until = exchangeable_until(handed_over_at)
    if dutch_day(received_at) > until:
        raise NotPossible(f"it could be exchanged until {until}")


def _check_done(dossier: Dossier, stands: Commission, event: Event) -> None:
    head, detail = dossier.head, event.detail
    device = detail.get("device") or stands.device_id
    if head.kind in TAKES_BACK and device is None:
        raise NotPossible("it is not said which aid came back")
    if head.kind not in SUPPLIES:
        return
    if device is None:
        raise NotPossible("it is not said which aid was handed over")
    if detail.get("instruction") is not True:
        raise NotPossible("without instruction an aid is not handed over")
    source = detail.get("source") or stands.aid_source
    if source is None:
        raise NotPossible("it is not said whether the aid is new")
    used = detail.get("first_used_on") or stands.aid_first_used_on
    if Source(source) is Source.NEW:
        return
    if used is None:
        raise NotPossible("of an aid that was used before it is to be said since when")
    since = date.fromisoformat(used) if isinstance(used, str) else used
    left = lifetime.months_left(dossier.terms, head.aid_kind, since, dutch_day(event.moment))
    enough = lifetime.enough_left(dossier.terms, head.aid_kind, Source(source), left)
    if not enough and not detail.get("exception"):
        raise NotPossible(
            f"{left} months of its life are left, too few for a re-issue: say why the municipality"
            " agrees (exception)"
        )


def _open_pause(dossier: Dossier) -> str:
    ended = {e.detail.get("pause") for e in dossier.events if e.kind is EventKind.PAUSE_ENDED}
    begun = (e.detail["pause"] for e in dossier.events if e.kind is EventKind.PAUSE_BEGUN)
    return str(next(pause for pause in begun if pause not in ended))


def _with(event: Event, **more: Any) -> Event:
    return Event(
        event.kind,
        event.at,
        event.actor,
        event.detail | more,
        event.happened_at,
        event.request_id,
    )
