"""The demo's database as a process of its own: runs until it is told to stop."""

import os
import signal
from pathlib import Path

from deploy.demo import cluster


def main() -> None:
    """Serve the cluster in ``DATABASE_DATA`` until SIGTERM or SIGINT."""
    stop = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    server = cluster.start(Path(os.environ["DATABASE_DATA"]))
    signal.sigwait(stop)
    server.cleanup()


if __name__ == "__main__":
    main()
