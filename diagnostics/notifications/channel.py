"""The channels, and what holds for each: one table."""

from datetime import timedelta
from typing import Final

from msgspec import Struct


class Channel(Struct, frozen=True, kw_only=True):
    """One sort of way out.

    Attributes:
        slots: how many messages are on their way at once, each to another receiver.
        reserved: so many of them are kept for emergencies.
        timeout: of one attempt.
        lease: how long a claim lasts; what a dead process had claimed is sent by another then, so
            it is longer than the timeout.
        max_delay: between attempts.
        insists: whether it never gives up while its ticket is open.
    """

    slots: int
    reserved: int
    timeout: timedelta
    lease: timedelta
    max_delay: timedelta
    insists: bool = False


def _seconds(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


LIFT: Final = "lift"
PERSON: Final = "person"  # becomes messages on the three that follow
EMAIL: Final = "email"
PUSH: Final = "push"
APPRISE: Final = "apprise"
WEBHOOK: Final = "webhook"
ALARM_CENTRE: Final = "alarm_centre"

CHANNELS: Final = {
    LIFT: Channel(
        slots=32,
        reserved=8,
        timeout=_seconds(12),
        lease=_seconds(15),
        max_delay=_seconds(15),
        insists=True,
    ),
    EMAIL: Channel(
        slots=6,
        reserved=2,
        timeout=_seconds(30),
        lease=_seconds(40),
        max_delay=_seconds(300),
    ),
    PUSH: Channel(
        slots=16,
        reserved=4,
        timeout=_seconds(15),
        lease=_seconds(25),
        max_delay=_seconds(300),
    ),
    APPRISE: Channel(
        slots=8,
        reserved=2,
        timeout=_seconds(30),
        lease=_seconds(40),
        max_delay=_seconds(300),
    ),
    WEBHOOK: Channel(
        slots=16,
        reserved=4,
        timeout=_seconds(15),
        lease=_seconds(25),
        max_delay=_seconds(300),
    ),
    ALARM_CENTRE: Channel(
        slots=8,
        reserved=4,
        timeout=_seconds(15),
        lease=_seconds(25),
        max_delay=_seconds(60),
        insists=True,
    ),
}
