"""Kill -9 of every part in turn, while people get stuck: nothing lost, nothing doubled."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from gateway.protocol.topics import RELIABLE
from simulator.scenarios.loader import library
from tests.e2e.test_chain import manifest
from tests.support.platform import Platform, eventually

LIBRARY = library()
# Emergencies and look-alikes that begin soon; silence is left out: there, a broken platform and a
# broken line look the same for a while, on purpose.
SCENARIOS = [
    "sos_pressed",
    "chosen_pause",
    "fault_while_riding",
    "edge_clears",
    "drive_refused",
    "reversing_frees",
    "rider_gone",
    "rider_gone_while_moving",
    "safety_edge_stays",
    "change_of_mind",
    "sos_at_1970",
    "curved_ride",
    "no_power_at_landing",
    "power_lost_low_battery",
    "seat_turned_mid_rail",
    "refused_at_landing",
]
ROUNDS = 4
PAUSE_S = 6.0
STORED_S = 150.0


def _kill(platform: Platform, victim: str) -> None:
    """Kill a part, and start it again a moment later."""
    if victim == "database":
        platform.cluster.kill()
        time.sleep(1)
        platform.cluster.start()
    elif victim == "broker":
        platform.broker.kill()
        time.sleep(1)
        platform.broker.start()
    else:
        platform.processes[victim].kill()
        time.sleep(1)
        platform.processes[victim].start()


def stored_in(platform: Platform) -> Counter[tuple[str, str, int, str]]:
    stored: Counter[tuple[str, str, int, str]] = Counter()
    for kind in RELIABLE:
        rows = platform.rows(
            f"SELECT device.name, outbox.outbox_id, {kind.value}.seq FROM {kind.value}"
            " JOIN outbox USING (outbox_no) JOIN device ON device.device_id = outbox.device_id"
        )
        stored.update((row["name"], row["outbox_id"], row["seq"], kind.value) for row in rows)
    return stored


def sent_of(record: Path) -> set[tuple[str, str, int, str]]:
    entries = [json.loads(line) for line in record.read_text().splitlines()]
    return {
        (device, outbox, seq, kind)
        for device, outbox, seq, kind in entries
        if kind in set(RELIABLE)
    }


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_part_is_killed_in_turn(tmp_path: Path) -> None:
    record = tmp_path / "sent.jsonl"
    with Platform(tmp_path / "run", manifest(len(SCENARIOS))) as platform:
        lifts = platform.add(
            "lifts",
            *("tests.support.recording_lifts", str(record), "play"),
            *("--manifest", str(platform.manifest)),
            *("--certificates", str(platform.certificates)),
            *("--state", str(tmp_path / "lifts"), "--stay"),
            *SCENARIOS,
            environment={"LIFTWACHT_MQTT_URL": platform.broker.url},
        )
        truth = tmp_path / "lifts" / "truth.jsonl"
        eventually(lambda: truth.exists() and truth.read_text(), what="a scenario has begun")
        for _ in range(ROUNDS):
            for victim in ("ingest", "broker", "database", "diagnostics"):
                time.sleep(PAUSE_S)  # the lifts live in real time
                _kill(platform, victim)

        def ended() -> bool:
            episodes = [json.loads(line) for line in truth.read_text().splitlines()]
            return sum(episode["until"] is not None for episode in episodes) == len(SCENARIOS)

        eventually(ended, timeout_s=400, what="all scenarios have ended")
        eventually(
            lambda: sent_of(record) <= set(stored_in(platform)),
            timeout_s=STORED_S,
            what="all that was sent is stored",
        )
        assert lifts.stop() == 0
        stored = stored_in(platform)
        assert [message for message, times in stored.items() if times > 1] == []
        assert set(stored) == sent_of(record)
        assert len(stored) > len(SCENARIOS)
        assert platform.rows("SELECT * FROM quarantine") == []

        names = {f"sl-{number:06d}": name for number, name in enumerate(SCENARIOS, start=1)}
        expected = sorted(name for name in SCENARIOS if LIBRARY[name].expect.emergency)
        found = platform.rows("SELECT device.name FROM ticket JOIN device USING (device_id)")
        assert sorted(names[row["name"]] for row in found) == expected
