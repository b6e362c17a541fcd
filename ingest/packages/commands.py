"""``liftwacht-ingest packages``: make, sign, check, and bring packages to the platform."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ingest.settings import DatabaseSettings
from ingest.storage.pool import connect

_ADD: Final = """
INSERT INTO package (version, size, sha256, signature, content, added_at, added_by)
VALUES (%(version)s, %(size)s, %(sha256)s, %(signature)s, %(content)s, %(now)s, 'system:command')
"""


def add_to(commands: Any) -> None:
    """Add the commands to a parser."""
    parser = commands.add_parser("packages", help="programmes for modems: build, sign, verify, add")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    action = actions.add_parser("build", help="make one of the gateway that is installed here")
    action.add_argument("package", type=Path, metavar="FILE")
    action.set_defaults(command=_build)
    action = actions.add_parser("sign", help="sign one; where the key is, and no platform")
    action.add_argument("package", type=Path, metavar="FILE")
    action.add_argument("--version", required=True, help="three numbers, as 1.4.0")
    action.add_argument("--key", type=Path, required=True, help="private key, Ed25519, PEM")
    action.set_defaults(command=_sign)
    for name, text, run in (
        ("verify", "check what was signed, and by whom", _verify),
        ("add", "check it likewise, and bring it to the platform", _add),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("package", type=Path, metavar="FILE")
        action.add_argument("--key", type=Path, required=True, help="public key, PEM")
        action.set_defaults(command=run)


def _build(options: argparse.Namespace) -> None:
    from ingest.packages import signing  # noqa: PLC0415 - `run` signs nothing

    signing.build(options.package)
    print(f"{options.package}: {options.package.stat().st_size} bytes, not signed yet")


def _sign(options: argparse.Namespace) -> None:
    from ingest.packages import signing  # noqa: PLC0415 - likewise

    found = signing.sign(options.package, options.version, options.key)
    print(f"{signing.signed_file(options.package)}: {found.version} sha256 {found.sha256}")


def _verify(options: argparse.Namespace) -> None:
    from ingest.packages import signing  # noqa: PLC0415 - likewise

    found = signing.verify(options.package, options.key)
    print(f"{options.package}: {found.version} sha256 {found.sha256}, signed by this key")


def _add(options: argparse.Namespace) -> None:
    from ingest.packages import signing  # noqa: PLC0415 - likewise

    found = signing.verify(options.package, options.key)
    values = {
        "version": found.version,
        "size": found.size,
        "sha256": found.sha256,
        "signature": found.signature,
        "content": options.package.read_bytes(),
        "now": datetime.now(UTC),
    }
    with connect(DatabaseSettings().database_url, application="packages") as connection:
        connection.execute(_ADD, values)
    print(f"{found.version} is on the platform")
