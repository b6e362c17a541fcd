"""``python -m api``: serves the interface and the pages until SIGTERM; or looks after accounts."""

import argparse
import logging
import signal
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from api.accounts import command as accounts
from api.algorithms import command as algorithms
from api.app import create_app
from api.billing import command as billing
from api.contacts import command as contacts
from api.dashboards import command as dashboards
from api.handover import command as handover
from api.kpi import command as figures
from api.misuse import command as misuse
from api.portal import command as theme
from api.privacy import command as retention
from api.reports import command as reports
from api.secrets import command as secrets
from api.settings import Settings
from api.takeover import command as takeover
from gateway import logs, metrics
from ingest.settings import problems

# Streams end at once when we say so; anything else may finish, but not for long.
_FINISH_WITHIN_S = 2
# Longer than the proxy keeps an idle connection: else one is closed in the moment in which it sends
# somebody's "taken on" over it, which it may not send again (deploy/caddy/Caddyfile).
KEEP_ALIVE_S = 75


class Server(uvicorn.Server):
    """Ends the open streams before it waits for open connections."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Stop serving."""
        self._app.state.broadcaster.close()
        await super().shutdown(sockets)  # type: ignore[arg-type]


def main() -> None:
    """Serve until SIGTERM or SIGINT, or carry out a command.

    Raises:
        SystemExit: the settings are wrong, or a command failed.
    """
    parser = argparse.ArgumentParser(prog="liftwacht-api", description=main.__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="serve the interface and the pages (the default)")
    accounts.define(commands.add_parser("accounts", help="who may come in"))
    contacts.define(commands.add_parser("contacts", help="names and addresses of clients"))
    billing.define(commands.add_parser("billing", help="what declarations rest on"))
    secrets.define(commands.add_parser("secrets", help="keys that seal secrets in the database"))
    theme.define(commands.add_parser("theme", help="how a municipality's portal looks"))
    reports.define(commands.add_parser("reports", help="management and annual reports"))
    figures.define(commands.add_parser("figures", help="what became of terms, kept and checked"))
    retention.define(commands.add_parser("retention", help="how long what is kept"))
    handover.define(commands.add_parser("handover", help="the whole park, out and in"))
    takeover.define(commands.add_parser("takeover", help="a park of a contractor before"))
    misuse.define(commands.add_parser("misuse", help="what people judged of signals"))
    dashboards.define(commands.add_parser("dashboards", help="what a Grafana shows, as code"))
    algorithms.define(
        commands.add_parser("algorithm-register", help="what detectors do, for the register")
    )
    commands.add_parser("dpia", help="a template for a DPIA, from what detectors do")
    arguments = parser.parse_args()
    without_settings: dict[str, Callable[[], int]] = {
        "algorithm-register": lambda: algorithms.print_register(arguments.form),
        "dpia": algorithms.print_dpia,
        "dashboards": lambda: dashboards.run(arguments),
    }
    if arguments.command in without_settings:
        raise SystemExit(without_settings[arguments.command]())
    try:
        settings = Settings()  # type: ignore[call-arg]  # from the environment
    except ValidationError as error:
        print(*problems(error), sep="\n", file=sys.stderr)
        raise SystemExit(2) from None
    if arguments.command in (None, "serve"):
        _serve(settings)
        return
    raise SystemExit(_carry_out(arguments, settings))


def _carry_out(arguments: argparse.Namespace, settings: Settings) -> int:
    url = settings.database_url
    plain = {
        "accounts": accounts.run,
        "theme": theme.run,
        "handover": handover.run,
        "takeover": takeover.run,
    }
    if arguments.command in plain:
        return plain[arguments.command](arguments, url)
    match arguments.command:
        case "contacts":
            return contacts.run(url)
        case "secrets":
            return secrets.run(arguments, url, settings.secret_keys)
        case "misuse":
            return misuse.run(url)
    logs.configure(arguments.command, settings.log_level, settings.log_format)
    carried_out = {
        "billing": billing.run,
        "figures": figures.run,
        "reports": reports.run,
        "retention": retention.run,
    }
    return carried_out[arguments.command](arguments, url)


def _serve(settings: Settings) -> None:
    logs.configure("api", settings.log_level, settings.log_format)
    # It warns of each attempt; we say once that the database went, and once that it came.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.listen_host,
        port=settings.listen_port,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=sorted(settings.trusted_proxies),
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=_FINISH_WITHIN_S,
    )
    # uvicorn handles these while it serves, and raises them again when it has stopped.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    exposition = metrics.expose(settings.metrics_listen, process="api", sources=[app.state.figures])
    try:
        Server(config, app).run()
    finally:
        if exposition is not None:
            exposition.close()


if __name__ == "__main__":
    main()
