"""GET /v1/health."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api import problems
from api.health.schemas import Health, HealthProblem, State

router = APIRouter(tags=["Health"])

_DOWN: dict[int | str, dict[str, Any]] = {
    503: {"model": HealthProblem, "description": "The chain is broken."},
}


@router.get("/health", operation_id="getHealth", responses=_DOWN, response_model=Health)
async def get_health(request: Request) -> Health | Response:
    """Tell how each part of the chain is doing; 503 when one that it depends on is down."""
    health: Health = await request.state.monitor.check()
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
