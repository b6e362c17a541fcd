"""GET /v1/live."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.accounts.principal import needs
from api.accounts.roles import Permission

router = APIRouter(tags=["Live"], dependencies=[needs(Permission.FOLLOW_LIVE)])

# How soon a stream ends whose reader may not read it any more.
_ASKED_AGAIN = timedelta(seconds=30)


@router.get("/live", operation_id="followChanges", response_class=EventSourceResponse)
async def follow_changes(
    request: Request,
    last_event_id: Annotated[
        str | None, Header(max_length=64, description="Resume after this event.")
    ] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Follow changes as server-sent events.

    `ticket` and `device` name what changed; `refresh` says that something may have been missed,
    so that everything must be read again; `interrupted` that changes do not reach this service
    for now; `health` that the state of the chain changed; `alive` that nothing happened. The
    stream ends within half a minute after its reader was signed out.
    """
    asked_at = request.state.now()
    async for event in request.state.broadcaster.stream(last_event_id):
        now = request.state.now()
        if now - asked_at > _ASKED_AGAIN:
            asked_at = now
            reader = await request.state.recognise(request)
            if reader is None or not reader.may(Permission.FOLLOW_LIVE):
                return
        data = event.change.model_dump(mode="json", exclude_none=True)
        yield ServerSentEvent(event=event.name.value, id=event.id or None, data=data, retry=1_000)
