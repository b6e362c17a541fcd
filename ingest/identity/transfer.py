"""Gives an aid to another client. The aid stays who it is; what was learnt of a client goes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

VALID_FOR = timedelta(days=30)  # it may be in a van, without power

# What detectors learnt of the one before goes with this: a trigger sees to it, whoever moves it.
_MOVE = """
UPDATE device
SET client_id = client.client_id, lent_on = (%(now)s AT TIME ZONE 'Europe/Amsterdam')::date
FROM (SELECT (SELECT client_id FROM client WHERE client_number = %(client)s) AS client_id) AS client
WHERE name = %(device)s AND retired_at IS NULL
  AND (%(client)s::text IS NULL OR client.client_id IS NOT NULL)
RETURNING device_id
"""
_ORDER = """
INSERT INTO device_command (command_id, device_id, kind, actor, ordered_at, expires_at)
VALUES (%(command)s, %(device_id)s, 'forget', 'system:transfer', %(now)s, %(expires)s)
"""
_SEND = """
INSERT INTO notification (dedup_key, channel, recipient, payload, created_at, next_attempt_at)
VALUES ('lift:' || %(command)s, 'lift', %(device)s, %(payload)s, %(now)s, %(now)s)
"""


def transfer(
    connection: Connection[TupleRow], device: str, client: str | None, *, now: datetime
) -> None:
    """Lend ``device`` to the client with that number, or to nobody, and have its modem forget.

    Raises:
        ValueError: there is no such aid, or no such client.
    """
    command, expires = uuid4().hex, now + VALID_FOR
    payload = {
        "kind": "forget",
        "command_id": command,
        "expires_ms": round(expires.timestamp() * 1000),
    }
    values: dict[str, Any] = {"device": device, "client": client, "now": now, "command": command}
    with connection.transaction():
        found = connection.execute(_MOVE, values).fetchone()
        if found is None:
            raise ValueError(f"there is no aid {device!r}, or no client {client!r}")
        values |= {"device_id": found[0], "expires": expires, "payload": Jsonb(payload)}
        connection.execute(_ORDER, values)
        connection.execute(_SEND, values)
        connection.execute("SELECT pg_notify('liftwacht_notification', '')")
