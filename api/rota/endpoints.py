"""GET /v1/rota, and what managers change about it."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.rota import service
from api.rota.schemas import (
    EndOfRotation,
    Made,
    Moment,
    NewOverride,
    NewRotation,
    OverrideList,
    RotationList,
    Schedule,
    Swap,
)
from api.transactions import Reading, Writing

router = APIRouter(prefix="/rota", tags=["Rota"], dependencies=[needs(Permission.READ_ROTA)])
_WRITE = [needs(Permission.WRITE_ROTA)]

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the rotation.")]
Days = Annotated[int, Query(ge=1, le=62, description="How many days of the plan.")]
From = Annotated[Moment | None, Query(alias="from", description="Where the plan begins; else now.")]


@router.get("", operation_id="getRota")
async def get_rota(
    request: Request, connection: Reading, begin: From = None, days: Days = 14
) -> Schedule:
    """Return who is on call now, the plan of the coming days, and its gaps."""
    now = request.state.now()
    begin = begin or now
    end = begin + timedelta(days=days)
    return await service.schedule(connection, now=now, begin=begin, end=end)


@router.get("/rotations", operation_id="listRotations")
async def list_rotations(request: Request, connection: Reading) -> RotationList:
    """List the rotations that have not ended."""
    return RotationList(items=await service.rotations(connection, now=request.state.now()))


@router.post("/rotations", operation_id="addRotation", dependencies=_WRITE)
async def add_rotation(request: Request, who: Who, connection: Writing, body: NewRotation) -> Made:
    """Have people take turns on a layer."""
    now = request.state.now()
    number = await service.add_rotation(connection, body, actor=who.login, now=now)
    return Made(ids=[number])


@router.post("/rotations/{number}/end", operation_id="endRotation", dependencies=_WRITE)
async def end_rotation(
    request: Request, connection: Writing, number: Number, body: EndOfRotation
) -> RotationList:
    """Have a rotation end. What was is not changed."""
    now = request.state.now()
    await service.end_rotation(connection, number, body.last_day, now=now)
    return RotationList(items=await service.rotations(connection, now=now))


@router.get("/overrides", operation_id="listOverrides")
async def list_overrides(request: Request, connection: Reading) -> OverrideList:
    """List who takes over from whom, as far as it has not ended."""
    return OverrideList(items=await service.overrides(connection, now=request.state.now()))


@router.post("/overrides", operation_id="addOverride", dependencies=_WRITE)
async def add_override(request: Request, who: Who, connection: Writing, body: NewOverride) -> Made:
    """Have somebody take over for a while. Later ones go on top of earlier ones."""
    now = request.state.now()
    number = await service.add_override(connection, body, actor=who.login, now=now)
    return Made(ids=[number])


@router.post("/swaps", operation_id="swapShifts", dependencies=_WRITE)
async def swap(request: Request, who: Who, connection: Writing, body: Swap) -> Made:
    """Have two people take each other's place, each for a stretch."""
    now = request.state.now()
    return Made(ids=await service.swap(connection, body, actor=who.login, now=now))
