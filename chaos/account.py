"""What was sent and is stored, what was expected and is open, and how long it took to come back."""

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from chaos.estate import Estate
from chaos.faults import Suffered
from ingest.provisioning.manifest import TEST_LIFT
from tests.support.ledger import Sent, heads_of, readings_in, sent_of, stored_in


class Messages(Struct, kw_only=True):
    """Of all kinds but readings.

    Attributes:
        unkept: of those lost, what a modem had in memory alone, its disk being full.
        unknown: stored, and sent by nobody.
        quarantined: put aside as unreadable or from strangers.
    """

    sent: int
    stored: int
    doubled: int
    lost: int
    unkept: int
    unknown: int
    quarantined: int


class Readings(Struct, kw_only=True):
    """Telemetry, which the broker's word is enough for: a broker that crashes may lose some."""

    sent: int
    stored: int
    doubled: int


class Tickets(Struct, kw_only=True):
    """Of priority 1. ``false``: on lifts that only looked like it, or where nothing happened."""

    expected: int
    opened: int
    doubled: int
    missed: int
    false: int
    lookalikes: int


class Recovery(Struct, kw_only=True):
    """Seconds from the end of a fault until a call for help was answered.

    ``alone``: faults during whose recovery no other was going on; the figures are theirs if there
    are any, else of all.
    """

    faults: int
    alone: int
    median_s: float | None
    worst_s: float | None
    unanswered: int


class Account(Struct, kw_only=True):
    """All of it."""

    seed: int
    seconds: float
    faults: int
    missing: dict[str, str]
    messages: Messages
    readings: Readings
    tickets: Tickets
    canary: dict[str, int]
    recovery: dict[str, Recovery]
    notes: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled, missed or false, and all came back."""
        messages, tickets = self.messages, self.tickets
        return not (
            messages.lost
            or messages.doubled
            or messages.unknown
            or messages.quarantined
            or self.readings.doubled
            or tickets.doubled
            or tickets.missed
            or tickets.false
            or self.notes
            or any(each.unanswered for each in self.recovery.values())
        )


def episodes(estate: Estate) -> dict[str, Mapping[str, Any]]:
    """Return what really was the matter, by device: the emergency, or that there was none."""
    found: dict[str, Mapping[str, Any]] = {}
    for truth in estate.truths:
        for line in truth.read_text().splitlines() if truth.exists() else ():
            episode = json.loads(line)
            known = found.get(episode["device"])
            if known is None or episode["emergency"] or not known["emergency"]:
                found[episode["device"]] = episode
    return found


def sent_so_far(estate: Estate) -> dict[Sent, bool]:
    """Return what modems have written down until now, and whether it was on a disk."""
    return sent_of(*estate.records, heads=heads_of(estate.outboxes))


def outstanding(estate: Estate, due: Collection[Sent]) -> list[str]:
    """Return what must still come: messages of ``due`` that are not stored, and tickets."""
    missing = set(due) - set(stored_in(estate))
    with_ticket = set(_tickets(estate))
    waiting = [
        f"{device}: {episode['what']}"
        for device, episode in episodes(estate).items()
        if episode["emergency"] and device not in with_ticket
    ]
    return waiting + [str(tuple(each)) for each in sorted(missing)]


def messages(estate: Estate, due: Mapping[Sent, bool], details: list[str]) -> Messages:
    """Compare what modems wrote down with what is stored.

    Lives go on meanwhile, so some of it is still under way: ``due`` is what must have come. And
    what is stored must have been sent by the end of looking.
    """
    stored = Counter(
        {each: times for each, times in stored_in(estate).items() if each.device != TEST_LIFT}
    )
    lost = sorted(set(due) - set(stored))
    doubled = sorted(each for each, times in stored.items() if times > 1)
    sent = sent_so_far(estate)
    unknown = sorted(set(stored) - set(sent))
    (aside,) = estate.rows("SELECT count(*) AS n FROM quarantine")
    for what, found in (("lost", lost), ("doubled", doubled), ("unknown", unknown)):
        details += [f"{what}: {tuple(each)}" for each in found[:20]]
    return Messages(
        sent=len(sent),
        stored=len(stored),
        doubled=len(doubled),
        lost=len([each for each in lost if due[each]]),
        unkept=len([each for each in lost if not due[each]]),
        unknown=len(unknown),
        quarantined=aside["n"],
    )


def readings(estate: Estate) -> Readings:
    """The same for telemetry."""
    return Readings(**readings_in(estate, *estate.records)._asdict())


def tickets(estate: Estate, details: list[str]) -> Tickets:
    """Compare what happened with the emergencies that were opened."""
    truth = episodes(estate)
    reasons = _tickets(estate)
    opened = Counter({device: len(each) for device, each in reasons.items()})
    expected = {device for device, episode in truth.items() if episode["emergency"]}
    missed = sorted(expected - set(opened))
    doubled = sorted(device for device, times in opened.items() if times > 1)
    false = sorted(set(opened) - expected)
    for what, found in (("missed", missed), ("doubled ticket", doubled), ("false", false)):
        for device in found:
            happened = truth[device]["what"] if device in truth else "household"
            details.append(" ".join([f"{what}: {device} {happened}", *reasons.get(device, ())]))
    return Tickets(
        expected=len(expected),
        opened=sum(opened.values()),
        doubled=len(doubled),
        missed=len(missed),
        false=len(false),
        lookalikes=len(truth) - len(expected),
    )


def recovery(
    suffered: Sequence[Suffered], answered_since: Callable[[float], float | None]
) -> dict[str, Recovery]:
    """Return how long it took to come back, by kind and subject of the fault."""
    took: dict[str, list[tuple[float | None, bool]]] = defaultdict(list)
    for one in suffered:
        answered_s = answered_since(one.away_s)
        lasted_s = None if answered_s is None else answered_s - one.away_s
        alone = answered_s is not None and not any(
            other is not one and other.began_s < answered_s and other.away_s > one.began_s - 1
            for other in suffered
        )
        took[f"{one.fault.kind} {one.fault.subject}"].append((lasted_s, alone))
    return {name: _recovery(each) for name, each in sorted(took.items())}


def _recovery(took: Iterable[tuple[float | None, bool]]) -> Recovery:
    listed = list(took)
    alone = [lasted_s for lasted_s, by_itself in listed if by_itself and lasted_s is not None]
    all_of = [lasted_s for lasted_s, _ in listed if lasted_s is not None]
    shown = alone or all_of
    return Recovery(
        faults=len(listed),
        alone=len(alone),
        median_s=round(statistics.median(shown), 2) if shown else None,
        worst_s=round(max(all_of), 2) if all_of else None,
        unanswered=sum(lasted_s is None for lasted_s, _ in listed),
    )


def _tickets(estate: Estate) -> dict[str, list[str]]:
    """Return by device when each emergency was opened, and why."""
    rows = estate.rows(
        "SELECT device.name, to_char(opened_at AT TIME ZONE 'UTC', 'HH24:MI:SS')"
        " || coalesce((SELECT jsonb_path_query_array(reasons, '$[*].code')::text FROM finding"
        " WHERE finding.ticket_id = ticket.ticket_id ORDER BY finding_id LIMIT 1), '') AS why"
        " FROM ticket JOIN device USING (device_id) WHERE priority = 1 AND device.name <> %s",
        [TEST_LIFT],
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row["name"]].append(row["why"])
    return found


def table(account: Account) -> str:
    """Return it for people."""
    lines = [
        f"{account.faults} faults in {account.seconds:.0f} s, seed {account.seed}",
        *(f"  {kind}: NOT RUN, {why}" for kind, why in account.missing.items()),
        _row("messages", account.messages),
        _row("readings", account.readings),
        _row("tickets", account.tickets),
        "calls     " + ", ".join(f"{value} {name}" for name, value in account.canary.items()),
        f"  {'recovered in seconds':30} {'faults':>6} {'alone':>6} {'median':>7} {'worst':>7}",
        *(
            f"  {name:30} {each.faults:6} {each.alone:6} {each.median_s!s:>7} {each.worst_s!s:>7}"
            for name, each in account.recovery.items()
        ),
        *(f"note: {note}" for note in account.notes),
        *(f"  {detail}" for detail in account.details),
    ]
    return "\n".join(lines)


def _row(name: str, figures: Struct) -> str:
    values = (f"{getattr(figures, each)} {each}" for each in figures.__struct_fields__)
    return f"{name:9} " + ", ".join(values)
