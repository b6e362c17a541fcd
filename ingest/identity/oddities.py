"""What cannot be if a modem is one modem. Pure.

A modem counts its connections and numbers its messages on its disk, and both only go up. So a
connection that is not after the one before it, in an outbox that goes on, was made by another
modem, or by a disk that was put back to an earlier day: by a clone, either way. Two outboxes that
take turns are two modems. That a broken disk makes a new outbox is no oddity, nor is the return to
the old one after the next start.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

# A broken disk makes one outbox in memory with each start; two that take turns for so long are two.
TURNS: Final = 4
# A connection half dead is taken over by the same modem, once; two holders do it all the time.
TAKE_OVERS: Final = 4
WITHIN: Final = timedelta(minutes=10)


class Oddity(StrEnum):
    """Kinds of security events."""

    TWO_MODEMS = "two_modems"  # outboxes take turns
    COUNTS_BACK = "counts_back"  # numbers or connections that are not after those before
    TWO_PLACES = "two_places"  # connections push each other away
    NUMBER_TWICE = "number_twice"  # two messages of one number, one of them a call for help
    REVOKED_SPEAKS = "revoked_speaks"  # after its last certificate was revoked
    STRANGE_CERTIFICATE = (
        "strange_certificate"  # refused at the door: expired, revoked, or not ours
    )
    WRONG_REQUEST = "wrong_request"  # asks to be somebody else, or is no proper request
    CODE_MISUSED = "code_misused"  # a code used again, with another key
    EXPIRES = "expires"  # a modem that did not renew in time
    REVOKED = "revoked"
    ENROLLED = "enrolled"
    RENEWAL_REFUSED = "renewal_refused"


DOUBTFUL: Final = frozenset(
    {
        Oddity.TWO_MODEMS,
        Oddity.COUNTS_BACK,
        Oddity.TWO_PLACES,
        Oddity.NUMBER_TWICE,
        Oddity.REVOKED_SPEAKS,
    }
)


class Event(Struct, frozen=True, kw_only=True):
    """A row of ``security_event``; ``key`` says when two are one."""

    key: str
    at: datetime
    kind: Oddity
    device: str | None = None
    detail: dict[str, Any] = {}


class Connection(Struct, frozen=True):
    """A modem said that it is connected."""

    outbox_no: int
    session: int
    head_seq: int
    at: datetime


def of_connections(device: str, connections: Sequence[Connection]) -> Iterator[Event]:
    """Yield what is odd about the connections of a device, in order of arrival."""
    day = "" if not connections else f"{connections[-1].at:%Y%m%d}"
    last: dict[int, Connection] = {}
    for one in connections:
        before = last.get(one.outbox_no)
        if before is not None and one.session != before.session:
            back = one.session < before.session or one.head_seq < before.head_seq
            if back:
                yield Event(
                    key=f"{Oddity.COUNTS_BACK}:{device}:{one.at:%Y%m%d}",
                    at=one.at,
                    kind=Oddity.COUNTS_BACK,
                    device=device,
                    detail={
                        "session": [before.session, one.session],
                        "number": [before.head_seq, one.head_seq],
                    },
                )
        last[one.outbox_no] = one
    turns = _turns(one.outbox_no for one in connections)
    if turns >= TURNS:
        yield Event(
            key=f"{Oddity.TWO_MODEMS}:{device}:{day}",
            at=connections[-1].at,
            kind=Oddity.TWO_MODEMS,
            device=device,
            detail={"turns": turns},
        )


def _turns(outboxes: Iterable[int]) -> int:
    """Count how often an outbox comes back that another had taken the place of."""
    seen: set[int] = set()
    present, turns = None, 0
    for outbox in outboxes:
        if outbox != present and outbox in seen:
            turns += 1
        seen.add(outbox)
        present = outbox
    return turns


class TakeOvers:
    """Counts connections that were pushed away by another of the same name."""

    def __init__(self) -> None:
        self._lately: dict[str, list[datetime]] = {}

    def seen(self, device: str, at: datetime) -> Event | None:
        """Take note of one; return the event if they are too many."""
        lately = [each for each in self._lately.get(device, ()) if at - each < WITHIN]
        lately.append(at)
        self._lately[device] = lately
        if len(lately) < TAKE_OVERS:
            return None
        return Event(
            key=f"{Oddity.TWO_PLACES}:{device}:{at:%Y%m%d}",
            at=at,
            kind=Oddity.TWO_PLACES,
            device=device,
            detail={"times": len(lately), "minutes": WITHIN // timedelta(minutes=1)},
        )
