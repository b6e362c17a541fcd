"""The night that ``docs/escalation.md`` tells of."""

from datetime import UTC, date, datetime, timedelta

from diagnostics.escalation.policy import EMERGENCY
from diagnostics.escalation.rota import Layer, Override, Rota, Rotation, Turn, gaps
from diagnostics.escalation.timers import Heard, TicketEvent, decide, started
from diagnostics.tickets.calendar import ZONE


def clock(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, second, tzinfo=ZONE).astimezone(UTC)


ON_CALL = {Layer.DESK: "anna", Layer.MECHANIC: "bas", Layer.MANAGER: "dirk"}
ROTA = Rota(
    rotations=tuple(
        Rotation(layer=layer, people=(person,), turn=Turn.WEEK, first_day=date(2026, 11, 16))
        for layer, person in ON_CALL.items()
    ),
    overrides=(
        Override(
            layer=Layer.MECHANIC,
            begin=clock(3, 15),
            end=clock(9, 0),
            instead_of="bas",
            person="emma",
        ),
    ),
)
EVENTS = (
    TicketEvent(number=2, kind=Heard.ACKNOWLEDGED, at=clock(3, 21)),
    TicketEvent(number=3, kind=Heard.UNDER_WAY, at=clock(3, 36, 30), arrives_at=clock(4, 25)),
    TicketEvent(number=4, kind=Heard.ON_SITE, at=clock(4, 20)),
    TicketEvent(number=5, kind=Heard.CLOSED, at=clock(4, 31)),
)


def test_the_night() -> None:
    state = started(7, priority=1, opened_at=clock(3, 10), policy=EMERGENCY)
    told = []
    waits = {}
    now = clock(3, 10)
    while now <= clock(6, 0):
        known = [event for event in EVENTS if event.at <= now]
        actions, state, waits[now] = decide(state, known, now, policy=EMERGENCY, rota=ROTA)
        told += [
            (f"{each.due_at.astimezone(ZONE):%H:%M:%S}", each.how.value, " ".join(each.people))
            for each in actions
        ]
        now += timedelta(seconds=30)
    assert told == [
        ("03:10:00", "ring", "anna"),
        ("03:11:00", "ring", "anna"),
        ("03:12:00", "ring", "anna"),
        ("03:14:00", "page", "bas"),
        ("03:17:00", "page", "emma"),
        ("03:20:00", "page", ""),
        ("03:20:00", "call", "dirk"),
        ("03:36:00", "ring", "anna"),
        ("03:36:30", "suggest_fire_brigade", "anna emma dirk"),
    ]
    assert waits[clock(3, 21)] == clock(3, 36)
    assert waits[clock(3, 36, 30)] == clock(4, 40)
    assert waits[clock(4, 20)] == clock(5, 20)
    assert waits[clock(4, 31)] is None


def test_its_gap_was_known_the_day_before() -> None:
    (gap,) = gaps(ROTA, clock(3, 10) - timedelta(days=1), clock(9, 0))
    assert gap.layer is Layer.BACKUP
