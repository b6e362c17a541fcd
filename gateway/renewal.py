"""Keeps the certificate fresh: asks for another at half of its life, over the connection it gives.

Over MQTT and not over HTTPS: the line is there already, it proves who asks, and a modem behind a
private network has no other. A new certificate is tried when nobody rides or needs help; if the
broker does not take it, the one before is put back.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from gateway.identity import IdentityError, IdentityFile
from gateway.link import Link
from gateway.loop import Loop

# Long enough for a line that is bad just now.
TRIAL_MS: Final = 600_000
LOOK_MS: Final = 1_000

_log = logging.getLogger(__name__)


class Renewal:
    """Renews one modem's certificate. ``step`` is what the loop calls.

    Args:
        identity: key and certificate.
        device: whose.
        loop: what drives it.
        link: the connection that is made with them.
        idle: whether nobody rides or needs help.
        send: hands a request to the platform; False without a connection.
        monotonic_ms: the clock for timers.
        wall_ms: the time of day, put right by the platform.
        check_every_ms: how often it is looked how old the certificate is.
    """

    def __init__(
        self,
        identity: IdentityFile,
        *,
        device: str,
        loop: Loop,
        link: Link,
        idle: Callable[[], bool],
        send: Callable[[str], bool],
        monotonic_ms: Callable[[], int],
        wall_ms: Callable[[], int],
        check_every_ms: int,
    ) -> None:
        self._identity = identity
        self._device = device
        self._loop = loop
        self._link = link
        self._idle = idle
        self._send = send
        self._monotonic_ms = monotonic_ms
        self._wall_ms = wall_ms
        self._check_every_ms = check_every_ms
        self._check_due_ms = monotonic_ms() + min(check_every_ms, 60_000)
        self._trial_until_ms: int | None = None
        self._to_try = False
        if identity.on_trial:  # a restart in the middle of it
            self._trial_until_ms = monotonic_ms() + TRIAL_MS

    def step(self) -> int:
        """Do what is due. Returns when to be called again."""
        now_ms = self._monotonic_ms()
        if self._to_try and self._idle():
            self._to_try = False
            self._trial_until_ms = now_ms + TRIAL_MS
            self._link.reconnect("the certificate is a new one")
        elif self._trial_until_ms is not None and not self._to_try:
            self._follow_trial(now_ms)
        if now_ms >= self._check_due_ms:
            self._check_due_ms = now_ms + self._check_every_ms
            if self._link.is_connected and self._trial_until_ms is None and not self._to_try:
                self._loop.in_helper(self._wanted, self._asked)
        if self._to_try or self._trial_until_ms is not None:
            return now_ms + LOOK_MS
        return self._check_due_ms

    def install(self, chain: str) -> str:
        """Take a certificate that came. Returns why not, or nothing."""
        if self._trial_until_ms is not None:
            return "another is being tried"
        try:
            self._identity.install(chain)
        except IdentityError as error:
            return str(error)
        _log.info("%s: a new certificate", self._device)
        self._to_try = True
        return ""

    def _follow_trial(self, now_ms: int) -> None:
        assert self._trial_until_ms is not None  # noqa: S101 - the caller has looked
        if self._link.is_connected:
            self._identity.confirm()
            self._trial_until_ms = None
        elif now_ms >= self._trial_until_ms:
            self._trial_until_ms = None
            if self._identity.go_back():
                _log.warning("%s: the new certificate does not work; back", self._device)
                self._link.reconnect("the certificate before is back")

    def _wanted(self) -> str | None:
        """Return the request to send, None while the certificate is young. In a helper thread."""
        validity = self._identity.validity()
        if self._wall_ms() < validity.renew_s * 1000:
            return None
        return self._identity.request(self._device)

    def _asked(self, outcome: "Future[str | None]") -> None:
        error = outcome.exception()
        if error is not None:
            if not isinstance(error, IdentityError):
                raise error
            _log.warning("%s: cannot renew: %s", self._device, error)
            return
        request = outcome.result()
        if request is not None and self._send(request):
            _log.info("%s: asks for another certificate", self._device)
