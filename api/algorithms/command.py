"""``liftwacht-api algorithm-register`` and ``dpia``: what detectors do, for who answers for it."""

import argparse
import json
import sys

from api.algorithms import dpia, facts, register


def define(commands: argparse.ArgumentParser) -> None:
    """Add the choice of form to the register's parser."""
    commands.add_argument("--format", choices=("markdown", "json"), default="markdown", dest="form")


def print_register(form: str) -> int:
    """Print the entries of the Algorithm Register; return the exit code."""
    known = facts.load()
    if form == "json":
        shown = json.dumps(register.entries(known), ensure_ascii=False, indent=2)
    else:
        shown = register.markdown(known)
    sys.stdout.write(shown + "\n")
    return 0


def print_dpia() -> int:
    """Print the template of a DPIA; return the exit code."""
    sys.stdout.write(dpia.markdown(facts.load()) + "\n")
    return 0
