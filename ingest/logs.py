"""Logging of the server processes: one line per event on standard error, configured once."""

import logging
import sys


def configure(process: str, level: str = "INFO") -> None:
    """Set up logging for this process.

    Args:
        process: what to call it in each line.
        level: the least level to show, by its name.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter(
            f"%(asctime)s.%(msecs)03d %(levelname)s {process} %(name)s: %(message)s",
            datefmt="%Y-%m-%dT%H:%M:%S",
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
