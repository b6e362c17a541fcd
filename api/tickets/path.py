"""Where a ticket is."""

from typing import Annotated

from fastapi import Path

TicketNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the ticket.")]
