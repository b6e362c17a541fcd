"""``liftwacht-api dashboards push | diff | export``."""

import argparse
import sys
from pathlib import Path

from pydantic import ValidationError

from api.dashboards.settings import GrafanaSettings
from api.desk.languages import LANGUAGES
from ingest.settings import problems


def define(parser: argparse.ArgumentParser) -> None:
    """Add the commands."""
    parser.add_argument("--language", choices=LANGUAGES, default="nl", help="of titles and alarms")
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    commands.add_parser("push", help="put everything into Grafana, read it back and compare")
    commands.add_parser("diff", help="say where Grafana has something else; exit 1 if it does")
    export = commands.add_parser("export", help="write files that Grafana reads at its start")
    export.add_argument("folder", type=Path)


def run(arguments: argparse.Namespace) -> int:
    """Carry a command out; return the exit code."""
    try:
        from api.dashboards import bundle  # noqa: PLC0415 - needs an extra that few install
    except ModuleNotFoundError as error:
        print(f"liftwacht-api: needs the extra 'dashboards': {error}", file=sys.stderr)
        return 2
    try:
        settings = GrafanaSettings()
        made = bundle.bundle(settings, arguments.language)
        if arguments.action == "export":
            for file in bundle.write(made, arguments.folder):
                print(file)
            return 0
        return _compare(settings, made, push=arguments.action == "push")
    except ValidationError as error:
        print(*problems(error), sep="\n", file=sys.stderr)
    except OSError as error:
        print(f"liftwacht-api: {error}", file=sys.stderr)
    return 2


def _compare(settings: GrafanaSettings, made: object, *, push: bool) -> int:
    from grafana_client.client import GrafanaException  # noqa: PLC0415 - as above

    from api.dashboards import delivery  # noqa: PLC0415
    from api.dashboards.bundle import Bundle  # noqa: PLC0415

    assert isinstance(made, Bundle)  # noqa: S101 - the type cannot be named without the extra
    try:
        with delivery.connected(settings.grafana_url, settings.token) as api:
            found = delivery.push(api, made) if push else list(delivery.differences(api, made))
    except GrafanaException as error:
        print(f"liftwacht-api: Grafana: {error}", file=sys.stderr)
        return 2
    if found:
        print(*found, sep="\n")
        return 1
    print(f"{len(made.boards)} dashboards and {len(made.rules['rules'])} rules are as they should")
    return 0
