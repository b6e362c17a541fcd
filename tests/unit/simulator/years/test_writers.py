import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from pyarrow import parquet

from gateway.protocol.codec import decode
from gateway.protocol.messages import Usage
from gateway.protocol.topics import parse_topic
from simulator.truth import rfc3339
from simulator.years import Split, draw
from simulator.years.table import table
from simulator.years.writers import Columns, write_register, write_trace, write_truth

DOCS = Path(__file__).parents[4] / "docs" / "simulator" / "years.md"


def test_a_trace_has_a_line_for_every_message() -> None:
    said, output = draw(1, days=30, seed=1).aid(1).said(), BytesIO()
    assert write_trace(said, output) == len(said)
    lines = output.getvalue().splitlines()
    assert len(lines) == len(said)
    for line, one in zip(lines, said, strict=True):
        entry = json.loads(line)
        assert entry["at"] == rfc3339(one.received_ms)
        topic = parse_topic(entry["topic"])
        assert topic.device == one.device
        assert decode(topic.kind, json.dumps(entry["message"]).encode()) == one.message


def test_columns_hold_every_ride_and_every_day(tmp_path: Path) -> None:
    columns, usages = Columns(tmp_path / "out"), []
    for aid in draw(4, days=30, seed=1):
        columns.write(aid.said())
        usages += [one.message for one in aid.said() if isinstance(one.message, Usage)]
    columns.close()
    rows = parquet.read_table(tmp_path / "out" / "usage.parquet").to_pylist()
    assert [row["seq"] for row in rows] == [one.seq for one in usages]
    assert [row["direction"] for row in rows] == [one.direction.value for one in usages]
    assert [tuple(row["profile_ma"]) for row in rows] == [one.profile_ma for one in usages]
    assert [row["mean_current_ma"] for row in rows] == [one.mean_current_ma for one in usages]
    days = parquet.read_table(tmp_path / "out" / "condition.parquet")
    assert days.num_rows > 100
    assert set(days.column("device").to_pylist()) == {
        aid.device for aid in draw(4, days=30, seed=1)
    }


def test_register_and_truth_are_written_one_a_line() -> None:
    aid = draw(1, days=300, seed=1).aid(1)
    register, truth = BytesIO(), BytesIO()
    write_register(aid, register)
    write_truth(aid, truth)
    assert len(register.getvalue().splitlines()) == len(aid.register)
    assert [json.loads(line)["behaviour"] for line in truth.getvalue().splitlines()] == [
        episode.behaviour for episode in aid.truth
    ]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "simulator", "years", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_writes_what_was_asked_for(tmp_path: Path) -> None:
    trace, truth = tmp_path / "trace.jsonl", tmp_path / "truth.jsonl"
    done = run(
        *("--size", "3", "--days", "90", "--kind", "scooter"),
        *("--behaviour", "lost/stolen@40", "--trace", str(trace), "--truth", str(truth)),
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["aid_days"] == 270
    assert told["messages"] == len(trace.read_bytes().splitlines())
    found = [json.loads(line)["finding"] for line in truth.read_text().splitlines()]
    assert found.count("lost") == 3


@pytest.mark.parametrize("name", ["nonsense/none", "nonsense/none=0.5", "lost/stolen@x"])
def test_a_behaviour_that_is_none_is_refused(name: str) -> None:
    done = run("--size", "1", "--behaviour", name)
    assert done.returncode == 2
    assert "liftwacht-simulator: " in done.stderr


def test_the_documentation_lists_the_behaviours_as_they_are() -> None:
    assert table(Split.TRAIN) in DOCS.read_text()
    assert table(Split.TEST) in DOCS.with_name("held_out.md").read_text()
