"""Who calls for help and is not registered: to be seen, but not a thousand times. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

SILENT_FOR: Final = timedelta(minutes=1)


class Strangers:
    """Remembers of whom it told within the last minute."""

    def __init__(self) -> None:
        self._told: dict[str, datetime] = {}

    def to_tell(self, devices: Iterable[str], now: datetime) -> list[str]:
        """Return those of ``devices`` whose call is news at ``now``, in alphabetical order."""
        self._told = {name: at for name, at in self._told.items() if now - at < SILENT_FOR}
        news = sorted(set(devices) - self._told.keys())
        self._told.update(dict.fromkeys(news, now))
        return news
