"""``liftwacht-api handover``: the whole park of a municipality as one package, out and in."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from zipfile import BadZipFile

import psycopg

from api.handover.checking import MOST_FAULTS, UnreadablePackageError
from api.handover.exporting import DamagedError, NoSuchMunicipalityError, export
from api.handover.loading import load
from api.handover.package import source
from ingest.storage.pool import connect

_APPLICATION = "liftwacht-handover"


def define(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    out = commands.add_parser("export", help="write the park of a municipality")
    out.add_argument("municipality", metavar="GM0000", help="CBS code")
    out.add_argument("path", type=Path, help="a folder, or a file that ends in .zip; not there yet")
    out.add_argument("--contacts", action="store_true", help="with names and addresses of clients")
    back = commands.add_parser("import", help="check a package, and read it in")
    back.add_argument("path", type=Path, help="a folder or a zip")
    back.add_argument("--apply", action="store_true", help="read it in: all of it, or nothing")


def run(arguments: argparse.Namespace, database_url: str) -> int:
    """Carry out the command and return its exit code."""
    try:
        if arguments.what == "export":
            return _export(arguments, database_url)
        return _import(arguments, database_url)
    except (
        *(OSError, psycopg.Error, BadZipFile, UnreadablePackageError),
        *(NoSuchMunicipalityError, DamagedError),
    ) as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
        return 1


def _export(arguments: argparse.Namespace, database_url: str) -> int:
    with connect(database_url, application=_APPLICATION) as connection:
        counts = export(
            connection,
            arguments.municipality,
            arguments.path,
            contacts=arguments.contacts,
            now=datetime.now(UTC),
        )
    for name, count in counts.items():
        print(f"{name}: {count}")
    return 0


def _import(arguments: argparse.Namespace, database_url: str) -> int:
    with (
        source(arguments.path) as package,
        connect(database_url, application=_APPLICATION) as connection,
    ):
        outcome = load(connection, package, apply=arguments.apply, now=datetime.now(UTC))
    for fault in outcome.faults:
        print(fault, file=sys.stderr)
    if outcome.faults:
        more = ", and maybe more" if len(outcome.faults) == MOST_FAULTS else ""
        print(f"{len(outcome.faults)} faults{more}; nothing was changed", file=sys.stderr)
        return 1
    for name, count in outcome.counts.items():
        print(f"{name}: {count}")
    if not arguments.apply:
        print("All is well; nothing was changed. --apply reads it in.")
    return 0
