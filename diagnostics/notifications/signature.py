"""How webhooks are signed: Standard Webhooks (https://www.standardwebhooks.com). Pure.

An HMAC-SHA256 of id, time and body. While a secret is replaced, the new one and the old one both
sign.
"""

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret begins with


def signature(secrets: Sequence[str], event_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers with which a receiver tells that ``body`` is from us, and fresh."""
    seconds = str(int(now.timestamp()))
    signed = b".".join((event_id.encode(), seconds.encode(), body))
    signatures = (
        base64.b64encode(
            hmac.digest(base64.b64decode(secret.removeprefix(SECRET_PREFIX)), signed, "sha256")
        ).decode()
        for secret in secrets
    )
    return {
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{found}" for found in signatures),
    }
