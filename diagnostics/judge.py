"""Facts of one device through its detectors: pure, and the same for live and replay."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from diagnostics.detectors.catalogue import EMERGENCIES
from diagnostics.detectors.contract import Aid, Detector, Evidence, Finding, Level, Outcome, Reason
from diagnostics.detectors.registry import detectors_for
from diagnostics.facts import Called, Fact
from gateway.protocol.vocabulary import CallPhase, CallReason

logger = logging.getLogger(__name__)


LastResort = Callable[[Sequence[Fact], str], tuple[Finding, ...]]


class Verdict(Struct, frozen=True):
    """What one detector made of a device's facts.

    No outcome: it failed, and the rule of last resort spoke in its place.
    """

    detector: str
    version: int
    findings: tuple[Finding, ...]
    outcome: Outcome | None


def judge(
    aid: Aid,
    states: Mapping[str, Any],
    facts: Sequence[Fact],
    *,
    now: datetime,
    listening_since: datetime | None,
    detectors: Sequence[Detector] | None = None,
    last_resort: LastResort | None = None,
) -> list[Verdict]:
    """Run every detector of this kind of aid over ``facts``.

    ``states`` are by the detector's name; ``detectors`` are those of the registry if not given;
    ``last_resort`` speaks where none can, of facts of that kind of aid: of calls for help, if not
    given.
    """
    last_resort = last_resort or calls_alone
    if detectors is None:
        detectors = detectors_for(aid.kind)
    verdicts = []
    for detector in detectors:
        try:
            outcome = detector.step(
                states.get(detector.name),
                facts,
                now=now,
                aid=aid,
                listening_since=listening_since,
            )
        except Exception:
            # Whatever a detector trips over in one device must not silence all others, and never
            # a call for help of this one.
            logger.exception("device %d: detector %s failed", aid.device_id, detector.name)
            verdicts.append(Verdict(detector.name, 0, last_resort(facts, aid.kind), None))
        else:
            verdicts.append(Verdict(detector.name, detector.version, outcome.findings, outcome))
    if not detectors:
        verdicts.append(Verdict("calls", 0, last_resort(facts, aid.kind), None))
    return verdicts


def silence(_: Sequence[Fact], __: str) -> tuple[Finding, ...]:
    """Return nothing, as the last resort of detectors that no call for help concerns."""
    return ()


def judge_call(call: Called, detectors: Sequence[Detector], kind: str) -> Verdict | None:
    """Judge a call of an aid of this kind by itself, ahead of the rest of the log.

    None leaves it to ``judge``.
    """
    if not open_calls([call]):
        return None
    for detector in detectors:
        try:
            finding = detector.at_once(call)
        except Exception:
            # As in judge: it must not silence a call.
            logger.exception("call %s: detector %s failed", call.call_id, detector.name)
            return Verdict(detector.name, 0, calls_alone([call], kind), None)
        if finding is not None:
            return Verdict(detector.name, detector.version, (finding,), None)
    return None if detectors else Verdict("calls", 0, calls_alone([call], kind), None)


def calls_alone(facts: Sequence[Fact], kind: str) -> tuple[Finding, ...]:
    """Return the rule of last resort, which needs no detector: who calls for help is in need.

    It is called what an emergency of that kind of aid is called.
    """
    return tuple(
        Finding(
            key=f"call:{fact.call_id}",
            what=EMERGENCIES.get(kind, "stuck"),
            level=Level.CERTAIN,
            since=min(fact.since, fact.received_at),
            reasons=(Reason(f"call_{fact.reason}"),),
            evidence=Evidence((fact.log_no,), fact.measured_at, fact.received_at),
            call_id=fact.call_id,
        )
        for fact in open_calls(facts)
    )


def open_calls(facts: Sequence[Fact]) -> list[Called]:
    """Return the newest word of each call for help in ``facts`` that is not a test or an end."""
    newest: dict[str, Called] = {}
    for fact in facts:
        if (
            isinstance(fact, Called)
            and fact.reason != CallReason.TEST
            and fact.phase is not CallPhase.CLEARED
            and (fact.call_id not in newest or newest[fact.call_id].order < fact.order)
        ):
            newest[fact.call_id] = fact
    return list(newest.values())
