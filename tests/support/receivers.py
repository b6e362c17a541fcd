"""Those whom the platform sends to: real servers on this machine that do as they are told."""

import base64
import json
import ssl
import threading
from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import http_ece
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.broker import free_port

CUT = "cut"  # the connection, in the middle of the message
CUT_AFTER = "cut_after"  # …after it was taken, before the answer
HANG = "hang"  # no answer until the receiver is told to go on


class MailServer:
    """A mail server. ``script`` has what it says to the next mails: an SMTP reply, or a cut."""

    def __init__(self, *, password: str | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.mails: list[EmailMessage] = []
        self.script: list[str] = []
        self.connections = 0
        self._password = password
        self._tls = tls
        self._controller: Controller | None = None
        self.port = free_port()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"smtp://localhost:{self.port}"

    def start(self) -> None:
        secret: dict[str, Any] = {}
        if self._password is not None:
            secret = {
                "authenticator": self._check,
                "auth_required": True,
                "tls_context": self._tls,
                "require_starttls": True,
            }
        self._controller = Controller(self, hostname="localhost", port=self.port, **secret)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def _check(self, *arguments: Any) -> AuthResult:
        login = arguments[-1]
        right = isinstance(login, LoginPassword) and login.password.decode() == self._password
        return AuthResult(success=right, handled=False)

    # What follows is called by aiosmtpd.
    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, said: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return said

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        answer = self.script.pop(0) if self.script else ""
        if answer == CUT:
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
            return ""
        if answer and answer != CUT_AFTER:
            return answer
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
        self.mails.append(mail)
        if answer == CUT_AFTER:
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
        return f"250 2.0.0 queued as {len(self.mails)}"


class WebReceiver:
    """An HTTP server. ``script`` has what it does with the next requests; then it takes them.

    Attributes:
        taken: headers and body of what it answered with 2xx, or cut off after reading.
        seen: how many requests there were.
    """

    def __init__(self, script: Iterable[int | str] = (), *, status: int = 204) -> None:
        self.script = list(script)
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.seen = 0
        self.go_on = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                receiver.seen += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                action = receiver.script.pop(0) if receiver.script else status
                if action == HANG:
                    receiver.go_on.wait(30)
                    action = status
                if action in (CUT, CUT_AFTER) or (isinstance(action, int) and action < 300):
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    if action != CUT:
                        receiver.taken.append((headers, body))
                self.close_connection = isinstance(action, str)
                if isinstance(action, int):
                    self.send_response(action)
                    self.send_header("Content-Length", "0")
                    if action in (429, 503):
                        self.send_header("Retry-After", "7")
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://127.0.0.1:{self._server.server_port}/events"

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.taken]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Browser:
    """A browser that has subscribed to pushes: it alone can read them."""

    def __init__(self, endpoint: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = b"0123456789abcdef"
        self._public = self._key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.subscription = json.dumps(
            {
                "endpoint": endpoint,
                "keys": {"p256dh": _base64url(self._public), "auth": _base64url(self._auth)},
            }
        )

    def read(self, body: bytes) -> dict[str, Any]:
        plain = http_ece.decrypt(
            body, private_key=self._key, auth_secret=self._auth, version="aes128gcm"
        )
        found: dict[str, Any] = json.loads(plain)
        return found


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
