"""Recordings read and moved to now."""

import json
from pathlib import Path

import pytest

from gateway.protocol.messages import Call, Numbered, Presence, Sample, Status
from gateway.protocol.topics import Kind
from gateway.protocol.vocabulary import Demand, Landing, Seat
from simulator.replay.command import speed
from simulator.replay.rebase import Plan, rebased
from simulator.replay.recordings import Column, RecordingError, parse_column, read
from simulator.said import Said
from simulator.scenarios.loader import find
from simulator.trace import run_scenario
from simulator.years.fleet import Fleet
from simulator.years.writers import Columns, write_trace

NOW_MS = 1_800_000_000_000


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trace") / "sos.jsonl"
    with path.open("wb") as output:
        run_scenario(find("sos_pressed"), output.write)
    return path


def plan_of(recording: list[Said], **others: object) -> Plan:
    plan = Plan(recording[0].received_ms, recording[-1].received_ms, NOW_MS, speed=10.0, run="r")
    return plan._replace(**others)  # type: ignore[arg-type]


def test_a_trace_is_read_as_it_was_written(trace: Path, tmp_path: Path) -> None:
    recording = read(trace)
    assert len(recording) == len(trace.read_bytes().splitlines())
    assert {one.kind for one in recording} >= {Kind.PRESENCE, Kind.STATUS, Kind.CALL}
    again = tmp_path / "again.jsonl"
    with again.open("wb") as output:
        write_trace(recording, output)
    assert read(again) == recording


def test_years_are_read_alike_from_trace_and_columns(tmp_path: Path) -> None:
    said = [one for aid in Fleet(size=2, days=40, seed=3) for one in aid.said()]
    columns = Columns(tmp_path)
    columns.write(said)
    columns.close()
    with (tmp_path / "years.jsonl").open("wb") as output:
        write_trace(said, output)
    whole = read(tmp_path / "years.jsonl")
    assert [one.received_ms for one in whole] == sorted(one.received_ms for one in said)
    for kind in (Kind.USAGE, Kind.CONDITION):
        found = read(tmp_path / f"{kind.value}.parquet")
        assert found == [one for one in whole if one.kind is kind]
        assert found


def test_at_a_speed_every_message_is_moved_to_when_it_is_played(trace: Path) -> None:
    recording = read(trace)
    plan = plan_of(recording)
    for said in recording:
        moved = rebased(said, plan)
        since_ms = said.received_ms - recording[0].received_ms
        assert moved.received_ms == plan.due_ms(said.received_ms) == NOW_MS + round(since_ms / 10)
        # What lay between the saying and the hearing still does.
        assert moved.received_ms - moved.message.time_ms == said.received_ms - said.message.time_ms
        if isinstance(said.message, Call) and isinstance(moved.message, Call):
            lasted_ms = said.message.time_ms - said.message.since_ms
            assert moved.message.time_ms - moved.message.since_ms == lasted_ms
        if isinstance(said.message, Status) and isinstance(moved.message, Status):
            assert moved.message.samples == said.message.samples


def test_as_fast_as_possible_the_last_is_now_and_the_rest_as_long_before(trace: Path) -> None:
    recording = read(trace)
    plan = plan_of(recording, speed=None)
    moved = [rebased(said, plan) for said in recording]
    assert moved[-1].received_ms == NOW_MS
    by_ms = NOW_MS - recording[-1].received_ms
    assert {m.received_ms - s.received_ms for m, s in zip(moved, recording, strict=True)} == {by_ms}
    assert {plan.due_ms(said.received_ms) for said in recording} == {NOW_MS}


def test_identities_are_of_the_run_or_as_recorded(trace: Path) -> None:
    recording = read(trace)
    plan = plan_of(recording)
    first = [rebased(said, plan) for said in recording]
    other = [rebased(said, plan._replace(run="s")) for said in recording]
    kept = [rebased(said, plan._replace(run="", keep_times=True)) for said in recording]
    assert kept == recording

    def ids(said: list[Said]) -> set[tuple[str | None, int]]:
        found = [one.message for one in said]
        return {(m.outbox, m.seq) for m in found if isinstance(m, Numbered)}

    assert len(ids(first)) == len(ids(other)) == len(ids(recording))
    assert not ids(first) & ids(other)
    calls = {m.call_id for _, _, _, m in first if isinstance(m, Call | Presence) and m.call_id}
    assert len(calls) == 1
    numbered = {m.outbox for _, _, _, m in first if isinstance(m, Numbered)}
    assert numbered == {m.outbox for _, _, _, m in first if isinstance(m, Presence) and m.outbox}


CSV = """Time,U,weg,wie,joy,plaats,fault
2026-01-05T08:30:00Z,25.1,0,occupied,up,bottom,
2026-01-05T08:30:01.500+00:00,24.6,120.4,2,1,between,footrest_up_edge
1767602000,,,,,,
"""
COLUMNS = {
    "at": Column("Time"),
    "battery_mv": Column("U", 1000),
    "position_mm": Column("weg"),
    "seat": Column("wie"),
    "demand": Column("joy"),
    "landing": Column("plaats"),
}


def test_any_csv_of_columns_is_readings(tmp_path: Path) -> None:
    path = tmp_path / "ride.csv"
    path.write_text(CSV)
    one, two, three = read(path, columns=COLUMNS, device="sl-000001")
    assert two.received_ms - one.received_ms == 1_500
    assert three.received_ms == 1_767_602_000_000
    assert isinstance(two.message, Status)
    assert (two.message.seq, two.message.time_ms) == (2, two.received_ms)
    assert two.message.samples == (
        Sample(
            *(0, 120, None, None, 24_600),
            seat=Seat.OCCUPIED,
            demand=Demand.UP,
            mode=two.message.samples[0].mode,
            landing=Landing.BETWEEN,
            fault="footrest_up_edge",
        ),
    )
    assert isinstance(three.message, Status)
    assert three.message.samples[0].battery_mv is None


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("t.jsonl", "{}\n", "t.jsonl:1"),
        ("t.jsonl", '\n{"at":"2026-01-05T08:30:00Z","topic":"x","message":{}}', "t.jsonl:2"),
        ("t.csv", "at,device\nyesterday,sl-000001\n", "t.csv:2.*yesterday"),
        ("t.csv", "at,device\n1767602000,NOBODY!\n", "t.csv:2.*NOBODY"),
        ("t.csv", "at,device,seat\n1767602000,sl-000001,sofa\n", "seat is one of.*sofa"),
        ("t.csv", "at,device,battery_mv\n1767602000,sl-000001,-5\n", "t.csv:2.*>= 0"),
        ("t.csv", "at,device,battery_mv\n1767602000,sl-000001,nan\n", "t.csv:2.*nan"),
        ("t.csv", "device\nsl-000001\n", "column for at"),
        ("usage.parquet", "not a parquet", "usage.parquet"),
        ("rides.parquet", "", "usage or condition"),
        ("t.xml", "", "xml"),
    ],
)
def test_what_is_wrong_is_told_and_where(
    tmp_path: Path, name: str, content: str, complaint: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(RecordingError, match=complaint):
        read(tmp_path / name)


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("at,device\n")
    with pytest.raises(RecordingError, match="no column is called U"):
        read(tmp_path / "t.csv", columns={"battery_mv": Column("U")})


def test_columns_and_speeds_of_the_command() -> None:
    assert parse_column("battery_mv=U in V*1000") == ("battery_mv", Column("U in V", 1000))
    assert parse_column("at=Time") == ("at", Column("Time"))
    for wrong in ("U", "volts=U", "at=", "battery_mv=U*x"):
        with pytest.raises(RecordingError):
            parse_column(wrong)
    assert (speed("max"), speed("2.5")) == (None, 2.5)
    for wrong in ("0.5", "101", "fast", "nan"):
        with pytest.raises(Exception, match="1 to 100"):
            speed(wrong)


def test_a_line_of_a_trace_may_have_come_down(tmp_path: Path, trace: Path) -> None:
    lines = trace.read_text().splitlines()
    ack = {"outbox": "0" * 32, "seqs": [1], "time_ms": NOW_MS}
    topic = json.loads(lines[0])["topic"].rpartition("/")[0] + "/ack"
    line = json.dumps({"at": "2026-01-05T08:30:00Z", "topic": topic, "message": ack})
    (tmp_path / "both.jsonl").write_text("\n".join([line, *lines]))
    assert read(tmp_path / "both.jsonl") == read(trace)
