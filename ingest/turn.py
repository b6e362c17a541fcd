"""How the lanes of one thread share it: who has much to work out does so in steps, one at a time.

Between two steps the sockets are served. Else the database would wait for the rest of a batch, of
which the socket holds a quarter, until another batch has been worked out; and a call just as long.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

# So many messages take a millisecond or less.
STEP: Final = 100

Item = TypeVar("Item")


class Turn:
    """Whose turn it is, for all who share a loop."""

    def __init__(self) -> None:
        self._taken = asyncio.Lock()

    async def each(self, items: Sequence[Item], work: Callable[[Item], object]) -> None:
        """Do ``work`` on each of ``items``, in order.

        What is done in one step waits for nobody. More than that waits until nobody else has more:
        together all would be ready late and at once, and the database idle until then.
        """
        if len(items) <= STEP:
            for item in items:
                work(item)
            return
        async with self._taken:
            for start in range(0, len(items), STEP):
                for item in items[start : start + STEP]:
                    work(item)
                await asyncio.sleep(0)
