"""What people judged of signals, as figures."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.misuse import labels
from evaluation import field

AT = datetime(2026, 11, 29, tzinfo=UTC)


def judged(what: str, outcome: str, **more: Any) -> dict[str, Any]:
    """A row of the query."""
    verdict = {"outcome": outcome, "decision": None, "reason": None} | more
    said = {"what": what, "reasons": [{"code": "empty_rides", "days": 6}]}
    return {"at": AT, "detail": said, "device": "sl-000001", "device_kind": "stairlift"} | verdict


def test_what_the_api_exports_is_read_and_counted(tmp_path: Path) -> None:
    found = [
        judged("play", "rejected", reason="explained"),
        judged("play", "rejected", reason="explained"),
        judged("play", "unfounded", decision="unfounded"),
        judged("play", "decided", decision="talk"),
        judged("play", "decided", decision="no_action"),
        judged("lost", "decided", decision="recover"),
    ]
    file = tmp_path / "judged.jsonl"
    rows = list(labels.rows_of(found, b"key"))
    file.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    lines = list(field.table(field.read(file)))
    assert lines[2:] == [
        "| `lost` | 1 | 1 | 1.00 | 0.21 to 1.00 |  |",
        "| `play` | 4 | 1 | 0.25 | 0.05 to 0.70 | rejected_explained 2, decided_unfounded 1 |",
    ]
    assert "sl-000001" not in file.read_text()
    assert rows[0]["device"] == rows[5]["device"] != next(labels.rows_of(found, b"x"))["device"]


def test_a_line_that_is_no_row_is_named(tmp_path: Path) -> None:
    file = tmp_path / "judged.jsonl"
    file.write_text('{"row": "alarm"}\n')
    with pytest.raises(ValueError, match="line 1: Object missing required field"):
        list(field.read(file))
    assert field.main([str(file)]) == 1
    assert field.main([]) == 2
