"""What a call comes to as a finding: the same at once as in the detector's own time."""

from diagnostics.detectors.contract import Evidence, Finding, Level, Reason
from diagnostics.detectors.emergency.calls import CallMemo


def of_call(memo: CallMemo, level: Level, what: str) -> Finding:
    """Return what is found by a call; ``what`` is the catalogue's word for this kind of aid."""
    return Finding(
        key=f"call:{memo.call_id}",
        what=what,
        level=level,
        since=min(memo.since, memo.heard_at),
        # Without a reason the aid only said that it has a call open.
        reasons=(Reason(f"call_{memo.reason}" if memo.reason else "call_open"),),
        evidence=Evidence(memo.log_nos, memo.since, memo.heard_at),
        ended_at=memo.heard_at if level is Level.PASSED else None,
        call_id=memo.call_id,
    )
