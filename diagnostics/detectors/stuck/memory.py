"""What is remembered of a lift from one step to the next, and how its connection changes that."""

from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diagnostics.detectors.contract import Aid, Finding
from diagnostics.detectors.stuck import calls as calling
from diagnostics.detectors.stuck.calls import Calls
from diagnostics.detectors.stuck.parameters import Parameters
from diagnostics.detectors.stuck.track import Track
from diagnostics.detectors.stuck.view import Seen, see
from diagnostics.facts import Order, PresenceChanged

_NOWHERE: Final = Order(0, 0, 0)


class Episode(Struct, frozen=True, kw_only=True):
    """The newest stop, or silence, that was found, and until when it was seen to last."""

    finding: Finding
    until: datetime


class Press(Struct, frozen=True, kw_only=True):
    """The newest press of the button."""

    key: str
    first: datetime
    last: datetime


class Memory(Struct, frozen=True, kw_only=True):
    """What is remembered of a device.

    Attributes:
        settled: the track up to where no earlier observation can come any more.
        window: newer observations, in the device's order.
        clock: the newest platform time that was judged.
        session: the newest connection, and whether it is up: (number, 0 up or 1 down).
        lost_at: when the connection was lost; None while it is up.
        head: where the device's order stood when it last connected at rest; None if it did not.
        stop: the newest stop that was found; silence: likewise; press: of the button.
        alarmed: an emergency was found, and no rest at a landing since.
    """

    settled: Track = Track()
    window: tuple[Seen, ...] = ()
    clock: datetime | None = None
    session: tuple[int, int] = (0, 0)
    lost_at: datetime | None = None
    head: Order | None = None
    calls: Calls = ()
    stop: Episode | None = None
    silence: Episode | None = None
    press: Press | None = None
    alarmed: bool = False


def connected(memory: Memory, fact: PresenceChanged, aid: Aid, limits: Parameters) -> Memory:
    """Take in a birth or will message; an older session's changes nothing."""
    session = (fact.session, 0 if fact.online else 1)
    if session <= memory.session:
        return memory
    if not fact.online:
        return replace(memory, session=session, lost_at=fact.received_at)
    seen = see(fact, aid, limits)
    head = memory.head
    if seen is not None and seen.resting and fact.call_id is None:
        head = max(head or _NOWHERE, seen.order)
    return replace(
        memory,
        session=session,
        lost_at=None,
        head=head,
        calls=calling.announce(memory.calls, fact, limits),
    )
