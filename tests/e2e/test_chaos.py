"""One piece of ``make chaos``: faults of all kinds that can be had, nothing lost or doubled."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from chaos.account import Account
from chaos.plan import Kind
from tests.support.platform import REPOSITORY

SEED = 3
FAULTS = 40
SECONDS = 60


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_is_lost_doubled_or_missed_whatever_befalls_the_parts(tmp_path: Path) -> None:
    told = tmp_path / "account.json"
    command = [
        *(sys.executable, "-m", "chaos", "--seed", str(SEED), "--json", str(told)),
        *("--faults", str(FAULTS), "--piece", str(FAULTS), "--seconds", str(SECONDS)),
    ]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr[-5000:]
    account = msgspec.json.decode(told.read_bytes(), type=Account)
    shown = done.stdout + done.stderr[-3000:]
    assert account.clean, shown
    # It was about something.
    assert account.faults == FAULTS
    assert account.messages.sent > 20, shown
    assert account.readings.sent > 100, shown
    assert account.tickets.expected > 1, shown
    assert account.tickets.lookalikes > 1, shown
    # What a bare machine cannot do is said, and what any can was done.
    done_kinds = {name.split()[0] for name in account.recovery}
    assert done_kinds | set(account.missing) == set(Kind), shown
    assert {Kind.KILL, Kind.TERM, Kind.PAUSE} <= done_kinds
