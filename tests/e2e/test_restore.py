"""The database is lost, and made again from its backup: riders get their help, and nothing is lost.

The backup lacks what came last, as backups do. The platform had confirmed it, so no modem would
send it again unless asked.
"""

from pathlib import Path

import msgspec
import pytest

from simulator.manifest import records
from simulator.scenarios.loader import library
from tests.support.backup import Backup
from tests.support.database import home_of_databases
from tests.support.ledger import sent_of, stored_in
from tests.support.platform import Cluster, Platform, Process, eventually

# Who gets stuck soon, and who only seems to.
EARLY = ["sos_pressed", "change_of_mind", "fault_at_landing"]
LATE = ["safety_edge_stays", "fault_while_riding", "chosen_pause"]
LIBRARY = library()
_ARRIVED = "SELECT FROM pg_stat_replication WHERE flush_lsn >= pg_current_wal_flush_lsn()"


def play(platform: Platform, record: Path, scenarios: list[str], first: int) -> Process:
    """Let aids live through scenarios, the first on the aid of that number."""
    aids = platform.manifest.read_text().splitlines()[first : first + len(scenarios)]
    some = platform.directory / f"fleet-{first}.jsonl"
    some.write_text("\n".join(aids) + "\n")
    return platform.add(
        f"lifts-{first}",
        *("tests.support.recorded", str(record), "simulator", "play", "--manifest", str(some)),
        *("--certificates", str(platform.certificates)),
        *("--state", str(platform.directory / f"lifts-{first}"), "--stay", *scenarios),
        environment={"LIFTWACHT_MQTT_URL": platform.broker.url},
    )


@pytest.mark.slow
@pytest.mark.timeout(700)
def test_a_database_that_is_lost_comes_back_with_all_that_was_sent(tmp_path: Path) -> None:
    early, late = tmp_path / "early.jsonl", tmp_path / "late.jsonl"
    fleet = [msgspec.to_builtins(aid) for aid in records(size=len(EARLY + LATE), seed=1)]
    names = {f"sl-{number:06d}": name for number, name in enumerate([*EARLY, *LATE], start=1)}
    with (
        home_of_databases() as folder,
        Platform(tmp_path / "run", fleet) as platform,
    ):
        lost = platform.cluster
        backup = Backup(Path(folder), lost)
        with backup.streaming():
            backup.run("back-up")
            play(platform, early, EARLY, 0)
            tickets = "SELECT device.name FROM ticket JOIN device USING (device_id)"
            eventually(lambda: platform.rows(tickets), what="somebody is stuck")
            (base,) = Path(folder).glob("base/*")
            newer = backup.run("back-up")
            assert [path.name for path in Path(folder).glob("base/*")] == [newer] != [base.name]
            eventually(lambda: platform.rows(_ARRIVED), what="what the copy needs has arrived")
        # Nothing reaches the backup any more, and it is confirmed to the modems all the same.
        play(platform, late, LATE, len(EARLY))
        eventually(
            lambda: any(row["name"] > f"sl-{len(EARLY):06d}" for row in platform.rows(tickets)),
            what="somebody else is stuck",
        )
        for name in ("api", "analysis", "diagnostics", "ingest"):
            platform.processes[name].kill()
        confirmed = set(stored_in(platform))
        platform.broker.kill()
        for kept_by_broker in platform.broker.directory.glob("*.db*"):
            kept_by_broker.unlink()
        lost.kill()
        lost.stop()

        with pytest.raises(AssertionError, match="old enough"):
            backup.run("restore", f"{folder}/nowhere", "2001-02-03 04:05:06")
        platform.move(Cluster(backup.restore))
        restored = set(stored_in(platform))
        assert restored < confirmed, "the backup had everything: this shows nothing"
        platform.run("ingest", "recovered")
        platform.start()

        def everything() -> bool:
            return confirmed | set(sent_of(early, late)) <= set(stored_in(platform))

        eventually(everything, timeout_s=240, what="all that was sent is stored")
        expected = sorted(name for name in names.values() if LIBRARY[name].expect.emergency)
        eventually(
            lambda: sorted(names[row["name"]] for row in platform.rows(tickets)) == expected,
            timeout_s=240,
            what=f"one ticket for each emergency: {expected}",
        )
        assert [number for number in stored_in(platform).values() if number > 1] == []
        assert platform.rows("SELECT * FROM quarantine") == []
