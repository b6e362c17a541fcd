"""From a ticket's event to the mail of those of its municipality who chose so."""

from datetime import timedelta

import pytest

from api.accounts.roles import Role
from diagnostics.notifications import repair_news
from diagnostics.notifications.mail import MailSender, mail_server
from diagnostics.tickets.clockwork import tick
from tests.integration.notifications.conftest import T0, Post, open_emergency
from tests.support.accounts import add_account
from tests.support.people import add_way
from tests.support.receivers import MailServer


async def reader(post: Post, url: str, login: str, *kinds: str, of: str = "GM0405") -> None:
    """Somebody of a municipality with a mail address, who chose to be told of these."""
    account = add_account(url, Role.MUNICIPALITY, login=login, municipality_code=of)
    await add_way(post.conn, account, "email", f"{login}@{of}.example")
    for kind in kinds:
        await post.conn.execute("INSERT INTO portal_choice VALUES (%s, %s)", (account, kind))


@pytest.mark.parametrize("moved", [False, True])
async def test_those_who_chose_hear_of_an_urgent_repair_and_of_one_too_late(
    post: Post, database: str, device_id: int, moved: bool
) -> None:
    await reader(post, database, "els", *repair_news.KINDS)
    await reader(post, database, "frank", repair_news.LATE)
    await reader(post, database, "greet")
    await reader(post, database, "piet", *repair_news.KINDS, of="GM0420")
    with MailServer() as server:
        post.use(
            MailSender(
                mail_server(server.url),
                sender="post@lift.example",
                public_url="https://lift.example",
            )
        )
        await post.conn.execute("SET ROLE liftwacht_diagnostics")
        ticket = await open_emergency(post.conn, device_id)
        await post.work()
        (urgent,) = server.mails
        assert urgent["To"] == "els@GM0405.example"
        assert f"Spoedreparatie {ticket} (P1) is gemeld" in urgent["Subject"]
        body = urgent.get_body(("plain",))
        assert body is not None
        assert f"https://lift.example/portal/tickets/{ticket}" in body.get_content()
        assert "C-SL" not in urgent.as_string(), "who it is stays behind the sign-in"
        if moved:  # what happened stays with the municipality in which the aid was lent then
            await post.conn.execute("RESET ROLE")
            await post.conn.execute("UPDATE device SET municipality_code = 'GM0420'")
            await post.conn.execute("SET ROLE liftwacht_diagnostics")
        late = T0 + timedelta(days=2)
        await tick(post.conn, late)
        await post.work(late - post.now)
        await tick(post.conn, late)
        await post.work(60)
        await post.conn.execute("RESET ROLE")
        told = sorted((mail["To"], mail["Subject"]) for mail in server.mails[1:])
    assert [(who, what.rpartition(": ")[2]) for who, what in told] == [
        (f"{login}@GM0405.example", target)
        for login in ("els", "frank")
        for target in ("gerepareerd", "ter plaatse")
    ]
    assert all(f"Reparatie {ticket} overschrijdt de termijn" in what for _, what in told)
