"""``bench-lift``: an aid on a bus, for a real modem. ``panel``: hands on whatever runs."""

import argparse
import asyncio
import signal
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

from simulator.clock import RealTime
from simulator.pace import PacedTime
from simulator.scenarios.loader import find
from simulator.scenarios.player import home_for, play
from simulator.workbench.benched import BenchedAid
from simulator.workbench.controls import Controlled, Controls
from simulator.workbench.serving import NO_BUS, serve

BUSES = (
    "tcp://host:port, unix:/path (JSON lines), modbus+tcp://host:port, modbus+rtu://pty or "
    "modbus+rtu:///dev/…?baud=115200, can://interface/channel?node=1, none"
)


def add_to(commands: Any) -> None:
    """Add the subcommands."""
    bench = commands.add_parser("bench-lift", help="one aid on a bus, for a real modem")
    bench.add_argument("scenario", help="begins when the modem has connected")
    bench.add_argument("--listen", default="tcp://127.0.0.1:0", help=BUSES)
    bench.add_argument("--device", default="sl-000001", help="its name for the controls")
    add_control(bench)
    bench.set_defaults(command=run_bench)

    panel = commands.add_parser("panel", help="a panel in the terminal for what runs")
    panel.add_argument("--url", required=True, help="as printed by what runs: http://127.0.0.1:…")
    panel.set_defaults(command=run_panel)


def add_control(parser: argparse.ArgumentParser) -> None:
    """Add the option to be controlled."""
    parser.add_argument(
        "--control", type=int, metavar="PORT", help="controls over HTTP; 0: any free port"
    )


def run_panel(arguments: argparse.Namespace) -> int:
    """Show the panel until it is left. Raises ValueError: it is not installed."""
    try:
        from simulator.workbench.panel import Panel  # noqa: PLC0415 - only who wants one
    except ImportError as error:
        raise ValueError(f"the panel needs liftwacht[workbench]: {error}") from error
    Panel(arguments.url).run()
    return 0


def under_control(
    stack: ExitStack,
    controls: Controls,
    call_soon: Callable[[Callable[[], None]], Any],
    port: int | None,
) -> None:
    """Serve ``controls`` over HTTP while ``stack`` lasts, if a port was asked for.

    Raises:
        ValueError: what it needs is not installed.
        OSError: the port is taken.
    """
    if port is None:
        return
    try:
        from simulator.workbench.http import ControlServer, create_app  # noqa: PLC0415
    except ImportError as error:
        raise ValueError(f"--control needs liftwacht[workbench]: {error}") from error
    server = stack.enter_context(ControlServer(create_app(controls, call_soon), port=port))
    print(f"control {server.url}", flush=True)  # noqa: T201 - the command's output


def run_bench(arguments: argparse.Namespace) -> int:
    """Serve one aid until told to stop."""
    scenario = find(arguments.scenario)
    time = PacedTime(RealTime())
    home = home_for(scenario, start_ms=time.monotonic_ms())
    aid = BenchedAid(
        home,
        time,
        begin=lambda: play(scenario, home),
        heard=lambda text: print(text, flush=True),  # noqa: T201 - likewise
    )
    controls = Controls(
        lambda: {arguments.device: Controlled(home=home, connected=lambda: aid.met)},
        now_ms=time.monotonic_ms,
        # A modem outside lives in real time.
        pace=time if arguments.listen == NO_BUS else None,
    )

    async def live() -> None:
        loop = asyncio.get_running_loop()
        with ExitStack() as stack:
            under_control(stack, controls, loop.call_soon_threadsafe, arguments.control)
            serving = asyncio.ensure_future(
                serve(aid, arguments.listen, lambda at: print(f"listening {at}", flush=True))  # noqa: T201
            )
            for signal_ in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(signal_, serving.cancel)
            with suppress(asyncio.CancelledError):
                await serving

    asyncio.run(live())
    return 0
