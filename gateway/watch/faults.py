"""Faults that come and go, as edges."""

from collections import deque
from collections.abc import Mapping

from gateway.protocol.messages import FaultEdge
from gateway.protocol.vocabulary import Edge
from gateway.watch.situation import Situation, sample_of
from gateway.watch.unnumbered import UNNUMBERED

# A worn contact may chatter: so many edges of one code within the window are told at once, any
# more only once it has kept still.
CHATTER_EDGES = 6
CHATTER_WINDOW_MS = 60_000
CHATTER_STILL_MS = 10_000


class Faults:
    """Which faults the platform believes active: by code, with the maker's own code."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self.told = dict(told)
        self._edges: dict[str, deque[int]] = {}
        self._pending: dict[str, int] = {}  # code: since when it differs from what was told

    @property
    def settled(self) -> bool:
        """Whether the same reading again, at any later time, brings nothing new."""
        return not self._pending

    def step(self, situation: Situation) -> list[FaultEdge]:
        """Return the edges between what was told and what is."""
        if not situation.reading.faults and not self.told and not self._pending:
            return []
        active = {fault.code: fault.maker_code for fault in situation.reading.faults}
        if active == self.told and not self._pending:
            return []
        for code in [code for code in self._pending if (code in active) == (code in self.told)]:
            del self._pending[code]
        edges = []
        for code in sorted(active.keys() ^ self.told.keys()):
            if not self._may_tell(code, situation.now_ms):
                continue
            raised = code in active
            maker_code = active[code] if raised else self.told[code]
            if raised:
                self.told[code] = maker_code
            else:
                del self.told[code]
            edges.append(
                FaultEdge(
                    **UNNUMBERED,
                    time_ms=situation.wall_ms,
                    code=code,
                    edge=Edge.RAISED if raised else Edge.CLEARED,
                    sample=sample_of(situation.reading),
                    maker_code=maker_code,
                )
            )
        return edges

    def _may_tell(self, code: str, now_ms: int) -> bool:
        since_ms = self._pending.setdefault(code, now_ms)
        edges = self._edges.setdefault(code, deque(maxlen=CHATTER_EDGES))
        chatters = len(edges) == CHATTER_EDGES and now_ms - edges[0] < CHATTER_WINDOW_MS
        if chatters and now_ms - since_ms < CHATTER_STILL_MS:
            return False
        edges.append(now_ms)
        del self._pending[code]
        return True
