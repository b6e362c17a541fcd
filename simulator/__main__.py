"""The simulator's commands: ``liftwacht-simulator manifest | scenarios | run | fleet | …``."""

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import msgspec

from gateway import logs, metrics
from gateway.link import LinkSettings
from gateway.protocol.vocabulary import AidKind
from simulator import manifest
from simulator.failures import FAILURES
from simulator.fleet import Fleet, FleetSettings
from simulator.misuse import MISUSES
from simulator.replay import command as replay
from simulator.scenarios.loader import ScenarioError, find, json_schema, library
from simulator.trace import run_household, run_scenario, write_truth
from simulator.workbench import command as workbench
from simulator.workbench.controls import controls_of
from simulator.years import command as years

_log = logging.getLogger("simulator")


def main() -> int:
    """Run one command. Returns the exit code: 2 for input that is wrong."""
    arguments = _parser().parse_args()
    environment = os.environ
    logs.configure(
        "simulator",
        environment.get("LIFTWACHT_LOG_LEVEL", "INFO"),
        cast("logs.Form", environment.get("LIFTWACHT_LOG_FORMAT", "auto")),
    )
    try:
        code: int = arguments.command(arguments)
    except (ScenarioError, ValueError, OSError) as error:
        print(f"liftwacht-simulator: {error}", file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="liftwacht-simulator", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    make = commands.add_parser("manifest", help="write a fleet's manifest to standard output")
    make.add_argument("--size", type=int, required=True)
    make.add_argument("--seed", type=int, default=1)
    make.add_argument("--wadden", type=int, default=0, help="so many with an island's postcode")
    make.add_argument(
        "--mix",
        default="mixed",
        help="stairlifts, mixed (default: mostly stairlifts), or shares: scooter=0.5,hoist=0.5",
    )
    make.add_argument(
        "--today",
        type=date.fromisoformat,
        default=manifest.TODAY,
        help="the day before which all were built, lent and serviced (default: %(default)s)",
    )
    make.set_defaults(command=_manifest)

    show = commands.add_parser("scenarios", help="list the library with its labels")
    show.add_argument("--json", action="store_true", help="one object a line")
    show.set_defaults(command=_scenarios)

    failing = commands.add_parser("failures", help="list what can fail, and what misuse there is")
    failing.set_defaults(command=_failures)

    check = commands.add_parser("check", help="check scenario files")
    check.add_argument("files", nargs="+", type=Path)
    check.set_defaults(command=_check)

    schema = commands.add_parser("schema", help="print the JSON Schema of scenario files")
    schema.set_defaults(command=_schema)

    run = commands.add_parser("run", help="play a scenario at once, without a broker")
    run.add_argument("scenario", help="a file, or a name from the library")
    run.add_argument("--trace", type=Path, help="every message, JSON lines (default: printed)")
    run.add_argument("--truth", type=Path, help="what really was the matter, JSON lines")
    run.add_argument("--seed", type=int, help="instead of the scenario's own")
    run.add_argument("--device", default="sl-000001")
    run.set_defaults(command=_run)

    days = commands.add_parser("days", help="let households live for days, without a broker")
    days.add_argument("--manifest", type=Path, required=True)
    days.add_argument("--days", type=float, default=1.0)
    days.add_argument("--seed", type=int, default=1)
    days.add_argument("--trace", type=Path, required=True)
    days.set_defaults(command=_days)

    fleet = commands.add_parser("fleet", help="run a live fleet against a broker")
    _add_live(fleet)
    fleet.add_argument("--tempo", type=float, default=10.0, help="rides: so many times as in life")
    fleet.add_argument("--incidents", type=float, default=120.0, metavar="SECONDS")
    fleet.add_argument("--no-incidents", action="store_true")
    fleet.add_argument("--linger", type=float, default=600.0, metavar="SECONDS")
    fleet.add_argument("--connects-per-second", type=float, default=50.0)
    fleet.add_argument("--outboxes", choices=["disk", "memory"], help="default: as files allow")
    fleet.set_defaults(command=_fleet)

    live = commands.add_parser("play", help="play scenarios live, each on a lift of the manifest")
    _add_live(live)
    live.add_argument("scenarios", nargs="+", help="files or names; device=scenario picks the lift")
    live.add_argument("--stay", action="store_true", help="go on after the last has ended")
    live.set_defaults(command=_play)

    years.add_to(commands)

    workbench.add_to(commands)
    replay.add_to(commands)
    return parser


def _add_live(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--certificates", type=Path, help="needed for mqtts")
    parser.add_argument("--state", type=Path, required=True, help="outboxes and truth")
    parser.add_argument("--seed", type=int, default=1)
    workbench.add_control(parser)


def _manifest(arguments: argparse.Namespace) -> int:
    for record in manifest.records(
        size=arguments.size,
        seed=arguments.seed,
        wadden=arguments.wadden,
        mix=_mix(arguments.mix),
        today=arguments.today,
    ):
        print(msgspec.json.encode(record).decode())
    return 0


def _mix(text: str) -> Mapping[AidKind, float]:
    """Return the shares that ``text`` asks for. Raises ValueError."""
    named = {"stairlifts": manifest.STAIRLIFTS, "mixed": manifest.MIXED}
    if text in named:
        return named[text]
    shares = {}
    for part in text.split(","):
        kind, equals, share = part.partition("=")
        if not equals:
            raise ValueError(f"--mix must be stairlifts, mixed or kind=share, not {text!r}")
        shares[AidKind(kind.strip())] = float(share)
    return shares


def _failures(_: argparse.Namespace) -> int:
    for failure, switch in FAILURES.items():
        print(f"{failure:20} {', '.join(sorted(switch.kinds)):40} {switch.doc}")
    for misuse, (kinds, doc) in MISUSES.items():
        print(f"{misuse:20} {', '.join(sorted(kinds)):40} {doc}")
    return 0


def _scenarios(arguments: argparse.Namespace) -> int:
    for scenario in library().values():
        expect = scenario.expect
        if arguments.json:
            label = msgspec.to_builtins(expect)
            entry = {"name": scenario.name, "kind": scenario.kind, "title": scenario.title}
            print(json.dumps(entry | {"expect": label}))
            continue
        verdict = ", ".join(expect.reasons or expect.finds) or "-"
        word = "emergency" if expect.emergency else "none"
        print(f"{scenario.name:30} {scenario.kind:10} {word:10} {scenario.title}")
        print(f"{'':52} {verdict}")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    wrong = 0
    for path in arguments.files:
        try:
            find(str(path))
        except ScenarioError as error:
            print(error, file=sys.stderr)
            wrong += 1
    return 2 if wrong else 0


def _schema(_: argparse.Namespace) -> int:
    print(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2).decode())
    return 0


def _run(arguments: argparse.Namespace) -> int:
    scenario = find(arguments.scenario)
    lines: list[bytes] = []
    truth = run_scenario(scenario, lines.append, device=arguments.device, seed=arguments.seed)
    if arguments.trace is None:
        sys.stdout.buffer.writelines(lines)
    else:
        arguments.trace.write_bytes(b"".join(lines))
    if arguments.truth is not None:
        with arguments.truth.open("wb") as output:
            write_truth(truth, output)
    return 0


def _days(arguments: argparse.Namespace) -> int:
    with arguments.trace.open("wb") as output:
        for aid in manifest.read(arguments.manifest):
            run_household(aid, output.write, days=arguments.days, seed=arguments.seed)
    return 0


def _fleet(arguments: argparse.Namespace) -> int:
    incident_ms = None if arguments.no_incidents else round(arguments.incidents * 1000)
    fleet = Fleet(
        _fleet_settings(
            arguments,
            tempo=arguments.tempo,
            connects_per_s=arguments.connects_per_second,
            incident_mean_ms=incident_ms,
            linger_ms=round(arguments.linger * 1000),
            outboxes=arguments.outboxes,
        ),
        manifest.read(arguments.manifest),
    )
    return _run_fleet(fleet, arguments.control)


def _play(arguments: argparse.Namespace) -> int:
    aids = {aid.device: aid for aid in manifest.read(arguments.manifest)}
    unused = list(aids.values())
    named = [entry.rpartition("=") for entry in arguments.scenarios]
    if unknown := [device for device, _, _ in named if device and device not in aids]:
        raise ValueError(f"not in the manifest: {', '.join(unknown)}")
    taken = {device for device, _, _ in named}
    fleet = Fleet(_fleet_settings(arguments, incident_mean_ms=None), [])
    left = len(named)

    def finished() -> None:
        nonlocal left
        left -= 1
        if left == 0 and not arguments.stay:
            fleet.stop()

    for device, _, name in named:
        scenario = find(name)
        aid = aids.get(device) or next(
            (one for one in unused if one.device not in taken and one.kind == scenario.kind), None
        )
        if aid is None:
            raise ValueError(f"{name} needs one more {scenario.kind} in the manifest")
        if aid.kind != scenario.kind:
            raise ValueError(f"{device} is a {aid.kind}: {name} is about a {scenario.kind}")
        taken.add(aid.device)
        fleet.add_scenario(aid, scenario, finished)
    return _run_fleet(fleet, arguments.control)


def _run_fleet(fleet: Fleet, control: int | None) -> int:
    # A thousand modems that all say the same are noise: the fleet counts for them.
    logging.getLogger("gateway").setLevel(logging.ERROR)
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: fleet.stop())
    with ExitStack() as stack:
        stack.callback(fleet.close)
        workbench.under_control(stack, controls_of(fleet), fleet.loop.call_soon, control)
        exposition = metrics.expose(
            os.environ.get("LIFTWACHT_METRICS_LISTEN"), process="simulator", sources=[fleet.figures]
        )
        if exposition is not None:
            stack.callback(exposition.close)
        fleet.run()
    return 0


def _fleet_settings(arguments: argparse.Namespace, **others: Any) -> FleetSettings:
    link = link_settings(os.environ)
    secure = urlsplit(os.environ.get("LIFTWACHT_MQTT_URL", "")).scheme == "mqtts"
    if secure and arguments.certificates is None:
        raise ValueError("mqtts needs --certificates")
    return FleetSettings(
        link=link,
        certificates=arguments.certificates if secure else None,
        state=arguments.state,
        seed=arguments.seed,
        **others,
    )


def link_settings(environment: Mapping[str, str]) -> LinkSettings:
    """Return where the broker is, by ``LIFTWACHT_MQTT_URL`` and ``LIFTWACHT_MQTT_PROTOCOL``.

    Raises:
        ValueError: the address or the version is missing or wrong.
    """
    url = environment.get("LIFTWACHT_MQTT_URL", "")
    parts = urlsplit(url)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise ValueError(f"LIFTWACHT_MQTT_URL must be mqtt(s)://host:port, not {url!r}")
    version: Literal["5", "3.1.1"]
    match environment.get("LIFTWACHT_MQTT_PROTOCOL", "5"):
        case "5":
            version = "5"
        case "3.1.1":
            version = "3.1.1"
        case other:
            raise ValueError(f"LIFTWACHT_MQTT_PROTOCOL must be 5 or 3.1.1, not {other!r}")
    port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
    return LinkSettings(host=parts.hostname, port=port, version=version)


if __name__ == "__main__":
    sys.exit(main())
