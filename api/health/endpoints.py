"""GET /v1/health."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api import problems
from api.accounts.principal import Visitor, open_to_all
from api.accounts.roles import Permission
from api.health.schemas import Health, HealthProblem, State

router = APIRouter(tags=["Health"])

_DOWN: dict[int | str, dict[str, Any]] = {
    503: {"model": HealthProblem, "description": "The chain is broken."},
}


@router.get(
    "/health",
    operation_id="getHealth",
    responses=_DOWN,
    response_model=Health,
    dependencies=[open_to_all()],
)
async def get_health(request: Request, visitor: Visitor) -> Health | Response:
    """Tell how each part of the chain is doing; 503 when one that it depends on is down.

    Open to everybody, for whatever watches the watch. Details and figures are for accounts.
    """
    health: Health = await request.state.monitor.check()
    if visitor is None or not visitor.may(Permission.READ_HEALTH):
        health = health.outline()
    if health.state is not State.DOWN:
        return health
    broken = [part for part in health.parts if part.state is State.DOWN]
    found = HealthProblem(
        status=503,
        title="Service Unavailable",
        detail="; ".join(f"{part.name}: {part.detail}" for part in broken),
        health=health,
    )
    return problems.response(found)
