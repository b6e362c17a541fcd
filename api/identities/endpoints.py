"""/v1/security-events."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, status

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.identities import service
from api.identities.schemas import NewReview, SecurityEvents
from api.transactions import AsService

router = APIRouter(tags=["Devices"])
_READ = [needs(Permission.READ_IDENTITIES)]
_MANAGE = [needs(Permission.MANAGE_IDENTITIES)]


@router.get("/security-events", operation_id="listSecurityEvents", dependencies=_READ)
async def list_security_events(
    connection: AsService,
    device: Annotated[str | None, Query(pattern=r"^[a-z0-9-]{3,32}$")] = None,
) -> SecurityEvents:
    """List what is odd about who modems are: the newest hundred, open doubts first."""
    return await service.events(connection, device)


@router.post(
    "/security-events/{number}/reviews",
    operation_id="reviewSecurityEvent",
    dependencies=_MANAGE,
    status_code=status.HTTP_204_NO_CONTENT,
)
async def review_security_event(
    request: Request,
    who: Who,
    connection: AsService,
    number: Annotated[int, Path(ge=1, le=2**63 - 1)],
    asked: NewReview,
) -> None:
    """Say what you found; the doubt ends. It cannot be taken back."""
    await service.review(connection, who, number, asked.note, request.state.now())
