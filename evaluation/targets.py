"""What was asked of the detectors, and whether they do it."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import Ask
from evaluation import shortfalls
from evaluation.emergencies import Verdict
from evaluation.measured import Heard, Measured, Suspected, Target, delay, quantile
from evaluation.rows import Row

EPISODES: Final = 5_000
FALSE_PER_1000_DAYS: Final = 0.2
AT_ONCE_S: Final = 1.0
SUSPECTED_S: Final = 60.0
PRECISION: Final = 0.97
RECALL: Final = 0.85
IN_TIME: Final = 0.8
AID_YEARS_PER_FALSE: Final = 20.0
# What needs no time to be sure of.
_AT_ONCE: Final = ("call_", "sos_pressed")
# What is only suspected until it has lasted, by its first reason.
_SUSPECTED: Final = {
    "standing": frozenset({"stopped", "long_ride"}),
    "silent": frozenset({"silent", "connection_lost"}),
}


def targets(
    measured: Sequence[Measured], verdicts: Sequence[Verdict], rows: Sequence[Row]
) -> tuple[Target, ...]:
    """Return all of them; those of which nothing was measured are left out.

    ``rows`` are those of the fleets: what a shortfall is made of.
    """
    ours = {each.what: each for each in measured if not each.baseline}
    found = [each for each in verdicts if each.emergency and each.found_ms is not None]
    result: list[Target] = []
    if (emergency := ours.get("emergency")) is not None:
        result += _emergencies(emergency, found)
    signals = {word: one for word, one in ours.items() if _asks(word, Ask.SIGNAL)}
    if signals:
        result += _signals(signals, rows)
    for word in ("battery_worn", "drive_worn"):
        if word in ours and ours[word].lead is not None:
            result += _failures(word, ours[word], rows)
    return tuple(each if not each.reached else replace(each, because=()) for each in result)


def heard(verdicts: Sequence[Verdict]) -> Heard:
    """Return who learned of the emergencies."""
    real = [each for each in verdicts if each.emergency]
    missed = [each for each in real if each.found_ms is None]
    telephoned = sum(each.telephoned_ms is not None for each in missed)
    return Heard(
        platform=len(real) - len(missed), telephone=telephoned, nobody=len(missed) - telephoned
    )


def suspected(verdicts: Sequence[Verdict]) -> tuple[Suspected, ...]:
    """Return how long it took where an emergency was only suspected at first."""
    result = []
    for how, reasons in _SUSPECTED.items():
        seconds = _seconds(verdicts, reasons)
        result.append(Suspected(how=how, episodes=len(seconds), delay=delay(seconds)))
    return tuple(result)


def _seconds(verdicts: Sequence[Verdict], reasons: frozenset[str]) -> list[float]:
    """Return after how many seconds emergencies were certain for one of these reasons first."""
    return [
        (each.found_ms - each.since_ms) / 1000
        for each in verdicts
        if each.emergency
        and each.found_ms is not None
        and each.reasons
        and each.reasons[0] in reasons
    ]


def _asks(word: str, ask: Ask) -> bool:
    return word in CATALOGUE and CATALOGUE[word].asks is ask


def _emergencies(emergency: Measured, found: Sequence[Verdict]) -> list[Target]:
    count = emergency.count
    at_once = [
        (each.found_ms - each.heard_ms) / 1000
        for each in found
        if each.found_ms is not None
        and each.heard_ms is not None
        and each.reasons
        and each.reasons[0].startswith(_AT_ONCE)
    ]
    late = _seconds(found, frozenset().union(*_SUSPECTED.values()))
    rate = count.false_per_1000_aid_days
    return [
        Target(
            name="emergencies found",
            asked=f"all of at least {EPISODES}",
            value=count.recall,
            reached=count.recall == 1 and count.episodes >= EPISODES,
            because=emergency.missed,
        ),
        Target(
            name="false priority-1 tickets per 1,000 aid-days",
            asked=f"at most {FALSE_PER_1000_DAYS}",
            value=rate,
            reached=rate is not None and rate <= FALSE_PER_1000_DAYS,
            because=emergency.wrong,
        ),
        Target(
            name="certain at once: seconds after the evidence, longest",
            asked=f"at most {AT_ONCE_S}",
            value=max(at_once, default=None),
            reached=bool(at_once) and max(at_once) <= AT_ONCE_S,
        ),
        Target(
            name="suspected first: seconds until certain, median",
            asked=f"at most {SUSPECTED_S}",
            value=quantile(sorted(late), 0.5) if late else None,
            reached=bool(late) and quantile(sorted(late), 0.5) <= SUSPECTED_S,
        ),
    ]


def _signals(signals: Mapping[str, Measured], rows: Sequence[Row]) -> list[Target]:
    counts = [each.count for each in signals.values()]
    alarms = sum(each.alarms for each in counts)
    false = sum(each.false for each in counts)
    episodes = sum(each.episodes for each in counts)
    found = sum(each.found for each in counts)
    accused = sum(each.accused for each in counts)
    precision = (alarms - false) / alarms if alarms else None
    recall = found / episodes if episodes else None
    return [
        Target(
            name="improper use: precision",
            asked=f"at least {PRECISION}",
            value=precision,
            reached=precision is not None and precision >= PRECISION,
            because=shortfalls.false(rows, signals),
        ),
        Target(
            name="improper use: recall",
            asked=f"at least {RECALL}",
            value=recall,
            reached=recall is not None and recall >= RECALL,
            because=shortfalls.missed(rows, signals),
        ),
        Target(
            name="improper use: accusations of look-alikes",
            asked="none",
            value=float(accused),
            reached=accused == 0 and alarms > 0,
            because=shortfalls.accusing(rows, signals),
        ),
    ]


def _failures(word: str, measured: Measured, rows: Sequence[Row]) -> list[Target]:
    lead, years = measured.lead, measured.count.aid_days / 365.25
    assert lead is not None  # noqa: S101 - only those with failures are asked about
    apart = lead.aid_years_per_false
    return [
        Target(
            name=f"{word}: announced {lead.days:g} days before it fails",
            asked=f"at least {IN_TIME:.0%}",
            value=lead.share,
            reached=lead.share is not None and lead.share >= IN_TIME,
            because=shortfalls.late(rows, word, lead.days),
        ),
        Target(
            name=f"{word}: aid-years per false announcement",
            asked=f"at least {AID_YEARS_PER_FALSE:g}",
            value=years if apart is None else apart,
            reached=apart is None or apart >= AID_YEARS_PER_FALSE,
            because=shortfalls.false(rows, {word}),
        ),
    ]
