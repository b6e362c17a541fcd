"""Registers aids and their clients in the database."""

from collections.abc import Iterable, Sequence

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from gateway.protocol.topics import shard_of
from ingest.provisioning.manifest import TEST_LIFT, Aid


class UnknownMunicipalityError(Exception):
    """An aid is in a municipality that is not registered."""


_CLIENT = """
INSERT INTO client (client_number, municipality_code, wholly_dependent) VALUES (%s, %s, %s)
ON CONFLICT (client_number) DO UPDATE SET
    municipality_code = excluded.municipality_code,
    wholly_dependent = excluded.wholly_dependent
"""

# A device keeps its id, and what it said stays its own, even when it moves to another client. What
# the list does not say, but people wrote into the register meanwhile, stays as well.
_DEVICE = """
INSERT INTO device (
    name, shard, kind, maker, model, serial_number, rail_length_mm, municipality_code, postcode4,
    client_id, built_on, serviced_on, lent_on, max_load_kg, max_speed_mm_s, max_incline_deg,
    empty_ma, tested_ma, tested_kg
)
VALUES (
    %s, %s, %s, %s, %s, %s, %s, %s, %s, (SELECT client_id FROM client WHERE client_number = %s),
    %s, %s, %s, %s, %s, %s, %s, %s, %s
)
ON CONFLICT (name) DO UPDATE SET
    kind = excluded.kind,
    maker = coalesce(nullif(excluded.maker, ''), device.maker),
    model = coalesce(nullif(excluded.model, ''), device.model),
    serial_number = coalesce(nullif(excluded.serial_number, ''), device.serial_number),
    rail_length_mm = coalesce(excluded.rail_length_mm, device.rail_length_mm),
    municipality_code = excluded.municipality_code,
    postcode4 = excluded.postcode4,
    client_id = excluded.client_id,
    built_on = coalesce(excluded.built_on, device.built_on),
    serviced_on = greatest(excluded.serviced_on, device.serviced_on),
    lent_on = coalesce(excluded.lent_on, device.lent_on),
    max_load_kg = coalesce(excluded.max_load_kg, device.max_load_kg),
    max_speed_mm_s = excluded.max_speed_mm_s,
    max_incline_deg = excluded.max_incline_deg,
    empty_ma = excluded.empty_ma,
    tested_ma = excluded.tested_ma,
    tested_kg = excluded.tested_kg
"""

# In a municipality that is none, and with no client: it is in nobody's figures.
_TEST_LIFT = """
INSERT INTO device (name, shard, kind, maker, model, municipality_code, postcode4, test)
VALUES (%s, %s, 'stairlift', 'Liftwacht', 'self-test', 'GM0000', 1000, true)
ON CONFLICT (name) DO UPDATE SET test = true
"""


def register_test_lift(connection: Connection[TupleRow]) -> None:
    """Register the test lift, if it is not yet."""
    connection.execute(_TEST_LIFT, (TEST_LIFT, shard_of(TEST_LIFT)))


def register(connection: Connection[TupleRow], aids: Iterable[Aid]) -> int:
    """Register ``aids`` in one transaction, updating those that are known; return how many.

    Raises:
        UnknownMunicipalityError: and nothing is registered.
    """
    listed: Sequence[Aid] = list(aids)
    clients = [
        (aid.client_number, aid.municipality_code, aid.wholly_dependent)
        for aid in listed
        if aid.client_number is not None
    ]
    devices = [
        (
            *(aid.device, shard_of(aid.device), aid.kind, aid.maker, aid.model),
            *(aid.serial_number, aid.rail_length_mm, aid.municipality_code, aid.postcode4),
            *(aid.client_number, aid.built_on, aid.serviced_on, aid.lent_on),
            *(aid.max_load_kg, aid.max_speed_mm_s, aid.max_incline_deg),
            *(aid.empty_ma, aid.tested_ma, aid.tested_kg),
        )
        for aid in listed
    ]
    try:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(_CLIENT, clients)
            cursor.executemany(_DEVICE, devices)
    except psycopg.errors.ForeignKeyViolation as error:
        raise UnknownMunicipalityError(error.diag.message_detail or str(error)) from error
    return len(listed)
