"""A campaign from its beginning to its end: on PostgreSQL, with the rights that the parts have."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from diagnostics.__main__ import main as diagnostics
from diagnostics.campaigns import clockwork, repository, service
from diagnostics.campaigns.model import Aids, Plan, State, ring_of
from gateway.protocol.codec import decode, encode
from gateway.protocol.messages import PIECE_BYTES, Command, Fetch, Piece, RemoteSettings, Update
from gateway.protocol.topics import Kind, topic_of
from ingest.__main__ import main as ingest
from ingest.identity.requests import Requests
from ingest.mqtt.packets import Publish
from ingest.storage.pool import connect_async
from tests.integration.diagnostics.conftest import Connection
from tests.support.database import as_user, register_devices
from tests.support.lift_log import Lift, rows, store
from tests.support.packages import Maker
from tests.support.worker import query

# Later than any run of this: what a person commands is stamped by the real clock.
T0 = datetime(2076, 11, 30, 9, 0, tzinfo=UTC)
AIDS = [f"sl-{n:06d}" for n in range(1, 21)]
PLAN = Plan(
    rings=(40, 100), rest_h=2, done_percent=80, outstanding=4, min_failures=2, max_failure_percent=9
)


class Fleet:
    """Twenty modems that are there, and answer what a test has them answer."""

    def __init__(self, conn: Connection, ids: dict[str, int]) -> None:
        self.conn = conn
        self.ids = ids
        self._lifts = {name: Lift(name) for name in AIDS}

    async def ordered(self) -> dict[str, str]:
        found = await rows(
            self.conn,
            "SELECT name, command_id FROM campaign_member JOIN device USING (device_id)"
            " WHERE state = 'ordered' ORDER BY name",
        )
        return dict(found)

    async def say(self, at: datetime, stage: str, *names: str, detail: str = "") -> None:
        orders = await self.ordered()
        for name in names or orders:
            reply = msgspec.structs.replace(
                self._lifts[name].reply(at, orders[name]),
                stage=stage,
                detail=detail,
                outcome="refused" if stage == "refused" else "done",
                outbox=f"{self.ids[name]:032x}",
            )
            await store(self.conn, [reply], at)

    async def emergencies(self, at: datetime, names: Sequence[str]) -> None:
        """Open one for each of these aids."""
        await self.conn.execute(
            "INSERT INTO ticket (device_id, kind, priority, dedup_key, opened_at, evidence_at,"
            " since, repaired_due_at) SELECT device_id, 'emergency', 1, 'emergency', %s, %s, %s, %s"
            " FROM device WHERE name = ANY (%s)",
            (*[at] * 3, at + timedelta(days=1), list(names)),
        )

    async def members(self) -> dict[str, str]:
        found = await rows(
            self.conn, "SELECT name, state FROM campaign_member JOIN device USING (device_id)"
        )
        return dict(found)


@pytest.fixture
async def fleet(either_database: str) -> Fleet:
    ids = register_devices(either_database, AIDS)
    query(
        either_database,
        "INSERT INTO device_presence (device_id, session, online, reason, changed_at, firmware)"
        " SELECT device_id, 1, true, 'connected', %s, '1.0.0' FROM device WHERE NOT test"
        " RETURNING 1",
        T0 - timedelta(days=2),
    )
    return Fleet(await connect_async(either_database, application="test"), ids)


async def test_a_package_goes_out_in_rings_and_pauses_when_it_fails(  # noqa: PLR0915 - one life
    either_database: str, fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFTWACHT_DATABASE_URL", either_database)
    maker = Maker(tmp_path)
    path, signed = maker.package("1.1.0")
    assert ingest(["packages", "add", str(path), "--key", str(maker.public)]) == 0
    rings = {name: ring_of(1, name, PLAN.rings) for name in AIDS}
    first = [name for name in AIDS if rings[name] == 0]
    assert 4 < len(first) < 12  # so that one order does not cover it, and the next is not empty
    busy = first[0]

    def asks(name: str, offset: int = 0) -> Publish:
        fetch = Fetch(device=name, sha256=signed.sha256, offset=offset)
        return Publish(topic_of(name, Kind.FETCH), encode(fetch), 1, retain=False)

    no: Any = None  # it signs nothing, and hears what it is given
    requests = Requests(no, broker=no, database_url=either_database, now=lambda: T0)
    diag = await connect_async(
        as_user(either_database, "liftwacht_diagnostics"), application="test"
    )
    reg = await connect_async(as_user(either_database, "liftwacht_registrar"), application="test")
    async with fleet.conn, diag, reg:

        async def piece(name: str, offset: int = 0) -> bytes | None:
            sent = await requests.heard(reg, asks(name, offset))
            if sent is None:
                return None
            topic, payload = sent
            assert topic == topic_of(name, Kind.COMMAND)
            found = decode(Kind.COMMAND, payload)
            assert isinstance(found, Piece)
            return found.data

        async with diag.transaction():
            number, count = await service.begin(
                diag, name="1.1.0", what="1.1.0", aids=Aids(kinds=("stairlift",)), plan=PLAN,
                actor="system:test", now=T0,
            )  # fmt: skip
        assert (number, count) == (1, 20)
        await fleet.emergencies(T0 - timedelta(hours=1), [busy])
        # The first ring: as many as may be under way, and none with an open ticket.
        assert await clockwork.tick(diag, T0) == 1
        orders = await fleet.ordered()
        assert len(orders) == PLAN.outstanding
        assert set(orders) <= set(first) - {busy}
        [(payload,)] = await rows(
            fleet.conn,
            f"SELECT payload FROM notification WHERE recipient = '{min(orders)}'",
        )
        sent = msgspec.convert(payload, Command)
        assert isinstance(sent, Update)
        assert (sent.version, sent.signature) == ("1.1.0", signed.signature)
        # Whoever was ordered gets pieces; whoever was not gets none.
        whole = path.read_bytes()
        assert await piece(min(orders)) == whole[:PIECE_BYTES]
        assert await piece(min(orders), PIECE_BYTES * 2) == whole[PIECE_BYTES * 2 :][:PIECE_BYTES]
        assert await piece(AIDS[-1] if AIDS[-1] not in orders else busy) == b""

        now = T0
        while set(await fleet.ordered()) or now == T0:
            now += timedelta(minutes=1)
            for stage in ("", "downloaded", "installed", "started", "confirmed"):
                await fleet.say(now, stage)
            await clockwork.tick(diag, now)
        members = await fleet.members()
        assert {name for name in AIDS if members[name] == "confirmed"} == set(first) - {busy}
        assert (await fleet.members())[busy] == "waiting"
        # It rests, however often one looks; then the next begins, and nobody twice.
        await clockwork.tick(diag, now + timedelta(hours=1, minutes=50))
        assert await fleet.ordered() == {}
        now += timedelta(hours=2, minutes=5)
        await clockwork.tick(diag, now)
        orders = await fleet.ordered()
        assert len(orders) == PLAN.outstanding
        assert not set(orders) & set(first)

        # Two do not start with it: more than may be. It pauses, and stops what is under way too.
        bad = sorted(orders)[:2]
        rest = sorted(set(orders) - set(bad))
        await fleet.say(now, "rolled_back", *bad, detail="exit code 3")
        now += timedelta(minutes=1)
        await clockwork.tick(diag, now)
        ended = len(first) - 1 + 2
        assert await rows(
            fleet.conn,
            "SELECT state, (SELECT detail FROM campaign_event WHERE kind = 'paused') FROM campaign",
        ) == [
            (
                "paused",
                {
                    "why": f"failures: 2 of {ended}",
                    "what": "failures",
                    "count": 2,
                    "against": ended,
                },
            )
        ]
        assert await piece(rest[0]) is None
        await clockwork.tick(diag, now + timedelta(minutes=1))
        assert set(await fleet.ordered()) == set(rest)
        assert await rows(
            fleet.conn, "SELECT count(*) FROM notification WHERE superseded_at IS NOT NULL"
        ) == [(len(rest),)]  # nothing has sent them in this test

        # A person resumes: what failed before is known, and it goes on where it was.
        assert await asyncio.to_thread(diagnostics, ["campaigns", "resume", "1"]) == 0
        assert await asyncio.to_thread(diagnostics, ["campaigns", "resume", "1"]) == 1
        now += timedelta(minutes=5)
        await fleet.conn.execute("UPDATE campaign SET judged_since = %s", (now,))
        await clockwork.tick(diag, now)
        assert len(await fleet.ordered()) == PLAN.outstanding
        assert {(await fleet.members())[name] for name in bad} == {"failed"}
        # Emergencies among those that wait say nothing of it.
        waiting = [name for name, state in (await fleet.members()).items() if state == "waiting"]
        await fleet.emergencies(
            now + timedelta(minutes=1), [each for each in waiting if each != busy]
        )
        now += timedelta(minutes=2)
        await clockwork.tick(diag, now)
        assert await rows(fleet.conn, "SELECT state FROM campaign") == [("running",)]
        # Among those that have it: it pauses again.
        await fleet.emergencies(now + timedelta(minutes=1), first[1:4])
        now += timedelta(minutes=2)
        await clockwork.tick(diag, now)
        [(detail,)] = await rows(
            fleet.conn,
            "SELECT detail FROM campaign_event WHERE kind = 'paused' ORDER BY at DESC LIMIT 1",
        )
        assert detail["why"].startswith("emergencies: 3 where 0.")
        # Stopped: nobody gets anything any more, and it ends when the last has answered.
        async with diag.transaction():
            await service.change(diag, 1, State.STOPPED, actor="system:test", now=now)
        assert await piece(rest[0]) == b""
        await fleet.say(now, "refused", detail="withdrawn")
        await clockwork.tick(diag, now + timedelta(minutes=1))
        assert await fleet.ordered() == {}
        assert await clockwork.tick(diag, now + timedelta(days=1)) == 0
        kinds = await rows(fleet.conn, "SELECT kind FROM campaign_event ORDER BY event_id")
        assert [kind for (kind,) in kinds] == [
            *("begun", "ring_begun", "ring_reached", "ring_begun"),
            *("paused", "resumed", "paused", "stopped"),
        ]


async def test_settings_for_those_who_are_meant(
    either_database: str, fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFTWACHT_DATABASE_URL", either_database)
    wanted = tmp_path / "settings.json"
    wanted.write_text('{"stopped_ms": 20000}')
    plan = tmp_path / "plan.json"
    plan.write_text('{"rings": [100], "outstanding": 50}')
    command = ["campaigns", "begin", "sneller", "--settings", str(wanted), "--plan", str(plan)]
    assert await asyncio.to_thread(diagnostics, [*command, "--maker", "Nobody"]) == 1
    plan.write_text('{"rings": [50]}')
    assert await asyncio.to_thread(diagnostics, command) == 1
    plan.write_text('{"rings": [100], "outstanding": 50}')
    wanted.write_text('{"stopped_ms": 2}')
    assert await asyncio.to_thread(diagnostics, command) == 1
    wanted.write_text('{"stopped_ms": 20000}')
    assert (
        await asyncio.to_thread(
            diagnostics, [*command, "--maker", "Testmaker", "--municipality", "GM0405"]
        )
        == 0
    )
    now = datetime.now(UTC) + timedelta(seconds=1)
    diag = await connect_async(
        as_user(either_database, "liftwacht_diagnostics"), application="test"
    )
    async with fleet.conn, diag:
        await fleet.conn.execute(
            "UPDATE device_presence SET online = false, changed_at = %s WHERE device_id = %s",
            (now, fleet.ids[AIDS[0]]),
        )
        await clockwork.tick(diag, now)
        orders = await fleet.ordered()
        assert set(orders) == set(AIDS[1:])  # whoever is away waits
        [(payload,)] = await rows(
            fleet.conn, "SELECT payload FROM notification WHERE recipient = 'sl-000002'"
        )
        sent = msgspec.convert(payload, Command)
        assert msgspec.structs.asdict(sent)["settings"] == RemoteSettings(stopped_ms=20_000)
        # One rides just now: it is asked again an hour later. One has something newer.
        await fleet.say(now, "refused", AIDS[1], detail="busy")
        await fleet.say(now, "refused", AIDS[2], detail="superseded")
        await fleet.say(now, "", *AIDS[3:])
        await fleet.say(now, "confirmed", *AIDS[3:])
        await clockwork.tick(diag, now + timedelta(minutes=1))
        members = await fleet.members()
        assert [members[name] for name in AIDS[:4]] == [
            *("waiting", "waiting", "passed_over", "confirmed")
        ]
        await fleet.conn.execute("UPDATE device_presence SET online = true")
        await clockwork.tick(diag, now + timedelta(hours=1, minutes=2))
        await fleet.say(now, "confirmed", *AIDS[:2])
        await clockwork.tick(diag, now + timedelta(hours=1, minutes=3))
        assert await rows(fleet.conn, "SELECT state FROM campaign") == [("finished",)]
    assert await asyncio.to_thread(diagnostics, ["campaigns", "list"]) == 0


async def test_who_is_gone_is_passed_over_sooner_or_later_and_the_tally_is_right(
    either_database: str, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few are looked at each time; who is ordered is not among those that are gone."""
    monkeypatch.setattr(repository, "LOOKED_AT", 4)
    gone, there = AIDS[-3:], AIDS[:2]
    url = as_user(either_database, "liftwacht_diagnostics")
    async with fleet.conn, await connect_async(url, application="test") as diag:
        async with diag.transaction():
            await service.begin(
                diag, name="allen", what=RemoteSettings(stopped_ms=20_000), aids=Aids(),
                plan=msgspec.structs.replace(PLAN, rings=(100,), outstanding=1),
                actor="system:test", now=T0,
            )  # fmt: skip
        await fleet.conn.execute(
            "UPDATE device SET retired_at = %s WHERE name = ANY (%s)", (T0, gone)
        )
        await fleet.conn.execute(
            "UPDATE device_presence SET online = false WHERE device_id <> ALL (%s)",
            ([fleet.ids[name] for name in (*gone, *there)],),
        )
        passed: list[int] = []
        for tick in range(1, 12):
            now = T0 + timedelta(minutes=tick)
            assert await clockwork.tick(diag, now) == 1
            assert set(await fleet.ordered()) <= set(there)
            states = await fleet.members()
            passed.append(sum(states[name] == "passed_over" for name in gone))
            if tick == 1:
                await fleet.say(now, "installed")
                await fleet.say(now, "confirmed")
        assert passed[0] == 0
        assert passed[-1] == len(gone)
        counted = (
            "SELECT ring, state, count(*), count(installed_at) FROM campaign_member GROUP BY 1, 2"
        )
        kept = "SELECT ring, state, aids, installed FROM campaign_tally WHERE aids <> 0"
        members = await rows(fleet.conn, counted)
        assert len(members) == 4  # waiting, ordered, confirmed, passed over
        assert sorted(members) == sorted(await rows(fleet.conn, kept))
        [same] = await rows(
            fleet.conn,
            "SELECT sum(installed_ms) FROM campaign_tally UNION"
            " SELECT sum(round(extract(epoch FROM installed_at) * 1000)) FROM campaign_member",
        )
        assert same[0] > 0
