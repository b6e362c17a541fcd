"""A mail server that keeps what it gets: every mail is a file, and a line on the screen."""

import os
import re
import signal
import threading
from email import message_from_bytes, policy
from pathlib import Path
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# What a file may be called, of a Message-ID.
_NAME: Final = re.compile(r"[^A-Za-z0-9-]+")


class Mailbox:
    """Keeps mails in a folder; one that comes twice is one file.

    Args:
        folder: made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail."""
        content = envelope.content
        if not isinstance(content, bytes):
            return "554 5.6.0 not a mail"
        mail = message_from_bytes(content, policy=policy.default)
        name = _NAME.sub("-", str(mail["Message-ID"] or "mail").partition("@")[0]).strip("-")
        file = self._folder / f"{name}.eml"
        file.write_bytes(content)
        print(f"to {', '.join(envelope.rcpt_tos)}: {mail['Subject']} ({file})", flush=True)
        return f"250 2.0.0 kept as {file.name}"


def main() -> None:
    """Serve on ``MAIL_PORT`` of the loopback interface until told to stop."""
    stop = threading.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: stop.set())
    mailbox = Mailbox(Path(os.environ["MAIL_FOLDER"]))
    controller = Controller(mailbox, hostname="127.0.0.1", port=int(os.environ["MAIL_PORT"]))
    controller.start()
    stop.wait()
    controller.stop()


if __name__ == "__main__":
    main()
