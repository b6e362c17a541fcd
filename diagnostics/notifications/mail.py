"""E-mail over SMTP. Delivered means that the mail server took it; its answer is the proof."""

import asyncio
import ssl
from base64 import b64decode
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
from msgspec import Struct

from diagnostics.notifications.channel import EMAIL
from diagnostics.notifications.message import Outgoing, Proof, SendError
from diagnostics.notifications.wording import Wording, worded

TIMEOUT_S: Final = 10.0
_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
# From here on SMTP means: not now, and not later either.
_FOR_GOOD: Final = 500


class MailServer(Struct, frozen=True, kw_only=True):
    """Where mail is handed in.

    Attributes:
        security: ``none``, ``starttls`` (required) or ``tls`` from the first byte.
    """

    host: str
    port: int
    security: str
    user: str | None = None
    password: str | None = None


def mail_server(url: str, *, password: str | None = None) -> MailServer:
    """Read ``smtps://user@host:465``, ``smtp+starttls://…`` or, without protection, ``smtp://…``.

    Raises:
        ValueError: it is none of these, or a user has no password.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"{url!r} is not smtps://…, smtp+starttls://… or smtp:// with a host")
    if parts.password:
        raise ValueError("the password belongs in a file, not in the address")
    if parts.username and not password:
        raise ValueError(
            f"{parts.username} needs a password, in a file (LIFTWACHT_SMTP_PASSWORD_FILE)"
        )
    security = {"smtp": "none", "smtps": "tls"}.get(parts.scheme, "starttls")
    return MailServer(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        security=security,
        user=unquote(parts.username) if parts.username else None,
        password=password,
    )


class MailSender:
    """Hands in mails, on connections that are kept for the next one.

    Args:
        server: where; None: there is none.
        sender: the ``From`` address.
        public_url: of the desk, for links.
        tls: how to check the server; by default as this machine does.
    """

    channel = EMAIL

    def __init__(
        self,
        server: MailServer | None,
        *,
        sender: str,
        public_url: str,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._sender = sender
        self._public_url = public_url
        self._tls = tls
        self._idle: list[aiosmtplib.SMTP] = []

    async def send(self, message: Outgoing, now: datetime) -> Proof:
        """Hand in a mail.

        Raises:
            SendError: the server does not take it; for good if it does not want this mail at all.
        """
        if self._server is None:
            raise SendError("no mail server is configured: LIFTWACHT_SMTP_URL", refused=True)
        if message.address is None:
            raise SendError("this way is no more", refused=True)
        mail = compose(
            message,
            worded(message, now=now, public_url=self._public_url),
            sender=self._sender,
            receiver=message.address["address"],
            now=now,
        )
        if message.address.get("pdf"):
            mail.add_attachment(
                b64decode(message.address["pdf"]),
                maintype="application",
                subtype="pdf",
                filename=str(message.payload.get("file", "brief.pdf")),
            )
        client: aiosmtplib.SMTP | None = None
        try:
            client = await self._connected(self._server)
            _, answer = await client.send_message(mail)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _send_error(error) from error
        else:
            self._idle.append(client)
            client = None
        finally:
            if client is not None:
                client.close()  # in the middle of something: it cannot be used again
        return {"answer": answer, "message_id": mail["Message-ID"]}

    async def close(self) -> None:
        """Leave the server."""
        idle, self._idle = self._idle, []
        for client in idle:
            try:
                await client.quit(timeout=1)
            except (aiosmtplib.SMTPException, OSError):
                client.close()

    async def _connected(self, server: MailServer) -> aiosmtplib.SMTP:
        while self._idle:
            client = self._idle.pop()
            try:
                await client.noop()  # found out now, nothing can have been sent twice
            except (aiosmtplib.SMTPException, OSError):
                client.close()
            else:
                return client
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=self._tls,
            username=server.user,
            password=server.password,
            timeout=TIMEOUT_S,
        )
        try:
            await client.connect()
        except (Exception, asyncio.CancelledError):  # whatever it was, nothing stays open
            client.close()
            raise
        return client


def compose(
    message: Outgoing, wording: Wording, *, sender: str, receiver: str, now: datetime
) -> EmailMessage:
    """Return the mail. However often it is sent, its Message-ID is the same."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = receiver
    mail["Subject"] = wording.title
    mail["Date"] = format_datetime(now)
    domain = sender.rpartition("@")[2].strip("> ")
    mail["Message-ID"] = f"<liftwacht-{message.notification_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    if message.urgent:
        mail["Importance"] = "high"
        mail["X-Priority"] = "1"
    mail.set_content(wording.text)
    mail.add_alternative(wording.html, subtype="html")
    return mail


def _send_error(error: Exception) -> SendError:
    """Return what it means: only a refusal of this mail, or its receiver, is for good."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    text = f"{type(error).__name__}: {error}"
    mail_itself = isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
    return SendError(text, refused=mail_itself and code >= _FOR_GOOD)
