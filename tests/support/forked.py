"""The service, forked from a process that has it loaded: to load it takes longer than most tests.

It is a process all the same, with signals and an exit code. What ``python -m`` itself does is shown
by whoever starts the whole platform.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.support.warm", __name__])


def fork_api(settings: Mapping[str, str]) -> ForkServerProcess:
    """Start the service with these settings beside the environment that there is."""
    # It ends with the tests, whatever happens to them.
    process = _CONTEXT.Process(target=_serve, args=(dict(settings),), daemon=True)
    process.start()
    return process


def _serve(settings: Mapping[str, str]) -> None:
    from api.__main__ import main  # noqa: PLC0415 - only in there

    os.environ.update(settings)
    sys.argv = ["api"]
    main()
