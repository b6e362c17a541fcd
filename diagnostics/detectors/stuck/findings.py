"""What a call comes to as a finding: the same at once as in the detector's own time."""

from diagnostics.detectors.contract import Evidence, Finding, Level
from diagnostics.detectors.stuck import reasons
from diagnostics.detectors.stuck.calls import CallMemo


def of_call(memo: CallMemo, level: Level) -> Finding:
    """Return what is found by a call."""
    return Finding(
        key=f"call:{memo.call_id}",
        level=level,
        since=min(memo.since, memo.heard_at),
        reasons=reasons.of_call(memo),
        evidence=Evidence(memo.log_nos, memo.since, memo.heard_at),
        ended_at=memo.heard_at if level is Level.PASSED else None,
        call_id=memo.call_id,
    )
