"""What is remembered of an aid from one step to the next."""

from datetime import datetime

from msgspec import Struct

from diagnostics.detectors.contract import Finding
from diagnostics.detectors.emergency.calls import Calls
from diagnostics.detectors.emergency.line import Line
from diagnostics.detectors.emergency.seen import Seen
from diagnostics.detectors.emergency.track import Track
from diagnostics.facts import Order


class Episode(Struct, frozen=True, kw_only=True):
    """The newest stop, silence or overlong ride that was found, and until when it lasted."""

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
        born: likewise, at rest or not.
        line: how good its data line is.
        stop: the newest stop that was found; silence, overlong: likewise; press: of the button.
        alarmed: an emergency was found, and no rest at a landing since.
    """

    settled: Track = Track()
    window: tuple[Seen, ...] = ()
    clock: datetime | None = None
    session: tuple[int, int] = (0, 0)
    lost_at: datetime | None = None
    head: Order | None = None
    born: Order | None = None
    line: Line = Line()
    calls: Calls = ()
    stop: Episode | None = None
    silence: Episode | None = None
    overlong: Episode | None = None
    press: Press | None = None
    alarmed: bool = False
