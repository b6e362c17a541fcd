"""Webhook: CloudEvents 1.0, structured JSON, over HTTP."""

from datetime import datetime
from typing import Final

import httpx

from diagnostics.notifications.message import Outgoing, SendError

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
TIMEOUT_S: Final = 10.0


class WebhookSender:
    """Posts events to one receiver, which recognises a second delivery by the event's ``id``.

    Args:
        url: of the receiver; None: nobody wants to hear.
    """

    channel = "webhook"

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._client = httpx.AsyncClient(timeout=TIMEOUT_S)

    async def send(self, message: Outgoing, now: datetime) -> None:  # noqa: ARG002 - the port's
        """Post ``message``; any 2xx means that it was taken."""
        if self._url is None:
            raise SendError("no webhook is configured", needless=True)
        try:
            answer = await self._client.post(
                self._url, json=message.payload, headers={"Content-Type": CONTENT_TYPE}
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SendError(f"{type(error).__name__}: {error}") from error
        if not answer.is_success:
            raise SendError(f"the receiver answered {answer.status_code}")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
