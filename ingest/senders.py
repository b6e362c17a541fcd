"""What a writer remembers about those who write, so as not to ask the database for each batch.

A shard's log number tells whether that is still true: nobody stores anything without advancing it,
so if it stands where we left it, nobody else has stored a message of this shard since. Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

# How long it may take until a device that is retired is one for us.
REMEMBERED_FOR: Final = timedelta(seconds=10)

Key = tuple[str, str]  # the device's name and the outbox's id


class Sender(Struct):
    """A registered device and one of its outboxes. ``top`` is the highest number stored.

    ``barred``: its last certificate was revoked.
    """

    device_id: int
    outbox_no: int
    skew_ms: int | None
    top: int
    barred: bool = False


class Senders:
    """Remembers senders by shard. For one writer; ask within the transaction that holds the shard.

    Forget all when a transaction does not end well: it is then unknown what is stored.
    """

    def __init__(self) -> None:
        self._log_nos: dict[int, int] = {}
        self._shards: dict[int, dict[Key, Sender]] = {}
        self._since: datetime | None = None

    def forget(self) -> None:
        """Know nothing."""
        self._log_nos.clear()
        self._shards.clear()

    def check(self, log_nos: Mapping[int, int], now: datetime) -> None:
        """Forget what is old, and shards that do not stand where they were left."""
        if self._since is None or not timedelta(0) <= now - self._since < REMEMBERED_FOR:
            self.forget()
            self._since = now
        for shard, log_no in log_nos.items():
            if self._log_nos.get(shard) != log_no:
                self._shards[shard] = {}

    def find(self, shard: int, key: Key, numbers: Iterable[int]) -> Sender | None:
        """Return a sender of whom all ``numbers`` are new; None if that is not certain."""
        sender = self._shards[shard].get(key)
        if sender is None or min(numbers, default=sender.top + 1) <= sender.top:
            return None
        return sender

    def committed(
        self, log_nos: Mapping[int, int], senders: Iterable[tuple[int, Key, Sender]]
    ) -> None:
        """Remember how things stand after a commit: where the shards are, and who wrote."""
        self._log_nos.update(log_nos)
        for shard, key, sender in senders:
            self._shards[shard][key] = sender
