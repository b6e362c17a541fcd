"""Who should hold which part of the shards. Pure.

A part is what a worker takes or gives up at once: some shards with a session of their own at the
broker. Each worker decides for itself, from the same rows, what to take and what to give back; so
nobody leads, and nobody needs to be replaced before the others can go on.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from msgspec import Struct

from gateway.protocol.topics import SHARD_COUNT
from ingest.broker import Shards

# So many that three workers have 20 to 24 shards each; so few that a worker alone, which holds them
# all, has a connection each without noticing. The rows of `ingest_part`.
PART_COUNT: Final = 16
SHARDS_PER_PART: Final = SHARD_COUNT // PART_COUNT


class Lease(Struct, frozen=True):
    """A part and who holds it; None: nobody."""

    part: int
    holder: str | None


class Member(Struct, frozen=True):
    """A worker that lives.

    Attributes:
        reaches: whether it reaches the broker; None: it has not tried.
        for_s: since how many seconds that is so.
    """

    name: str
    reaches: bool | None = None
    for_s: float = 0.0


class Moves(Struct, frozen=True):
    """What a worker should do now: parts to take, from whom, and parts to give back."""

    take: tuple[Lease, ...] = ()
    give: tuple[int, ...] = ()


def shards_of(part: int) -> Shards:
    """Return the shards of a part."""
    first = part * SHARDS_PER_PART
    return Shards(first, first + SHARDS_PER_PART - 1)


def part_of(shard: int) -> int:
    """Return the part that a shard is in."""
    return shard // SHARDS_PER_PART


def quotas(living: Iterable[str], leases: Iterable[Lease]) -> dict[str, int]:
    """Return how many parts each of the ``living`` should hold: all the same, or one more.

    The one more goes to those who have most, so that as little as possible moves.
    """
    parts = list(leases)
    held = Counter(lease.holder for lease in parts)
    ordered = sorted(set(living), key=lambda name: (-held[name], name))
    if not ordered:
        return {}
    each, over = divmod(len(parts), len(ordered))
    return {name: each + (place < over) for place, name in enumerate(ordered)}


def able(members: Collection[Member], leases: Iterable[Lease], *, deaf_after_s: float) -> set[str]:
    """Return who should hold parts: whoever lives, but not who is deaf while others hear.

    Deaf is who has not reached the broker for ``deaf_after_s``. It loses its parts only to somebody
    who has reached it for as long: when the broker is back after an outage, all find that out at
    different moments, and nobody should give anything away meanwhile. While nobody reaches it
    nothing moves: who has parts keeps them, and who is deaf and has none gets none.
    """
    living = {each.name for each in members}
    deaf = {each.name for each in members if each.reaches is False and each.for_s >= deaf_after_s}
    if not any(each.reaches and each.for_s >= deaf_after_s for each in members):
        deaf -= {lease.holder for lease in leases if lease.holder is not None}
    return living - deaf or living


def decide(
    me: str, living: Iterable[str], leases: Sequence[Lease], fit: Iterable[str] | None = None
) -> Moves:
    """Return what ``me`` should do.

    Whoever has more than its quota gives back; whoever has less takes what nobody living holds. All
    who see the same take different ones: free parts are dealt out in the order of names.

    Args:
        me: this worker; it counts as living.
        living: all that are.
        leases: every part, in order.
        fit: who of them should hold parts; None: all.
    """
    alive = {*living, me}
    takers = alive if fit is None else alive & set(fit)
    wanted = quotas(takers, leases)
    held = Counter(lease.holder for lease in leases)
    surplus = held[me] - wanted.get(me, 0)
    if surplus > 0:
        mine = [lease.part for lease in leases if lease.holder == me]
        return Moves(give=tuple(mine[-surplus:]))
    free = [lease for lease in leases if lease.holder not in alive]
    start = sum(max(0, wanted[name] - held[name]) for name in takers if name < me)
    return Moves(take=tuple(free[start : start - surplus]))
