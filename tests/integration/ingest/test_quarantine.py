"""What was put aside for a bug of ours is stored once it is mended."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from ingest import quarantine, rows
from ingest.__main__ import main
from ingest.decode import Delivery, decode
from ingest.storage.pool import connect_async
from ingest.writer import Job, Outcome
from tests.support import telemetry as say
from tests.support.database import register_device
from tests.support.worker import query

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def store(url: str, deliveries: Sequence[Delivery]) -> Outcome:
    async def job() -> Outcome:
        async with await connect_async(url, application="test") as connection:
            return await Job([decode(each) for each in deliveries]).run(connection)

    return asyncio.run(job())


def again(*arguments: str) -> int:
    return main(["again", "--since", AT.isoformat(), *arguments])


def test_what_was_put_aside_is_stored_with_its_own_time(
    either_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    register_device(either_database)
    monkeypatch.setenv("LIFTWACHT_DATABASE_URL", either_database)
    monkeypatch.setattr(quarantine, "BATCH", 2)  # several in turn
    earlier, later = AT - timedelta(seconds=1), AT + timedelta(minutes=1)
    calls = [say.deliver(say.call(seq), AT) for seq in (1, 2, 3)]
    old = say.deliver(say.call(4), earlier)
    unreadable = structs.replace(say.deliver(say.call(5), AT), payload=b"{")
    with monkeypatch.context() as broken:
        broken.setattr(rows, "call_row", lambda *_: 1 // 0)
        assert store(either_database, [*calls, old, unreadable]).quarantined == 5
    assert store(either_database, [structs.replace(calls[2], received_at=later)]).stored == 1

    assert again("--reason", "defect") == 0
    said = "2 stored, 1 were known already, 0 are refused again\n"
    assert capsys.readouterr().out == said
    found = query(either_database, "SELECT seq, received_at FROM call ORDER BY seq")
    assert found == [(1, AT), (2, AT), (3, later)]
    kept = "SELECT reason, received_at FROM quarantine ORDER BY received_at"
    assert query(either_database, kept) == [("defect", earlier), ("payload", AT)]

    reason = ("--reason", "payload")
    assert (again(*reason), again(*reason)) == (0, 0)
    assert (
        capsys.readouterr().out.splitlines()
        == ["0 stored, 0 were known already, 1 are refused again"] * 2
    )
    assert query(either_database, kept) == [("defect", earlier), ("payload", AT)]


def test_a_time_needs_its_zone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["again", "--reason", "defect", "--since", "2026-03-01T12:00"])
    assert "a time needs its zone" in capsys.readouterr().err
