"""Speaks to the controls of whatever runs, from a panel or a script."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlsplit

TIMEOUT_S = 15.0


class ControlError(OSError):
    """The controls refused, or do not answer. The text says why."""


class ControlClient:
    """The controls at ``url`` (``http://…``). Every method raises ControlError.

    Raises:
        ValueError: not an address of that form.
    """

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError(f"not http://host:port: {url!r}")
        self.url = url.rstrip("/")

    def aids(self) -> list[dict[str, Any]]:
        """Return how all aids stand."""
        found: list[dict[str, Any]] = self._call("GET", "aids")
        return found

    def names(self) -> dict[str, Any]:
        """Return all names that can be used."""
        found: dict[str, Any] = self._call("GET", "names")
        return found

    def change(self, device: str, what: str, name: str, *, undo: bool = False) -> dict[str, Any]:
        """Inject, misuse, do or change something, or ``undo`` it.

        ``what`` is ``failures``, ``misuse``, ``do``, ``mains``, ``line``, ``modem`` or ``clock``.
        Returns how the aid stands then.
        """
        method = "DELETE" if undo else "POST"
        state: dict[str, Any] = self._call(method, "aids", device, what, name)
        return state

    def speed(self) -> float:
        """Return how many times as fast as life it goes."""
        return float(self._call("GET", "speed")["factor"])

    def set_speed(self, factor: float) -> float:
        """Go on at another pace. Returns the new one."""
        return float(self._call("POST", "speed", body={"factor": factor})["factor"])

    def _call(self, method: str, *parts: str, body: dict[str, Any] | None = None) -> Any:
        path = "/".join(quote(part, safe="") for part in parts)
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
            f"{self.url}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise ControlError(_detail(error)) from error
        except (OSError, ValueError) as error:
            raise ControlError(f"{self.url}: {error}") from error


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        detail = json.load(error)["detail"]
    except (ValueError, KeyError, TypeError):
        return str(error)
    return detail if isinstance(detail, str) else json.dumps(detail)
