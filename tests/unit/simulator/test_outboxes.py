"""Where a fleet's outboxes are: files where so many may be open, else memory."""

import resource
from pathlib import Path

import pytest

from gateway.link import LinkSettings
from simulator import manifest
from simulator.fleet import Fleet, FleetSettings


@pytest.mark.parametrize(
    ("wanted", "allowed", "on_disk"),
    [
        (None, 100_000, True),
        (None, 430, False),
        (None, resource.RLIM_INFINITY, True),
        ("memory", 100_000, False),
        ("disk", 430, True),
    ],
)
def test_outboxes_are_where_the_limit_of_open_files_allows(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wanted: str | None,
    allowed: int,
    on_disk: bool,
) -> None:
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, allowed))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: limits.append(limit))
    settings = FleetSettings(
        link=LinkSettings(host="127.0.0.1", port=1),
        certificates=None,
        state=tmp_path,
        seed=1,
        connects_per_s=1_000_000,
        incident_mean_ms=None,
        outboxes=wanted,  # type: ignore[arg-type]
    )
    aids = list(manifest.records(size=60, seed=1))
    fleet = Fleet(settings, aids)
    for _ in range(20):
        fleet.loop.run_once(longest_ms=1)
    assert len(fleet.by_device) == 60
    fleet.close()
    assert limits
    assert limits[0][0] == min(allowed if allowed > 0 else 100_000, 440 if on_disk else 260)
    assert len(list(tmp_path.glob("*.outbox"))) == (60 if on_disk else 0)
