"""A diagnostics process that may be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.broker import Broker
from tests.support.platform import REPOSITORY


@contextmanager
def engine_process(url: str, broker: Broker) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "LIFTWACHT_DATABASE_URL": url,
        "LIFTWACHT_MQTT_URL": broker.url,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "diagnostics", "run"], cwd=REPOSITORY, env=environment
    ) as running:
        try:
            yield running
        finally:
            running.kill()
