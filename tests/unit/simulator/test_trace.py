import hashlib
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from gateway.protocol.codec import decode
from gateway.protocol.messages import Call, Presence, Status
from gateway.protocol.topics import parse_topic
from gateway.protocol.vocabulary import AidKind, CallPhase, CallReason
from simulator import manifest
from simulator.scenarios.loader import find, library
from simulator.scenarios.model import duration_ms
from simulator.trace import START_WALL_MS, run_household, run_scenario
from simulator.truth import episodes, rfc3339

LONGEST_MS = 20 * 60_000  # those of days are tried in test_days
SCENARIOS = {name: one for name, one in library().items() if one.duration_ms <= LONGEST_MS}
# Here the platform hears of it only by silence: the modem is dead or its line is.
# Where the modem or its line dies with the ride: nobody is left to call.
SILENT = {"silent_modem_dies", "silent_line_lost", "battery_and_modem_die"}


def trace_of(name: str, *, seed: int | None = None) -> list[bytes]:
    lines: list[bytes] = []
    run_scenario(SCENARIOS[name], lines.append, seed=seed)
    return lines


def calls_of(lines: list[bytes]) -> list[tuple[str, Call]]:
    """Return when each call went out, but for test calls."""
    found = []
    for line in lines:
        entry = json.loads(line)
        if entry["topic"].endswith("/call"):
            message = decode(
                parse_topic(entry["topic"]).kind, json.dumps(entry["message"]).encode()
            )
            assert isinstance(message, Call)
            if message.reason != CallReason.TEST:
                found.append((entry["at"], message))
    return found


@pytest.mark.parametrize("name", ["sos_pressed", "sos_while_offline", "modem_reboots_while_stuck"])
def test_one_seed_gives_one_trace(name: str) -> None:
    assert trace_of(name) == trace_of(name)
    assert trace_of(name, seed=1) != trace_of(name, seed=2)


def test_the_trace_is_the_same_in_every_process(tmp_path: Path) -> None:
    digests = set()
    for hash_seed in ("1", "2"):
        trace, truth = tmp_path / f"{hash_seed}.jsonl", tmp_path / f"{hash_seed}.truth"
        command = ["run", "jam_in_bend", "--trace", str(trace), "--truth", str(truth)]
        subprocess.run(
            [sys.executable, "-m", "simulator", *command],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
            timeout=60,
        )
        digests.add(hashlib.sha256(trace.read_bytes() + truth.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_household_gives_one_trace_for_one_seed() -> None:
    aid = next(iter(manifest.records(size=1, seed=1)))
    runs = []
    for seed in (5, 5, 6):
        lines: list[bytes] = []
        run_household(aid, lines.append, days=1, seed=seed)
        runs.append(lines)
    assert runs[0] == runs[1] != runs[2]
    assert sum(b'/usage"' in line for line in runs[0]) >= 4


@pytest.mark.parametrize(
    "name", [n for n, s in SCENARIOS.items() if s.expect.emergency and n not in SILENT]
)
def test_a_lift_in_an_emergency_calls_by_itself_and_in_time(name: str) -> None:
    expect = SCENARIOS[name].expect
    assert expect.since is not None
    assert expect.within is not None
    since_ms = START_WALL_MS + duration_ms(expect.since)
    calls = calls_of(trace_of(name))
    assert calls, "no call"
    at, first = calls[0]
    assert first.phase is CallPhase.RAISED
    assert rfc3339(since_ms) <= at <= rfc3339(since_ms + duration_ms(expect.within))
    assert first.reason in expect.reasons


@pytest.mark.parametrize("name", [n for n, s in SCENARIOS.items() if not s.expect.emergency])
def test_a_lift_without_an_emergency_does_not_call(name: str) -> None:
    assert calls_of(trace_of(name)) == []


def test_nobody_is_heard_while_the_line_is_down_and_the_will_is_told() -> None:
    entries = [json.loads(line) for line in trace_of("sos_while_offline")]
    presences = [e for e in entries if e["topic"].endswith("/presence")]
    assert [p["message"]["online"] for p in presences] == [True, False, True]
    assert presences[1]["message"]["reason"] == "lost"
    down, up = presences[1]["at"], presences[2]["at"]
    assert not [e for e in entries if down < e["at"] < up]
    back = decode(
        parse_topic(presences[2]["topic"]).kind, json.dumps(presences[2]["message"]).encode()
    )
    assert isinstance(back, Presence)
    assert back.call_id is not None


def test_a_ride_is_sampled_at_two_hertz_or_more() -> None:
    longest_ms = 0
    for line in trace_of("curved_ride"):
        entry = json.loads(line)
        message = entry["message"]
        if entry["topic"].endswith("/status") and len(message["samples"]) > 1:
            status = decode(parse_topic(entry["topic"]).kind, json.dumps(message).encode())
            assert isinstance(status, Status)
            riding = [sample for sample in status.samples if sample.speed_mm_s]
            gaps = [b.offset_ms - a.offset_ms for a, b in pairwise(riding)]
            longest_ms = max([longest_ms, *gaps])
    assert 0 < longest_ms <= 500


def test_the_truth_says_what_the_label_says() -> None:
    lines: list[bytes] = []
    (episode,) = run_scenario(find("sos_pressed"), lines.append, device="sl-000042")
    assert (episode.finding, episode.profile) == ("stuck", "t498")
    assert episode.device == "sl-000042"
    assert episode.began == "2026-01-05T08:30:24.000Z"
    assert episode.until == "2026-01-05T08:32:00.000Z"
    assert episode.emergency
    assert episode.reasons == ("sos",)
    assert episode.within_ms == 10_000


@pytest.mark.parametrize("kind", AidKind)
@pytest.mark.parametrize("number", range(3))
def test_ordinary_life_makes_no_aid_call(kind: AidKind, number: int) -> None:
    aid = list(manifest.records(size=3, seed=11, mix={kind: 1.0}))[number]
    lines: list[bytes] = []
    run_household(aid, lines.append, days=2, seed=11)
    assert sum(b'/usage"' in line for line in lines) >= 2
    assert calls_of(lines) == []


def test_what_else_is_to_be_found_is_an_episode_of_its_own() -> None:
    scenario = find("scooter_dead_at_home")
    found = episodes(scenario, device="sc-000001", began_wall_ms=START_WALL_MS)
    assert [one.finding for one in found] == ["", "fault"]
    assert found[0].allowed == ("fault",)
    assert "stranded" in found[0].forbidden
