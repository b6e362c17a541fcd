"""Many aids of one area lose their connection together: one incident instead of many notices.

Pure: losses, areas and the open incidents in, new and changed incidents out. Calling it again with
the same input changes nothing. A rider who was under way has an emergency of his own, which this
neither hides nor waits for. The rule and its arithmetic: docs/detectors/area_outage.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil, exp

from msgspec import Struct
from msgspec.structs import replace


class Loss(Struct, frozen=True, kw_only=True):
    """The newest loss of one aid's connection, by the platform's time; ``back_at`` None: lasts.

    ``area`` is the four digits of its postcode.
    """

    device_id: int
    area: int
    lost_at: datetime
    back_at: datetime | None = None


class Member(Struct, frozen=True, kw_only=True):
    """An aid that an incident touches, and when it was back; None: not yet."""

    device_id: int
    lost_at: datetime
    back_at: datetime | None = None


class Incident(Struct, frozen=True, kw_only=True):
    """One outage of one area.

    Attributes:
        key: its name, the same while it grows and ends.
        aids: how many aids the area had when it was last judged.
        members: those it touches or touched, by device id.
        ended_at: when nearly all were back; None while it lasts.
    """

    key: str
    area: int
    since: datetime
    aids: int
    members: tuple[Member, ...]
    ended_at: datetime | None = None

    @property
    def offline(self) -> int:
        """How many of its aids are not back."""
        return sum(member.back_at is None for member in self.members)

    def explains(self, device_id: int, lost_at: datetime) -> bool:
        """Whether this loss is part of it: then the aid needs no notice of its own meanwhile."""
        return self.ended_at is None and any(
            member.device_id == device_id and member.back_at is None and member.lost_at == lost_at
            for member in self.members
        )


class Limits(Struct, frozen=True, kw_only=True):
    """The numbers that incidents are judged by; their reasons: docs/detectors/area_outage.md.

    Attributes:
        window: losses at most this far apart may be of one cause.
        confirm: shorter losses are nobody's incident.
        least: never an incident of fewer aids…
        share: …nor of a smaller part of the area's aids.
        usual_per_day: losses of ``confirm`` or longer that an aid has by itself [assumed].
        chance: how probable it may be that a window holds so many losses by mere chance.
        left: it has ended when no larger part of its aids is still away.
    """

    window: timedelta = timedelta(minutes=10)
    confirm: timedelta = timedelta(minutes=1)
    least: int = 3
    share: float = 0.25
    usual_per_day: float = 1.0
    chance: float = 1e-6
    left: float = 0.2


def group(
    losses: Iterable[Loss],
    areas: Mapping[int, int],
    open_incidents: Sequence[Incident],
    now: datetime,
    limits: Limits | None = None,
) -> tuple[Incident, ...]:
    """Return new and changed incidents, as they are now.

    Args:
        losses: the newest loss of each aid that was away at some time in the last ``window``, or
            that belongs to an open incident. Only what was lost while the platform listened.
        areas: how many connected aids each area has; an area that is not there has none.
        open_incidents: those that have not ended.
        now: the platform's time.
        limits: other numbers than usual.
    """
    limits = limits or Limits()
    by_area: dict[int, dict[int, Loss]] = defaultdict(dict)
    for loss in losses:
        known = by_area[loss.area].get(loss.device_id)
        if known is None or _newer(loss, known):
            by_area[loss.area][loss.device_id] = loss
    under_way = {incident.area: incident for incident in open_incidents}
    changed = []
    for area in sorted(by_area.keys() | under_way.keys()):
        of_area = list(by_area[area].values())
        known_incident = under_way.get(area)
        if known_incident is not None:
            incident = _go_on(known_incident, of_area, areas.get(area, 0), limits)
            if incident != known_incident:
                changed.append(incident)
            continue
        opened = _open(area, of_area, areas.get(area, 0), now, limits)
        if opened is not None:
            changed.append(opened)
    return tuple(changed)


def needed(aids: int, limits: Limits) -> int:
    """Return how many aids of an area with ``aids`` must be away for an incident."""
    expected = aids * limits.usual_per_day * (limits.window / timedelta(days=1))
    count, term = 0, exp(-expected)
    beyond = 1.0 - term  # the chance of more than ``count`` losses in a window (Poisson)
    while beyond > limits.chance:
        count += 1
        term *= expected / count
        beyond -= term
    return max(limits.least, count + 1, ceil(aids * limits.share))


def _newer(loss: Loss, known: Loss | Member) -> bool:
    return (known.lost_at, known.back_at is not None) < (loss.lost_at, loss.back_at is not None)


def _open(
    area: int, losses: Sequence[Loss], aids: int, now: datetime, limits: Limits
) -> Incident | None:
    """Return the incident that so many losses within one window are, if they are enough."""
    lasting = sorted(
        (loss for loss in losses if loss.back_at is None and loss.lost_at + limits.confirm <= now),
        key=lambda loss: (loss.lost_at, loss.device_id),
    )
    enough = needed(max(aids, len(lasting)), limits)
    for first in range(len(lasting) - enough + 1):
        together = [
            loss
            for loss in lasting[first:]
            if loss.lost_at - lasting[first].lost_at <= limits.window
        ]
        if len(together) >= enough:
            since = together[0].lost_at
            incident = Incident(
                key=f"area_outage:{area}:{since:%Y%m%dT%H%M%S}",
                area=area,
                since=since,
                aids=aids,
                members=(),
            )
            return _go_on(incident, losses, aids, limits)
    return None


def _go_on(incident: Incident, losses: Sequence[Loss], aids: int, limits: Limits) -> Incident:
    """Return ``incident`` with those that were lost since, and those that are back."""
    members = {member.device_id: member for member in incident.members}
    for loss in losses:
        known = members.get(loss.device_id)
        if known is None and (
            loss.back_at is not None or loss.lost_at < incident.since - limits.window
        ):
            continue  # a flicker, or one that has been away for longer than this lasts
        if known is None or _newer(loss, known):
            members[loss.device_id] = Member(
                device_id=loss.device_id, lost_at=loss.lost_at, back_at=loss.back_at
            )
    ordered = tuple(members[device_id] for device_id in sorted(members))
    incident = replace(incident, aids=aids, members=ordered)
    backs = [member.back_at for member in ordered if member.back_at is not None]
    if backs and incident.offline <= limits.left * len(ordered):
        return replace(incident, ended_at=max(backs))
    return incident
