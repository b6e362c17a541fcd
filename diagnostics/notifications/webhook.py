"""Webhook: CloudEvents 1.0 after the NL GOV profile, structured JSON, signed, over HTTP."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import httpx
import msgspec

from diagnostics.notifications.channel import WEBHOOK
from diagnostics.notifications.message import Outgoing, Proof, SendError
from diagnostics.notifications.signature import signature
from diagnostics.sealing import Keyring, UnreadableSecretError

CONTENT_TYPE: Final = "application/cloudevents+json; charset=UTF-8"
TIMEOUT_S: Final = 10.0
_GONE: Final = 410


class _Address(msgspec.Struct):
    url: str
    secrets: list[str]


class WebhookSender:
    """Posts events; a receiver recognises a second delivery by the event's ``id``.

    Args:
        source: the CloudEvents ``source`` of this platform.
        keys: open the receivers' secrets.
    """

    channel = WEBHOOK

    def __init__(self, *, source: str, keys: Keyring | None = None) -> None:
        self._source = source
        self._keys = keys or Keyring()
        # It does not follow redirections: what is signed for one receiver is for no other.
        self._client = httpx.AsyncClient(timeout=TIMEOUT_S)

    async def send(self, message: Outgoing, now: datetime) -> Proof:
        """Post ``message``; any 2xx means that it was taken.

        Raises:
            SendError: it was not; with 410 nothing is to be sent there again.
        """
        if message.address is None:
            raise SendError("the subscription is no more", needless=True)
        address = msgspec.convert(message.address, _Address)
        body = msgspec.json.encode(message.payload | {"source": self._source})
        try:
            secrets = [self._keys.open(each) for each in address.secrets]
        except UnreadableSecretError as error:
            raise SendError(str(error)) from error
        headers = {"Content-Type": CONTENT_TYPE} | signature(
            secrets, message.payload["id"], body, now
        )
        answer = await post(self._client, address.url, body, headers)
        if not answer.is_success:
            raise refusal(answer, gone=(_GONE,))
        return {"status": answer.status_code}

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


async def post(
    client: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str]
) -> httpx.Response:
    """Post ``body``.

    Raises:
        SendError: nobody answered.
    """
    try:
        return await client.post(url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SendError(f"{type(error).__name__}: {error}".rstrip(": ")) from error


def refusal(
    answer: httpx.Response, *, gone: Sequence[int] = (), refused: Sequence[int] = ()
) -> SendError:
    """Return what an answer other than 2xx means."""
    seconds = answer.headers.get("Retry-After", "")
    return SendError(
        f"the receiver answered {answer.status_code}",
        gone=answer.status_code in gone,
        refused=answer.status_code in refused,
        again_after=timedelta(seconds=int(seconds)) if seconds.isdigit() else None,
    )
