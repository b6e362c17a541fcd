"""/.well-known/security.txt (RFC 9116): where to report a weakness."""

from datetime import UTC, timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from api.accounts.principal import open_to_all
from api.problems import NotFoundError

router = APIRouter(include_in_schema=False)
# It says itself for how long it may be believed; it is made anew for everybody who asks.
_GOOD_FOR: Final = timedelta(days=180)


@router.get("/.well-known/security.txt", dependencies=[open_to_all()])
async def security_txt(request: Request) -> PlainTextResponse:
    """Say whom to tell of a weakness."""
    contact = request.state.accounts.security_contact
    if contact is None:
        raise NotFoundError("No contact is set here.")
    expires = (request.state.now().astimezone(UTC) + _GOOD_FOR).replace(microsecond=0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
    )
    return PlainTextResponse("\n".join((*lines, "")))
