"""How long a session lives: pure."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from api.accounts.roles import Role


class Life(NamedTuple):
    """``lasts``: to its absolute end; ``idle``: without a request, each begins it anew."""

    lasts: timedelta
    idle: timedelta


class Lives(NamedTuple):
    """The lives of sessions: a mechanic's is longer, for who is under way signs in nowhere."""

    usual: Life
    road: Life

    def of(self, role: str) -> Life:
        """Return the life of a role's sessions."""
        return self.road if role == Role.MECHANIC else self.usual

    def since(self, now: datetime) -> dict[str, Any]:
        """Return since when a session must have been seen to be alive, for a statement."""
        return {
            "now": now,
            "road": Role.MECHANIC.value,
            "idle_since": now - self.usual.idle,
            "road_since": now - self.road.idle,
        }
