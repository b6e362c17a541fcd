"""The controls over HTTP, on this machine only. Needs the extra ``workbench``.

``GET /names`` lists all names, ``GET /openapi.json`` describes every call, ``GET /docs`` lets one
try them. The aids live in another thread: each call is carried there and waits for its end.
"""

import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Annotated, Any, Self

import uvicorn
from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse

from simulator.failures import Failure
from simulator.misuse import Misuse
from simulator.pace import FASTEST, SLOWEST
from simulator.scenarios.vocabulary import Do, Line, Mains, Modem, WallClock
from simulator.workbench.controls import (
    USUAL_WEIGHT_KG,
    AidState,
    Controls,
    NotPossibleError,
    UnknownAidError,
    names,
)

HOST = "127.0.0.1"
PATIENCE_S = 10.0

_log = logging.getLogger(__name__)
# Has something called in the thread in which the aids live.
InTheirThread = Callable[[Callable[[], None]], Any]
Factor = Annotated[float, Body(embed=True, ge=SLOWEST, le=FASTEST)]
Weight = Annotated[float, Body(embed=True, ge=0, le=500)]


def create_app(controls: Controls, call_soon: InTheirThread) -> FastAPI:
    """Build the API. ``call_soon`` brings a call into the thread in which the aids live."""
    app = FastAPI(title="Liftwacht workbench", version="1")

    def there(act: Callable[[], Any]) -> Any:
        """Do ``act`` in the aids' thread and return its result, or raise what it raised."""
        outcome: Future[Any] = Future()

        def work() -> None:
            try:
                outcome.set_result(act())
            except Exception as error:  # noqa: BLE001 - it is raised again, in our own thread
                outcome.set_exception(error)

        call_soon(work)
        return outcome.result(timeout=PATIENCE_S)

    def changed(device: str, act: Callable[[], None]) -> AidState:
        def work() -> AidState:
            act()
            return controls.state(device)

        state: AidState = there(work)
        return state

    _answer_errors(app)
    _add_views(app, controls, there)
    _add_changes(app, controls, changed)
    return app


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(UnknownAidError)
    def unknown(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=404)

    @app.exception_handler(NotPossibleError)
    def impossible(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=409)

    @app.exception_handler(TimeoutError)
    def busy(_: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "the aids are busy; try again"}, status_code=503)


def _add_views(app: FastAPI, controls: Controls, there: Callable[[Callable[[], Any]], Any]) -> None:
    @app.get("/names")
    def all_names() -> dict[str, Any]:
        """Every name that can be used below."""
        return names()

    @app.get("/aids")
    def all_aids() -> list[AidState]:
        """All aids."""
        found: list[AidState] = there(controls.states)
        return found

    @app.get("/aids/{device}")
    def one_aid(device: str) -> AidState:
        """How one aid stands."""
        state: AidState = there(lambda: controls.state(device))
        return state

    @app.get("/speed")
    def speed() -> dict[str, float]:
        """How many times as fast as life it goes."""
        return {"factor": controls.speed}

    @app.post("/speed")
    def set_speed(factor: Factor) -> dict[str, float]:
        """Go on at another pace, where no real bus is attached."""
        there(lambda: controls.set_speed(factor))
        return {"factor": controls.speed}


Changed = Callable[[str, Callable[[], None]], AidState]


def _add_changes(app: FastAPI, controls: Controls, changed: Changed) -> None:
    @app.post("/aids/{device}/failures/{name}")
    def fail(device: str, name: Failure) -> AidState:
        """Break something."""
        return changed(device, lambda: controls.fail(device, name))

    @app.delete("/aids/{device}/failures/{name}")
    def repair(device: str, name: Failure) -> AidState:
        """Put it right."""
        return changed(device, lambda: controls.repair(device, name))

    @app.post("/aids/{device}/misuse/{name}")
    def misuse(device: str, name: Misuse) -> AidState:
        """Let the household do this from now on."""
        return changed(device, lambda: controls.misuse(device, name))

    @app.delete("/aids/{device}/misuse/{name}")
    def behave(device: str, name: Misuse) -> AidState:
        """Let it stop doing this."""
        return changed(device, lambda: controls.behave(device, name))

    @app.post("/aids/{device}/do/{action}")
    def do(device: str, action: Do, weight_kg: Weight = USUAL_WEIGHT_KG) -> AidState:
        """Let people do something now; the weight is of who, or what, sits down."""
        return changed(device, lambda: controls.do(device, action, weight_kg=weight_kg))

    @app.post("/aids/{device}/mains/{event}")
    def mains(device: str, event: Mains) -> AidState:
        """The house's electricity."""
        return changed(device, lambda: controls.surround(device, event))

    @app.post("/aids/{device}/line/{event}")
    def line(device: str, event: Line) -> AidState:
        """The modem's data line."""
        return changed(device, lambda: controls.surround(device, event))

    @app.post("/aids/{device}/modem/{event}")
    def modem(device: str, event: Modem) -> AidState:
        """The modem itself."""
        return changed(device, lambda: controls.surround(device, event))

    @app.post("/aids/{device}/clock/{event}")
    def clock(device: str, event: WallClock) -> AidState:
        """What the modem believes the time to be."""
        return changed(device, lambda: controls.surround(device, event))


class ControlServer:
    """The API in a thread of its own, on the loopback only. A context manager.

    Args:
        app: made by ``create_app``.
        port: 0 for any that is free.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, app: FastAPI, *, port: int = 0) -> None:
        self._socket = socket.create_server((HOST, port))
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="warning", lifespan="off", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._server.should_exit = True
        self._thread.join(timeout=PATIENCE_S)
        self._socket.close()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])
