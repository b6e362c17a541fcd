"""What people judged of detectors' signals, as rows that the evaluation reads. Pure.

The format is that of ``evaluation/rows.py``: an alarm, right or not. A row names no aid and no
client: only that rows of one aid belong together.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from diagnostics.misuse.model import FALSE, Decision

_FALSE: Final = frozenset(outcome.value for outcome in FALSE)


def rows_of(judged: Sequence[Mapping[str, Any]], key: bytes) -> Iterator[dict[str, Any]]:
    """Yield a row for each judged signal.

    Args:
        judged: as the query of that name returns them.
        key: of the pseudonyms; another one makes others, so that no two exports can be joined.
    """
    for each in judged:
        said = each["detail"]
        yield {
            "row": "alarm",
            "device": hmac.digest(key, each["device"].encode(), hashlib.sha256).hex()[:16],
            "kind": each["device_kind"],
            "profile": "",  # which controller it has is not told: it might name the aid
            "line": "",
            "what": said["what"],
            "at": said.get("found_at") or each["at"].isoformat(),
            "right": _right(each),
            "behaviour": _behaviour(each),
            "reasons": [reason["code"] for reason in said.get("reasons", ())],
        }


def _right(each: Mapping[str, Any]) -> bool | None:
    """Return whether people found it to be so; None: they let it rest, which says nothing."""
    if each["outcome"] in _FALSE:
        return False
    return None if each["decision"] == Decision.NO_ACTION else True


def _behaviour(each: Mapping[str, Any]) -> str:
    """Return what explains it, in a word."""
    if each["outcome"] == "rejected":
        return f"rejected_{each['reason']}"
    return f"decided_{each['decision']}"
