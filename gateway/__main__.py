"""The modem of one lift: ``liftwacht-gateway --config FILE``."""

import argparse
import logging
import os
import signal
import sqlite3
import sys
import uuid
from pathlib import Path

from gateway import logs
from gateway.adapters.choice import open_bench
from gateway.agent import Agent, AgentSettings
from gateway.clock import SystemClock
from gateway.config import Config, ConfigError, load
from gateway.disk import PATIENCE_S
from gateway.enrol import EnrolError, enrol, identity_of
from gateway.launcher import RESTART, SLOT
from gateway.link import Link
from gateway.loop import Loop
from gateway.outbox import Outbox
from gateway.protocol.topics import Kind
from gateway.slots import Slots
from gateway.steward import Steward

_log = logging.getLogger("gateway")


def main() -> int:
    """Run until told to stop. Returns the exit code: 2 for a configuration that is wrong."""
    parser = argparse.ArgumentParser(prog="liftwacht-gateway", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="TOML, see gateway.config")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--enrol",
        metavar="URL",
        help="get a certificate from the platform at URL for the code on standard input, and end",
    )
    instead.add_argument(
        "--factory-reset",
        action="store_true",
        help="forget identity, messages and everything learned, and end",
    )
    options = parser.parse_args()
    try:
        config = load(options.config)
        if options.enrol:
            return _enrol(config, options.enrol)
        return _reset(config) if options.factory_reset else _run(config)
    except (ConfigError, EnrolError, ValueError) as error:
        print(f"liftwacht-gateway: {error}", file=sys.stderr)
        return 2


def _enrol(config: Config, url: str) -> int:
    if sys.stdin.isatty():
        print("Code: ", end="", file=sys.stderr, flush=True)
    enrol(config, url=url, code=sys.stdin.readline())
    print(f"{config.device} is enrolled")
    return 0


def _reset(config: Config) -> int:
    """Be as new. A call for help that nobody has heard yet is not thrown away."""
    identity = identity_of(config)
    if config.outbox.exists():
        outbox = _outbox(config)
        waiting = outbox.holds(Kind.CALL)
        outbox.close()
        if waiting:
            raise ConfigError("a call for help has not gone out yet: nothing is forgotten")
    identity.forget()
    for suffix in ("", "-wal", "-shm", ".damaged", ".damaged-wal", ".damaged-shm"):
        config.outbox.with_name(config.outbox.name + suffix).unlink(missing_ok=True)
    print(f"{config.device} has forgotten everything; it needs a code to come back")
    return 0


def _run(config: Config) -> int:
    logs.configure("gateway", config.log_level)
    clock = SystemClock()
    loop = Loop(clock, helpers=2)  # to unpack a package must not keep the line from being dialled
    version = _version(config)
    bench = open_bench(config.controller, clock)
    outbox = _outbox(config)
    link = Link(config.link, device=config.device, loop=loop)
    agent = Agent(
        AgentSettings(
            device=config.device,
            firmware=version,
            encoding=config.encoding,
            watch=config.watch,
            dispatch=config.dispatch,
            trial=config.trial,
        ),
        controller=bench,
        telephone=bench,
        clock=clock,
        outbox=outbox,
        uplink=link,
        new_id=_new_id,
    )
    agent.steward = steward = Steward(
        config, agent=agent, loop=loop, link=link, clock=clock, version=version
    )
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: loop.call_soon(agent.stop))
    agent.start()
    loop.add(agent)
    loop.add(steward)
    loop.run(until=lambda: agent.is_stopped)
    loop.close()
    bench.close()
    agent.outbox.close()
    return RESTART if steward.restarts else 0


def _version(config: Config) -> str:
    """Return which programme this is: the launcher says from which folder it runs."""
    slot = os.environ.get(SLOT)
    if config.update is None or not slot:
        return config.firmware
    slots = Slots(config.update.folder)
    if not Path(__file__).is_relative_to(slots.path(slot)):
        raise ConfigError(f"not the programme in {slots.path(slot)}")
    return slots.read().version_in(slot) or config.firmware


def _outbox(config: Config) -> Outbox:
    try:
        return Outbox(
            config.outbox,
            device=config.device,
            encoding=config.encoding,
            max_rows=config.bounds.max_rows,
            max_bytes=config.bounds.max_bytes,
            new_id=_new_id,
            patience_s=PATIENCE_S,
        )
    except sqlite3.Error as error:
        # A modem that forgets at a power cut is better than one that does not start.
        _log.error("no outbox at %s, going on in memory: %s", config.outbox, error)
        return Outbox(":memory:", device=config.device, encoding=config.encoding, new_id=_new_id)


def _new_id() -> str:
    return uuid.uuid4().hex


if __name__ == "__main__":
    sys.exit(main())
