"""What can be wrong with something asked of a ticket."""


class TicketError(Exception):
    """Something asked of a ticket cannot be done."""


class TicketNotFound(TicketError):  # noqa: N818 - reads as the fact it states
    """There is no such ticket."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"there is no ticket {ticket_id}")
        self.ticket_id = ticket_id


class TicketClosed(TicketError):  # noqa: N818
    """The ticket is closed: its emergency was released, or its repair done."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"ticket {ticket_id} is closed")
        self.ticket_id = ticket_id


class WrongKind(TicketError):  # noqa: N818
    """It is a ticket of another kind: emergencies are released, repairs are done."""

    def __init__(self, ticket_id: int, *, kind: str) -> None:
        super().__init__(f"ticket {ticket_id} is of kind {kind}")
        self.ticket_id = ticket_id
        self.kind = kind


class VersionConflict(TicketError):  # noqa: N818
    """Somebody else changed the ticket since it was read."""

    def __init__(self, ticket_id: int, *, expected: int, actual: int) -> None:
        super().__init__(f"ticket {ticket_id} is at version {actual}, not {expected}")
        self.ticket_id = ticket_id
        self.expected = expected
        self.actual = actual
