"""``liftwacht-api accounts …``: who may come in. Secrets are generated, or come by stdin."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from api.accounts import clients, passwords, people
from api.accounts.passwords import Passwords, WeakPasswordError
from api.accounts.people import AccountError, NewAccount
from api.accounts.roles import MUNICIPAL_MACHINE, Permission, Role
from api.queries import Connection
from ingest.storage.pool import connect_async

_ACTOR = "system:command"
_Command = Callable[[Connection, argparse.Namespace], Coroutine[Any, Any, None]]


def define(parser: argparse.ArgumentParser) -> None:
    """Add the commands."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def command(name: str, run: _Command, about: str) -> argparse.ArgumentParser:
        defined = commands.add_parser(name, help=about, description=about)
        defined.set_defaults(run=run)
        return defined

    added = command("add", _add, "Add an account; prints its password if that is generated.")
    added.add_argument("login")
    added.add_argument("--name", required=True, help="as others read it")
    added.add_argument(
        "--role", required=True, type=Role, choices=list(Role), metavar="ROLE", help=", ".join(Role)
    )
    added.add_argument(
        "--municipality", metavar="GM0000", help="CBS code: whose people, or machine, it is"
    )
    added.add_argument("--email")
    added.add_argument("--phone")
    added.add_argument("--language", choices=["nl", "en"], default="nl")
    added.add_argument(
        "--permanent",
        action="store_true",
        help="the password may stay; otherwise it is replaced at the first sign-in",
    )
    source = added.add_mutually_exclusive_group()
    source.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )
    source.add_argument(
        "--no-password",
        action="store_true",
        help="signs in through an identity provider, or with tokens",
    )
    command(
        "load",
        _load,
        "Add those of standard input that are not there yet: JSON lines with login, name, role,"
        " password and, if need be, municipality, email, phone, language. Passwords stay.",
    )
    command("list", _list, "List all accounts, one JSON object a line.")
    for name, run, about in (
        ("disable", _disable, "Let an account in no more; ends its sessions."),
        ("enable", _enable, "Let a disabled account in again."),
    ):
        command(name, run, about).add_argument("login")
    keys = command(
        "register-keys",
        _register_keys,
        "Register a municipality's machine by its public keys: it gets tokens by OAuth 2.0.",
    )
    keys.add_argument("login")
    where = keys.add_mutually_exclusive_group(required=True)
    where.add_argument("--keys", type=Path, help="its JWK set, a file")
    where.add_argument("--keys-url", default="", help="where its JWK set is, https://…")
    keys.add_argument(
        "--scope",
        required=True,
        nargs="+",
        type=Permission,
        metavar="PERMISSION",
        help=", ".join(sorted(MUNICIPAL_MACHINE)),
    )
    command("revoke-keys", _revoke_keys, "End that, and the tokens it has.").add_argument("login")
    reset = command("reset-password", _reset, "Give a temporary password; ends all sessions.")
    reset.add_argument("login")
    reset.add_argument(
        "--password-stdin",
        action="store_true",
        help="read it from standard input instead of generating it",
    )


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Carry out a command and return its exit code."""
    try:
        asyncio.run(_run(arguments, database_url))
    except (AccountError, WeakPasswordError, OSError, psycopg.Error) as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
        return 1
    return 0


async def _run(arguments: argparse.Namespace, database_url: str) -> None:
    async with await connect_async(database_url, application="liftwacht-accounts") as connection:
        await arguments.run(connection, arguments)


async def _add(connection: Connection, arguments: argparse.Namespace) -> None:
    account = NewAccount(
        login=arguments.login.lower(),
        name=arguments.name,
        role=arguments.role,
        municipality_code=arguments.municipality,
        email=arguments.email,
        phone=arguments.phone,
        language=arguments.language,
    )
    given = not (arguments.no_password or account.role is Role.MACHINE)
    password = _password(account.login, arguments.password_stdin) if given else None
    await people.add(
        connection,
        Passwords(),
        account,
        password=password,
        temporary=not arguments.permanent,
        actor=_ACTOR,
        now=_now(),
    )
    if password is not None and not arguments.password_stdin:
        print(password)


async def _load(connection: Connection, _: argparse.Namespace) -> None:
    known = {account["login"] for account in await people.everybody(connection)}
    for number, line in enumerate(sys.stdin, 1):
        try:
            given = json.loads(line)
            password, municipality = given.pop("password", None), given.pop("municipality", None)
            account = NewAccount(
                **given | {"role": Role(given["role"]), "municipality_code": municipality}
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AccountError("invalid", f"line {number}: {error}") from error
        if account.login in known:
            continue
        if password is not None:
            passwords.check(password, login=account.login)
        await people.add(
            connection,
            Passwords(),
            account,
            password=password,
            temporary=False,
            actor=_ACTOR,
            now=_now(),
        )


async def _list(connection: Connection, _: argparse.Namespace) -> None:
    for account in await people.everybody(connection):
        print(json.dumps(account, default=str, ensure_ascii=False))


async def _disable(connection: Connection, arguments: argparse.Namespace) -> None:
    await people.set_enabled(connection, arguments.login, enabled=False, actor=_ACTOR, now=_now())


async def _enable(connection: Connection, arguments: argparse.Namespace) -> None:
    await people.set_enabled(connection, arguments.login, enabled=True, actor=_ACTOR, now=_now())


async def _register_keys(connection: Connection, arguments: argparse.Namespace) -> None:
    await clients.register(
        connection,
        arguments.login,
        keys=arguments.keys.read_text("utf-8") if arguments.keys else "",
        keys_url=arguments.keys_url,
        scope=arguments.scope,
        actor=_ACTOR,
        now=_now(),
    )


async def _revoke_keys(connection: Connection, arguments: argparse.Namespace) -> None:
    await clients.revoke(connection, arguments.login, actor=_ACTOR, now=_now())


async def _reset(connection: Connection, arguments: argparse.Namespace) -> None:
    password = _password(arguments.login, arguments.password_stdin)
    await people.reset_password(
        connection, Passwords(), arguments.login, password=password, actor=_ACTOR, now=_now()
    )
    if not arguments.password_stdin:
        print(password)


def _password(login: str, from_stdin: bool) -> str:  # noqa: FBT001
    if not from_stdin:
        return passwords.generate()
    password = sys.stdin.readline().rstrip("\r\n")
    passwords.check(password, login=login)
    return password


def _now() -> datetime:
    return datetime.now(UTC)
