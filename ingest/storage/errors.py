"""What the database refuses, in words of the domain: the one place that knows constraint names."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


class StorageError(Exception):
    """The database holds something that forbids this."""


class TicketAlreadyOpenError(StorageError):
    """The device already has an open ticket for this emergency."""


class FindingExistsError(StorageError):
    """This episode of the device is already on record."""


class NotificationExistsError(StorageError):
    """This message has already been queued."""


class DeviceExistsError(StorageError):
    """A device of this name is already registered."""


class ClientExistsError(StorageError):
    """A client of this number is already registered."""


ERROR_OF_CONSTRAINT: dict[str, type[StorageError]] = {
    "ticket_one_open": TicketAlreadyOpenError,
    "finding_once": FindingExistsError,
    "notification_dedup_key_key": NotificationExistsError,
    "device_name_key": DeviceExistsError,
    "client_client_number_key": ClientExistsError,
}


@contextmanager
def domain_errors() -> Iterator[None]:
    """Turn violations of a known unique constraint into the error that it means.

    Raises:
        StorageError: one of its children, with the database's own detail as text. Violations of
            constraints that have no name here pass through: they are bugs.
    """
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        meaning = ERROR_OF_CONSTRAINT.get(error.diag.constraint_name or "")
        if meaning is None:
            raise
        raise meaning(error.diag.message_detail or meaning.__doc__ or "") from error
