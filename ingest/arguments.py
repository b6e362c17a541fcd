"""Arguments that commands of several programmes take."""

import argparse
from datetime import datetime


def moment(text: str) -> datetime:
    """Read a moment with its zone.

    Raises:
        ValueError: it is none.
        argparse.ArgumentTypeError: its zone is missing.
    """
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise argparse.ArgumentTypeError("a time needs its zone, as in 2026-11-20T09:00+01:00")
    return read
