"""Fixtures that every test may ask for; each stands in ``tests/support`` beside what it needs."""

from importlib.util import find_spec

# Each part brings its own; a part that is not there yet brings none.
pytest_plugins = [
    module
    for module in (
        "tests.support.database",
        "tests.support.timescale",
        "tests.support.broker",
        "tests.support.browser",
    )
    if find_spec(module)
]
