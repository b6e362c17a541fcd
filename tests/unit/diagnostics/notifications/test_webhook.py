"""The signature, checked as a receiver would: by the standard's own library, and by hand."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from diagnostics.notifications.signature import signature

OLD, NEW = (f"whsec_{base64.b64encode(bytes([byte]) * 32).decode()}" for byte in (1, 2))
BODY = '{"id":"ticket-1-1-opened","é":1}'


@pytest.mark.parametrize("known", [OLD, NEW])
def test_a_receiver_recognises_us_also_while_the_secret_is_replaced(known: str) -> None:
    headers = signature([NEW, OLD], "ticket-1-1-opened", BODY.encode(), datetime.now(UTC))
    assert Webhook(known).verify(BODY, headers)["id"] == headers["webhook-id"]


def test_what_was_changed_on_the_way_or_kept_is_not_from_us() -> None:
    fresh = signature([NEW], "ticket-1-1-opened", BODY.encode(), datetime.now(UTC))
    kept = signature([NEW], "ticket-1-1-opened", BODY.encode(), datetime(2026, 1, 1, tzinfo=UTC))
    for secret, body, headers in (
        (NEW, BODY + " ", fresh),
        (OLD, BODY, fresh),
        (NEW, BODY, fresh | {"webhook-id": "ticket-2-1-opened"}),
        (NEW, BODY, kept),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, headers)


def test_the_ten_lines_of_the_documentation() -> None:
    headers = signature([NEW], "ticket-1-1-opened", BODY.encode(), datetime.now(UTC))
    key = base64.b64decode(NEW.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{BODY}".encode()
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert expected in headers["webhook-signature"].split()
