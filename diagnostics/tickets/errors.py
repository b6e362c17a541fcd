"""What can be wrong with something asked of a ticket."""


class TicketError(Exception):
    """Something asked of a ticket cannot be done."""


class TicketNotFound(TicketError):  # noqa: N818 - reads as the fact it states
    """There is no such ticket."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"there is no ticket {ticket_id}")
        self.ticket_id = ticket_id


class TicketClosed(TicketError):  # noqa: N818
    """The ticket is closed, or its emergency was released."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"ticket {ticket_id} is closed")
        self.ticket_id = ticket_id


class WrongKind(TicketError):  # noqa: N818
    """It is a ticket of another kind: emergencies are released, repairs are done."""

    def __init__(self, ticket_id: int, *, kind: str) -> None:
        super().__init__(f"ticket {ticket_id} is of kind {kind}")
        self.ticket_id = ticket_id
        self.kind = kind


class NotNow(TicketError):  # noqa: N818
    """As the ticket stands it cannot be done; ``why`` says what stands in the way."""

    def __init__(self, ticket_id: int, why: str) -> None:
        super().__init__(f"ticket {ticket_id}: {why}")
        self.ticket_id = ticket_id
        self.why = why


class NotReleased(NotNow):
    """First somebody has to confirm that the rider is safe."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(ticket_id, "first confirm that the rider is safe")


class NewerAlarm(NotNow):
    """The lift called for help after the moment at which the rider is said to have been safe."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(ticket_id, "there was a newer call for help: confirm anew")


class VersionConflict(TicketError):  # noqa: N818
    """Somebody else changed the ticket since it was read."""

    def __init__(self, ticket_id: int, *, expected: int, actual: int) -> None:
        super().__init__(f"ticket {ticket_id} is at version {actual}, not {expected}")
        self.ticket_id = ticket_id
        self.expected = expected
        self.actual = actual
