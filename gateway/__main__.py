"""The modem of one lift: ``liftwacht-gateway --config FILE``."""

import argparse
import logging
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
from gateway.link import Link
from gateway.loop import Loop
from gateway.outbox import Outbox

_log = logging.getLogger("gateway")


def main() -> int:
    """Run until told to stop. Returns the exit code: 2 for a configuration that is wrong."""
    parser = argparse.ArgumentParser(prog="liftwacht-gateway", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="TOML, see gateway.config")
    try:
        config = load(parser.parse_args().config)
        return _run(config)
    except (ConfigError, ValueError) as error:
        print(f"liftwacht-gateway: {error}", file=sys.stderr)
        return 2


def _run(config: Config) -> int:
    logs.configure("gateway", config.log_level)
    clock = SystemClock()
    loop = Loop(clock)
    bench = open_bench(config.controller, clock)
    outbox = _outbox(config)
    agent = Agent(
        AgentSettings(
            device=config.device,
            firmware=config.firmware,
            encoding=config.encoding,
            watch=config.watch,
            dispatch=config.dispatch,
        ),
        controller=bench,
        telephone=bench,
        clock=clock,
        outbox=outbox,
        uplink=Link(config.link, device=config.device, loop=loop),
        new_id=_new_id,
    )
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: loop.call_soon(agent.stop))
    agent.start()
    loop.add(agent)
    loop.run(until=lambda: agent.is_stopped)
    loop.close()
    bench.close()
    agent.outbox.close()
    return 0


def _outbox(config: Config) -> Outbox:
    try:
        return Outbox(
            config.outbox,
            device=config.device,
            encoding=config.encoding,
            max_rows=config.bounds.max_rows,
            max_bytes=config.bounds.max_bytes,
            new_id=_new_id,
        )
    except sqlite3.Error as error:
        # A modem that forgets at a power cut is better than one that does not start.
        _log.error("no outbox at %s, going on in memory: %s", config.outbox, error)
        return Outbox(":memory:", device=config.device, encoding=config.encoding, new_id=_new_id)


def _new_id() -> str:
    return uuid.uuid4().hex


if __name__ == "__main__":
    sys.exit(main())
