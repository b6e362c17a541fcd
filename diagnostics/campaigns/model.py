"""A campaign: what, for whom, in which rings, and when it pauses by itself. Pure."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta, Struct

Percent = Annotated[float, Meta(gt=0, le=100)]


class State(StrEnum):
    """Where a campaign stands; the last two end it."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a campaign goes on.

    Attributes:
        rings: up to which share of the aids each ring reaches; the last is everybody.
        done_percent: of a ring that must have confirmed before it rests.
        rest_h: how long it rests before the next begins.
        max_failure_percent: of those that ended; more of them, and it pauses.
        min_failures: fewer never pause it, nor do fewer emergencies or silent aids.
        outstanding: how many orders may be under way.
    """

    rings: Annotated[tuple[Percent, ...], Meta(min_length=1, max_length=10)] = (1, 10, 50, 100)
    done_percent: Percent = 90
    rest_h: Annotated[float, Meta(ge=0, le=24 * 90)] = 24
    max_failure_percent: Annotated[float, Meta(ge=0, le=100)] = 2
    min_failures: Annotated[int, Meta(ge=1, le=1000)] = 3
    outstanding: Annotated[int, Meta(ge=1, le=5000)] = 200

    def __post_init__(self) -> None:
        """Refuse rings that do not grow, or leave somebody out."""
        if self.rings[-1] != 100 or list(self.rings) != sorted(set(self.rings)):
            raise ValueError("rings grow, and the last is 100")


class Aids(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For whom: nothing named means all. ``versions``: what their modems run now."""

    kinds: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()


class MemberState(StrEnum):
    """How an aid stands in a campaign; the last three end it there."""

    WAITING = "waiting"
    ORDERED = "ordered"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    PASSED_OVER = "passed_over"  # it has something newer, or is gone


ENDED: Final = frozenset({MemberState.CONFIRMED, MemberState.FAILED, MemberState.PASSED_OVER})


class Member(Struct, frozen=True, kw_only=True):
    """One aid in a campaign.

    Attributes:
        stage: how far the present order has come; "" before it was answered.
        attempts: how often it was ordered.
        retry_at: not ordered before.
    """

    device_id: int
    name: str = ""
    ring: int = 0
    state: MemberState = MemberState.WAITING
    stage: str = ""
    detail: str = ""
    command_id: str | None = None
    attempts: int = 0
    ordered_at: datetime | None = None
    installed_at: datetime | None = None
    ended_at: datetime | None = None
    retry_at: datetime | None = None


class Answer(Struct, frozen=True):
    """What the aid replied to its order."""

    outcome: str
    stage: str
    detail: str


def ring_of(campaign_id: int, device: str, rings: Sequence[float]) -> int:
    """Return the ring of a device: the same whenever asked, another in another campaign.

    So that not always the same clients go first.
    """
    digest = hashlib.sha256(f"{campaign_id}:{device}".encode()).digest()
    percent = int.from_bytes(digest[:8]) / 2**64 * 100
    return next(number for number, until in enumerate(rings) if percent < until)
