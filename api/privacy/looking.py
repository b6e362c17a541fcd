"""A page about one client is a look at that client: written down by whoever answers it.

An endpoint says so with ``looks_at``; a test goes through all routes and finds those that do not.
"""

from typing import Any, Final, Literal

from fastapi import Depends, Request

from api.accounts.principal import Who
from api.privacy.removing import QUERIES

Sort = Literal["client", "aid", "ticket", "order", "complaint", "misuse", "request"]
_REASONS: Final = {
    "client": "client file",
    "aid": "aid file",
    "ticket": "ticket",
    "order": "order",
    "complaint": "complaint",
    "misuse": "misuse case",
    "request": "subject request",
}
_WAIT_S: Final = 3.0


class LooksAt:
    """What an endpoint shows: the case that ``parameter`` of its path names."""

    def __init__(self, sort: Sort, parameter: str) -> None:
        self.sort = sort
        self.parameter = parameter

    async def __call__(self, request: Request, who: Who) -> None:
        """Write the look down, if there is such a case and it is for them to see."""
        key = str(request.path_params[self.parameter])
        if self.sort not in ("client", "aid") and not (key.isascii() and key.isdigit()):
            return  # no number: the answer says so
        if len(key) > _MOST_DIGITS and key.isdigit():
            return
        asked = {
            "who": who.account_id,
            "sort": self.sort,
            "key": key,
            "reason": _REASONS[self.sort],
            "now": request.state.now(),
        }
        # Of its own: also what only reads is written down, and stays so if the answer fails.
        async with (
            request.state.pool.connection(timeout=_WAIT_S) as connection,
            connection.transaction(),
        ):
            await connection.execute(QUERIES["look_at_case"], asked)


_MOST_DIGITS: Final = 18  # of what the database calls a number


def looks_at(sort: Sort, parameter: str) -> Any:
    """Return the dependency of an endpoint that shows one case; ``parameter``: of its path."""
    return Depends(LooksAt(sort, parameter))
