"""What is remembered of an aid's faults."""

from datetime import datetime

from msgspec import Struct


class Raised(Struct, frozen=True, kw_only=True):
    """A fault that stands.

    Attributes:
        at: since when; ``heard_at``: when we heard of it.
        attended: raised while the mechanic's key or the hand wheel was in use.
        riding: raised on the way, with somebody on it or nobody knows.
        key: of the finding, once there is one.
    """

    at: datetime
    heard_at: datetime
    log_no: int
    maker_code: str
    attended: bool
    riding: bool
    key: str


class Code(Struct, frozen=True, kw_only=True):
    """What is known of one code: its newest edge, and how it comes and goes.

    Attributes:
        order: of the newest edge.
        raised: while it stands; ``said``: whether that is a finding.
        heard: orders of the newest raisings, to know them again.
        days: how often it came, by day number, in the last ``flap_days``.
        before: how often it came before those.
        log_nos: where the newest raisings lie.
        flapping: key of the finding that it comes and goes, since when.
    """

    order: tuple[int, int] = (0, 0)
    raised: Raised | None = None
    said: bool = False
    heard: tuple[tuple[int, int], ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    before: int = 0
    log_nos: tuple[int, ...] = ()
    flapping: str = ""
    flapping_since: datetime | None = None


class Memory(Struct, frozen=True, kw_only=True):
    """Codes by word, when the aid called for help lately, and since when we know it."""

    codes: dict[str, Code] = {}
    called_at: tuple[datetime, ...] = ()
    since: datetime | None = None
    rides: tuple[tuple[int, int], ...] = ()  # by day, of the last days
    ride: tuple[int, int] = (0, 0)  # order of the newest
