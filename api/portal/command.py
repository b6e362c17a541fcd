"""``liftwacht-api theme``: how a municipality's portal looks, from a file into the database."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

import psycopg
from psycopg.types.json import Jsonb

from api.portal import theme
from api.portal.page import QUERIES
from ingest.storage.pool import connect_async

LOGO_AT_MOST = 200 * 1024
_LOGOS = {".svg": "image/svg+xml", ".png": "image/png"}


def define(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("municipality", metavar="GM0000", help="CBS code")
    parser.add_argument("tokens", type=Path, metavar="FILE", help="design tokens: a JSON object")
    parser.add_argument("--logo", type=Path, metavar="FILE", help="an SVG or PNG file")


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Carry out the command and return its exit code."""
    try:
        tokens = theme.checked(json.loads(arguments.tokens.read_text("utf-8")))
        logo, logo_type = _logo(arguments.logo)
        wanted = {
            "code": arguments.municipality,
            "tokens": Jsonb(tokens),
            "logo": logo,
            "logo_type": logo_type,
        }
        asyncio.run(_store(database_url, wanted))
    except (OSError, ValueError, psycopg.Error) as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
        return 1
    return 0


def _logo(file: Path | None) -> tuple[bytes | None, str | None]:
    if file is None:
        return None, None
    if file.suffix not in _LOGOS:
        raise ValueError(f"{file.name}: a logo is an .svg or a .png")
    content = file.read_bytes()
    if len(content) > LOGO_AT_MOST:
        raise ValueError(f"{file.name}: {len(content)} bytes, at most {LOGO_AT_MOST}")
    return content, _LOGOS[file.suffix]


async def _store(database_url: str, wanted: dict[str, object]) -> None:
    async with await connect_async(database_url, application="liftwacht-theme") as connection:
        await connection.execute(QUERIES["store_theme"], wanted)
