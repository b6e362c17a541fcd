"""Web push (RFC 8030), encrypted for the browser (RFC 8291), under our name (VAPID, RFC 8292).

The encryption is pywebpush's; the request goes by httpx, as the others do.
"""

import asyncio
import base64
import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec

from diagnostics.notifications.channel import PUSH
from diagnostics.notifications.message import Outgoing, Proof, SendError
from diagnostics.notifications.vapid import vapid
from diagnostics.notifications.webhook import post, refusal
from diagnostics.notifications.wording import worded

TIMEOUT_S: Final = 10.0
# How long a push service keeps it for a phone without a line; and how long our name holds.
KEEP_FOR: Final = timedelta(hours=1)
NAME_HOLDS: Final = timedelta(hours=12)
_GONE: Final = (404, 410)
_REFUSED: Final = (400, 413)


class PushSender:
    """Sends to the push service of each browser. The same message replaces itself there.

    Args:
        key: our VAPID key, a PEM file; None: there is none.
        contact: whom push services may ask, an address.
        public_url: of the desk, for links.
    """

    channel = PUSH

    def __init__(self, key: Path | None, *, contact: str, public_url: str) -> None:
        self._vapid = None if key is None else vapid(key)
        self._contact = contact
        self._public_url = public_url
        self._client = httpx.AsyncClient(timeout=TIMEOUT_S)

    async def send(self, message: Outgoing, now: datetime) -> Proof:
        """Send to one browser.

        Raises:
            SendError: its push service does not take it; gone if the browser has unsubscribed.
        """
        if self._vapid is None:
            raise SendError("no push key is configured: LIFTWACHT_PUSH_KEY", refused=True)
        if message.address is None:
            raise SendError("this way is no more", refused=True)
        content = self._content(message, now)
        url, body = await asyncio.to_thread(encrypted, message.address["address"], content)
        answer = await post(self._client, url, body, self._headers(message, url, now))
        if not answer.is_success:
            raise refusal(answer, gone=_GONE, refused=_REFUSED)
        return {"status": answer.status_code, "location": answer.headers.get("Location", "")}

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _content(self, message: Outgoing, now: datetime) -> bytes:
        wording = worded(message, now=now, public_url=self._public_url)
        return msgspec.json.encode(
            {
                "title": wording.title,
                "body": "\n".join(wording.lines),
                "link": wording.link,
                "tag": topic(message),
                "urgent": message.urgent,
            }
        )

    def _headers(self, message: Outgoing, url: str, now: datetime) -> dict[str, str]:
        parts = urlsplit(url)
        claims: dict[str, Any] = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "sub": f"mailto:{self._contact}",
            "exp": int((now + NAME_HOLDS).timestamp()),
        }
        assert self._vapid is not None  # noqa: S101 - asked before
        headers: dict[str, str] = self._vapid.sign(claims)
        return headers | {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(KEEP_FOR.total_seconds())),
            "Urgency": "high" if message.urgent else "normal",
            "Topic": topic(message),
        }


def encrypted(address: str, content: bytes) -> tuple[str, bytes]:
    """Return the endpoint of a subscription, and ``content`` as only its browser can read it.

    Raises:
        SendError: ``address`` is no subscription.
    """
    # It takes half a second to load, which an engine that comes back must not wait for.
    from pywebpush import WebPusher, WebPushException  # noqa: PLC0415

    try:
        subscription = msgspec.json.decode(address)
        return str(subscription["endpoint"]), WebPusher(subscription).encode(content)["body"]
    except (WebPushException, ValueError, KeyError, TypeError) as error:
        raise SendError(f"not a push subscription: {error}", refused=True) from error


def topic(message: Outgoing) -> str:
    """Return by what a push service, and the browser, know a second delivery."""
    digest = hashlib.sha256(message.dedup_key.encode()).digest()
    return base64.urlsafe_b64encode(digest)[:32].decode()
