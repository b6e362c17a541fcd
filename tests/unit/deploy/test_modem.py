"""The unit by which a modem's init system runs the launcher: its commands exist, its times fit."""

import shlex
import tomllib
from configparser import ConfigParser

from gateway.launcher import KILL_AFTER_S
from tests.support.platform import REPOSITORY


def test_the_unit_runs_the_launcher_and_never_gives_up() -> None:
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    assert unit.read(REPOSITORY / "deploy" / "modem" / "liftwacht-modem.service")
    service = unit["Service"]
    program, option, config = shlex.split(service["ExecStart"])
    scripts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts[program.rsplit("/", 1)[1]] == "gateway.launcher:main"
    assert option == "--config"
    # What it writes is beside its configuration, and can be written.
    assert config.startswith(f"/var/lib/{service['StateDirectory']}/")
    assert (service["Restart"], unit["Unit"]["StartLimitIntervalSec"]) == ("always", "0")
    # Only the launcher is told to end: it tells its programme, and has time to kill it.
    assert service["KillMode"] == "mixed"
    assert int(service["TimeoutStopSec"]) > KILL_AFTER_S
    assert "network" not in unit["Unit"]["After"], "a lift is watched without a line"
