"""``python -m api``: serves the interface and the desk on loopback until SIGTERM."""

import logging
import signal
import sys

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from api.app import create_app
from api.settings import Settings
from ingest import logs
from ingest.settings import problems

# Streams end at once when we say so; anything else may finish, but not for long.
_FINISH_WITHIN_S = 2


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
    """Serve until SIGTERM or SIGINT.

    Raises:
        SystemExit: the settings are wrong.
    """
    try:
        settings = Settings()  # type: ignore[call-arg]  # from the environment
    except ValidationError as error:
        print(*problems(error), sep="\n", file=sys.stderr)
        raise SystemExit(2) from None
    logs.configure("api", settings.log_level)
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
        timeout_graceful_shutdown=_FINISH_WITHIN_S,
    )
    # uvicorn handles these while it serves, and raises them again when it has stopped.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    Server(config, app).run()


if __name__ == "__main__":
    main()
