"""Emergencies handed over to an alarm receiving centre: somebody else's receiver, for real."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pysiaalarm.account import SIAAccount
from pysiaalarm.aio.client import SIAClient
from pysiaalarm.event import SIAEvent

from diagnostics.notifications.alarm_centre import AlarmCentreSender
from diagnostics.notifications.link_tests import LinkTests
from diagnostics.tickets import service
from tests.integration.notifications.conftest import Post, lent_elsewhere, open_emergency
from tests.support.broker import free_port

TEXT_KEY = "0123456789ABCDEF"
KEY = TEXT_KEY.encode().hex().upper()


class Centre:
    """A receiver for two accounts, one of them encrypted."""

    def __init__(self) -> None:
        self.heard: list[SIAEvent] = []
        self.port = free_port()

        async def hear(event: SIAEvent) -> None:
            self.heard.append(event)

        accounts = [
            SIAAccount("1234", allowed_timeband=(600, 600)),
            SIAAccount("00AB", TEXT_KEY, allowed_timeband=(600, 600)),
        ]
        self._client = SIAClient(  # type: ignore[abstract]  # makes a subclass
            "127.0.0.1", self.port, accounts, function=hear
        )

    async def start(self) -> None:
        await self._client.async_start()

    async def stop(self) -> None:
        await self._client.async_stop()


@pytest.fixture
async def centre(post: Post) -> AsyncIterator[Centre]:
    post.now = datetime.now(UTC)  # the receiver looks at the time
    running = Centre()
    await running.start()
    yield running
    await running.stop()


async def add_centre(post: Post, port: int, name: str = "centre", **columns: Any) -> None:
    columns = {"name": name, "host": "127.0.0.1", "port": port, "account": "1234"} | columns
    places = ", ".join("%s" for _ in columns)
    await post.conn.execute(
        f"INSERT INTO alarm_centre ({', '.join(columns)}) VALUES ({places})".encode(),
        list(columns.values()),
    )


def sender() -> AlarmCentreSender:
    return AlarmCentreSender(random=lambda bound: bound // 2)


@pytest.mark.parametrize(
    "account", [{"account": "1234", "line": "1"}, {"account": "00AB", "key": KEY}]
)
async def test_an_emergency_and_its_end(
    post: Post, centre: Centre, device_id: int, account: dict[str, str]
) -> None:
    await add_centre(post, centre.port, municipality_code="GM0405", **account)
    await add_centre(post, 9, "elsewhere", municipality_code="GM0637")
    await add_centre(post, 9, "test", codes=["RP"])
    ticket = await open_emergency(post.conn, device_id, post.now)
    await lent_elsewhere(post.conn, device_id)  # it is told where it happened
    post.use(sender())
    await post.conn.execute("SET ROLE liftwacht_diagnostics")
    await post.work()
    await post.conn.execute("RESET ROLE")
    await service.acknowledge(post.conn, ticket, "desk", post.now, 1)
    await service.confirm_release(
        post.conn, ticket, "desk", "client_by_phone", "", post.now, 2, aid_works=True
    )
    await post.work()
    alarm, end = centre.heard
    assert (alarm.code, alarm.sequence, alarm.account) == ("QA", "0001", account["account"])
    assert alarm.message == f"{device_id:X}^sl-000001 1621^"
    assert (end.code, end.sequence, end.message) == ("QH", "0002", alarm.message)
    proofs = "SELECT proof FROM delivery ORDER BY delivery_id"
    assert [proof for (proof,) in await post.rows(proofs)] == [
        {"answer": "ACK", "sequence": number} for number in (1, 2)
    ]


async def test_a_centre_that_is_away_hears_it_later_under_the_same_number(
    post: Post, centre: Centre, device_id: int
) -> None:
    await add_centre(post, free_port(), sequence=9999)
    await open_emergency(post.conn, device_id, post.now)
    post.use(sender())
    await post.work()
    await post.conn.execute("UPDATE alarm_centre SET port = %s", [centre.port])
    await post.work(1)
    assert [(one.code, one.sequence) for one in centre.heard] == [("QA", "0001")]
    outcomes = "SELECT outcome FROM delivery ORDER BY delivery_id"
    assert await post.rows(outcomes) == [("failed",), ("delivered",)]


async def test_a_centre_that_refuses_is_asked_again_while_the_emergency_lasts(
    post: Post, centre: Centre, device_id: int
) -> None:
    await add_centre(post, centre.port)
    post.now -= timedelta(days=2)  # our clock is wrong
    await open_emergency(post.conn, device_id, post.now)
    post.use(sender())
    await post.work()
    ((error,),) = await post.rows("SELECT error FROM delivery")
    assert error.startswith("NAK: its clock says")
    await post.work(timedelta(days=2))
    assert [one.code for one in centre.heard] == ["QA"]


async def test_the_link_is_tested_at_its_interval(post: Post, centre: Centre) -> None:
    every = timedelta(seconds=10)
    for port, name in ((centre.port, "alive"), (9, "dead")):
        await add_centre(post, port, name, link_test_every=every)
    tests = LinkTests("", now=lambda: post.now, random=lambda _: 0)
    began = post.now
    await post.conn.execute("SET ROLE liftwacht_diagnostics")
    tested = [await tests.test_due(post.conn), await tests.test_due(post.conn)]
    post.now += every
    tested.append(await tests.test_due(post.conn))
    await post.conn.execute("RESET ROLE")
    assert tested == [2, 0, 2]
    assert await post.rows(
        "SELECT link_ok_at, link_failing_since, link_error IS NOT NULL, sequence"
        " FROM alarm_centre ORDER BY centre_id"
    ) == [(began + every, None, False, 2), (None, began, True, 2)]
