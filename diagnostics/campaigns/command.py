"""``liftwacht-diagnostics campaigns``: begin, list, pause, resume and stop them."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from diagnostics.campaigns import repository, service
from diagnostics.campaigns.model import Aids, Plan, State
from diagnostics.campaigns.repository import Connection
from gateway.protocol.messages import RemoteSettings
from ingest.settings import DatabaseSettings
from ingest.storage.pool import connect_async

ACTOR = "system:command"


def add_to(commands: Any) -> None:
    """Add the commands to a parser's."""
    parser = commands.add_parser(
        "campaigns", help="new programmes or settings for modems, in rings"
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    action = actions.add_parser("begin", help="begin one; prints its number")
    action.add_argument("name", metavar="NAME")
    what = action.add_mutually_exclusive_group(required=True)
    what.add_argument("--package", metavar="VERSION", help="of a package on the platform")
    what.add_argument("--settings", type=Path, metavar="FILE", help="JSON, see docs/campaigns.md")
    for option in ("kind", "maker", "municipality", "version"):
        action.add_argument(f"--{option}", action="append", default=[], help="only these")
    action.add_argument("--plan", type=Path, metavar="FILE", help="JSON, see docs/campaigns.md")
    action.set_defaults(command=_begin)
    action = actions.add_parser("list", help="print all, the newest first")
    action.set_defaults(command=_list)
    for name, state in (
        ("pause", State.PAUSED),
        ("resume", State.RUNNING),
        ("stop", State.STOPPED),
    ):
        action = actions.add_parser(name)
        action.add_argument("number", type=int, metavar="NUMBER")
        action.set_defaults(command=_change, state=state)


def _begin(options: argparse.Namespace) -> None:
    what: str | RemoteSettings = options.package
    if options.settings is not None:
        what = msgspec.json.decode(options.settings.read_bytes(), type=RemoteSettings)
    plan = Plan()
    if options.plan is not None:
        plan = msgspec.json.decode(options.plan.read_bytes(), type=Plan)
    aids = Aids(
        kinds=tuple(options.kind),
        makers=tuple(options.maker),
        municipalities=tuple(options.municipality),
        versions=tuple(options.version),
    )

    async def begin(conn: Connection) -> None:
        number, members = await service.begin(
            conn,
            name=options.name,
            what=what,
            aids=aids,
            plan=plan,
            actor=ACTOR,
            now=datetime.now(UTC),
        )
        sys.stdout.write(f"campaign {number}: {members} aids\n")

    _with_database(begin)


def _list(_: argparse.Namespace) -> None:
    async def show(conn: Connection) -> None:
        for each in await repository.overview(conn):
            brings = each["version"] or "settings"
            shown = (each["campaign_id"], each["state"], each["name"], brings)
            counts = (each["aids"], each["confirmed"], each["failed"])
            sys.stdout.write("\t".join(map(str, (*shown, *counts))) + "\n")

    _with_database(show)


def _change(options: argparse.Namespace) -> None:
    async def change(conn: Connection) -> None:
        now = datetime.now(UTC)
        await service.change(conn, options.number, options.state, actor=ACTOR, now=now)
        sys.stdout.write(f"campaign {options.number} is {options.state.value}\n")

    _with_database(change)


def _with_database(work: Callable[[Connection], Awaitable[None]]) -> None:
    async def run() -> None:
        url = DatabaseSettings().database_url
        async with (
            await connect_async(url, application="liftwacht-campaigns") as conn,
            conn.transaction(),
        ):
            await work(conn)

    asyncio.run(run())
