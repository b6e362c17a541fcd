"""What stands in the addresses of pages."""

from typing import Annotated

from fastapi import Path

from gateway.protocol.topics import DEVICE_NAME_PATTERN

TicketId = Annotated[int, Path(ge=1, le=2**63 - 1)]
DeviceName = Annotated[str, Path(pattern=DEVICE_NAME_PATTERN, max_length=32)]
