"""POST /v1/enrolments: the one thing that a modem without a certificate can ask."""

from fastapi import APIRouter, Request, status

from api.accounts.principal import open_to_all
from api.enrolments import service
from api.enrolments.schemas import Enrolment, NewEnrolment

router = APIRouter(tags=["Devices"])
_WAIT_S = 3.0


@router.post(
    "/enrolments",
    operation_id="enrol",
    dependencies=[open_to_all()],
    status_code=status.HTTP_201_CREATED,
)
async def enrol(request: Request, asked: NewEnrolment) -> Enrolment:
    """Let a modem in that has a one-time code. The same code and key again: the same answer."""
    async with request.state.pool.connection(timeout=_WAIT_S) as connection:
        return await service.enrol(
            connection,
            asked,
            address=request.client.host if request.client else "",
            now=request.state.now(),
        )
