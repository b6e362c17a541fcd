"""An order to an aid, and the wire's command that it becomes. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec
from msgspec import Struct

from gateway.protocol.messages import Command


class CommandKind(StrEnum):
    """What can be asked. None of it moves anything, and nothing that does will be added."""

    SNAPSHOT = "snapshot"  # say now how you are
    SELF_TEST = "self_test"  # make a test call
    IDENTIFY = "identify"  # be heard and seen
    SET_SAMPLING = "set_sampling"  # tell more often, for a while


# An order that comes later than this would only surprise whoever is in the room.
VALID_FOR: Final = {
    CommandKind.SNAPSHOT: timedelta(minutes=2),
    CommandKind.SELF_TEST: timedelta(minutes=10),
    CommandKind.IDENTIFY: timedelta(minutes=1),
    CommandKind.SET_SAMPLING: timedelta(hours=1),
}


class Order(Struct, frozen=True, kw_only=True):
    """What ``actor`` asks of an aid.

    Attributes:
        command_id: 32 hexadecimal digits, the caller's; the reply names it.
        parameters: those of the wire's command.
        ticket_id: what it is for, if for a ticket.
    """

    command_id: str
    device_name: str
    kind: CommandKind
    parameters: dict[str, Any]
    actor: str
    at: datetime
    ticket_id: int | None = None

    @property
    def expires_at(self) -> datetime:
        """From when on the aid will not do it any more."""
        return self.at + VALID_FOR[self.kind]


def wire_of(order: Order) -> Command:
    """Return the command as the aid gets it.

    Raises:
        ValueError: the parameters are not those of its kind; says which and why.
    """
    fields = {
        **order.parameters,
        "kind": order.kind.value,
        "command_id": order.command_id,
        "expires_ms": round(order.expires_at.timestamp() * 1000),
    }
    try:
        command: Command = msgspec.convert(fields, type=Command)
    except msgspec.ValidationError as error:
        raise ValueError(f"{order.kind}: {error}") from error
    return command
