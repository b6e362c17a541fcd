"""Fixtures that every test may ask for; each stands in ``tests/support`` beside what it needs."""

import os
import sys

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
    """Begin with what takes longest, so that the other processes have something to do meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
