"""SMS, telephone and chat, through Apprise: one library for a hundred services."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from diagnostics.notifications.channel import APPRISE, CHANNELS
from diagnostics.notifications.message import Outgoing, Proof, SendError
from diagnostics.notifications.wording import Wording, worded

# It logs addresses, which may hold secrets, when it warns.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


class MessengerSender:
    """Sends by any service that Apprise knows. Its calls block, so they have threads of their own.

    Args:
        public_url: of the desk, for links.
    """

    channel = APPRISE

    def __init__(self, *, public_url: str) -> None:
        self._public_url = public_url
        self._threads = ThreadPoolExecutor(CHANNELS[APPRISE].slots, "apprise")

    async def send(self, message: Outgoing, now: datetime) -> Proof:
        """Send by one service; delivered means that the service took it.

        Raises:
            SendError: it did not; for good if the address is none that Apprise knows.
        """
        if message.address is None:
            raise SendError("this way is no more", refused=True)
        wording = worded(message, now=now, public_url=self._public_url)
        service = await asyncio.get_running_loop().run_in_executor(
            self._threads, _notify, message.address["address"], wording, message.urgent
        )
        return {"service": service}

    async def close(self) -> None:
        """Leave the threads to end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _notify(address: str, wording: Wording, urgent: bool) -> str:  # noqa: FBT001 - an executor's
    """Send, and return the name of the service."""
    # It takes more than half a second to load, which an engine that comes back must not wait for.
    from apprise import Apprise, NotifyType  # noqa: PLC0415

    messenger = Apprise()
    if not messenger.add(address):
        raise SendError("not an address that Apprise knows", refused=True)
    (service,) = messenger
    kind = NotifyType.FAILURE if urgent else NotifyType.INFO
    if not messenger.notify(body=wording.text, title=wording.title, notify_type=kind):
        raise SendError(f"{service.service_name} did not take it")
    return str(service.service_name)
