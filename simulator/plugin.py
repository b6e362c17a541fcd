"""The pytest plugin: simulated aids and fleets for the tests of other teams.

Registered under ``pytest11``, so pytest loads it wherever the package is installed: nothing is
imported before a fixture is used. Documented in ``docs/simulator/workbench.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from simulator.workbench.fixtures import LiveFleet, SimulatedAid


@pytest.fixture
def simulated_aid() -> Iterator[Callable[..., SimulatedAid]]:
    """Make aids without a broker, in virtual time: see ``SimulatedAid``."""
    from simulator.workbench.fixtures import SimulatedAid  # noqa: PLC0415 - see above

    with ExitStack() as stack:

        def make(kind: str = "stairlift", **others: Any) -> SimulatedAid:
            aid = SimulatedAid(kind, **others)
            stack.callback(aid.close)
            return aid

        yield make


@pytest.fixture
def simulated_fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Make fleets: what they say, or with ``broker`` live: see ``fleet_said``, ``LiveFleet``."""
    from simulator.workbench.fixtures import LiveFleet, fleet_said  # noqa: PLC0415 - see above

    with ExitStack() as stack:

        def make(size: int = 10, *, broker: str | None = None, **others: Any) -> Any:
            if broker is None:
                return fleet_said(size, **others)
            state = tmp_path_factory.mktemp("fleet")
            fleet: LiveFleet = LiveFleet(size, broker=broker, state=state, **others)
            return stack.enter_context(fleet)

        yield make
