"""Fixtures that every test may ask for; each stands in ``tests/support`` beside what it needs."""

import os
import sys
from itertools import islice

import pytest
from hypothesis import HealthCheck, settings

# Whatever this machine says: else each of a hundred processes would compile all anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No test depends on the clock: how long an example takes says how busy the machine is.
settings.register_profile(
    "liftwacht", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("liftwacht")

pytest_plugins = [
    "tests.support.broker",
    "tests.support.browser",
    "tests.support.database",
    "tests.support.timescale",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have each process begin with its share of what takes longest.

    ``--dist worksteal`` gives each an equal stretch of this list; later, whoever has nothing left
    takes over from the end of another's.
    """
    slow = [item for item in items if item.get_closest_marker("slow")]
    others = iter([item for item in items if not item.get_closest_marker("slow")])
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    ordered: list[pytest.Item] = []
    for number in range(processes):
        stretch = (len(items) - len(ordered)) // (processes - number)
        own = slow[number::processes]
        ordered += [*own, *islice(others, max(0, stretch - len(own)))]
    items[:] = [*ordered, *others]
