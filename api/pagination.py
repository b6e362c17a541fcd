"""Pages of a long list by cursor: stable while rows come and go, and fast on any page."""

import base64
import binascii
from typing import Annotated

from fastapi import Query, Request, Response

from api.problems import InvalidInputError

Limit = Annotated[int, Query(ge=1, le=500, description="How many at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=64, description="`nextCursor` of the page before, as it came."),
]


def encode(last_id: int) -> str:
    """Return the cursor of the page after the row with ``last_id``."""
    return base64.urlsafe_b64encode(str(last_id).encode()).rstrip(b"=").decode()


def decode(cursor: str | None) -> int | None:
    """Return the id that a cursor stands for; None for the first page.

    Raises:
        InvalidInputError: not a cursor of ours.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        number = int(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise InvalidInputError("query", "cursor", "not a cursor from an earlier page") from None
    if not 0 <= number < 2**63:
        raise InvalidInputError("query", "cursor", "not a cursor from an earlier page")
    return number


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Name the next page in the Link header (RFC 8288) too."""
    if cursor is not None:
        url = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{url}>; rel="next"'
