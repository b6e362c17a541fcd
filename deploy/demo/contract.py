"""The demo's contract: orders, complaints and answers of the last year, the same ones every time.

Made by the services themselves, as if their days were today: so logs, terms and letters are right.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from api.complaints import service as complaints
from api.complaints.schemas import ComplaintOutcome, Handling, Nature, NewComplaint, TakeUp, Via
from api.portal import theme
from api.portal.page import QUERIES as PORTAL
from api.queries import Connection
from api.survey import service as survey
from api.survey.schemas import Occasion, PaperAnswers
from diagnostics.complaints import clockwork as complaint_clocks
from diagnostics.deliveries import clockwork, service
from diagnostics.deliveries.errors import NotPossible
from diagnostics.deliveries.model import EventKind, Kind
from diagnostics.deliveries.service import By, New
from diagnostics.tickets.calendar import ZONE
from ingest.storage.pool import connect_async

_ACTOR: Final = "desk"
_SEED: Final = 2026
_SATURDAY: Final = 5
# Invented colours; none is a municipality's own house style.
_THEMES: Final = {
    "GM0405": {
        "utrecht-page-header-background-color": "#7a1f3d",
        "utrecht-heading-color": "#7a1f3d",
        "utrecht-nav-bar-background-color": "#f7e9ee",
        "utrecht-nav-bar-link-color": "#5c1730",
        "utrecht-button-primary-action-background-color": "#7a1f3d",
        "utrecht-link-color": "#8a2346",
    },
    "GM0637": {
        "utrecht-page-header-background-color": "#1b5e20",
        "utrecht-heading-color": "#1b5e20",
        "utrecht-nav-bar-background-color": "#e8f3e8",
        "utrecht-nav-bar-link-color": "#174d1b",
        "utrecht-button-primary-action-background-color": "#1b5e20",
        "utrecht-link-color": "#1b5e20",
    },
}
_LOGO: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">'
    b'<circle cx="16" cy="16" r="14" fill="#7a1f3d"/><path d="M8 22 16 8l8 14z" fill="#fff"/></svg>'
)
_SAID: Final = (
    ("delivery_time", "De traplift zou vorige week komen en ik hoor niets."),
    ("appointment", "De monteur kwam niet in het afgesproken tijdvak."),
    ("aid", "De zitting van de scootmobiel is te laag."),
    ("treatment", "Ik werd aan de telefoon niet goed te woord gestaan."),
    ("repair_quality", "Na de reparatie piept de lift nog steeds."),
    ("information", "Ik kreeg geen uitleg over het opladen."),
)
_REMARKS: Final = (
    "",
    "",
    "",
    "Vriendelijke monteur.",
    "Het duurde lang.",
    "Goede uitleg gekregen.",
)


def prepare(database_url: str) -> None:
    """Add them, unless there are some already."""
    asyncio.run(_prepare(database_url, datetime.now(UTC)))


async def _prepare(database_url: str, now: datetime) -> None:
    async with await connect_async(database_url, application="demo-contract") as connection:
        if await _rows(connection, "SELECT 1 FROM commission LIMIT 1"):
            return
        for code, tokens in _THEMES.items():
            look = {"code": code, "tokens": Jsonb(theme.checked(tokens))}
            logo = {"logo": _LOGO, "logo_type": "image/svg+xml"}
            none = {"logo": None, "logo_type": None}
            await connection.execute(
                PORTAL["store_theme"], look | (logo if code == "GM0405" else none)
            )
        aids = await _rows(
            connection,
            "SELECT device.name, device.kind, device.postcode4, device.municipality_code,"
            " client_number FROM device JOIN client USING (client_id) ORDER BY device_id",
        )
        # All or nothing: a demo that is ended meanwhile leaves nothing half.
        async with connection.transaction():
            for number, aid in enumerate(aids):
                random = Random(f"{_SEED}:{aid['name']}")  # noqa: S311 - invented cases
                await _order(connection, aid, random, now)
                if number % 6 == 0:
                    await _complaint(connection, aid, random, now)
                if number % 2 == 0:
                    await _answer(connection, aid, random, now)
        await _billing(connection)
        await clockwork.tick(connection, now)
        await complaint_clocks.tick(connection, now)


async def _order(
    connection: Connection, aid: dict[str, Any], random: Random, now: datetime
) -> None:
    received = _working_hour(now - timedelta(days=random.randint(3, 330)), random)
    kind = random.choice((Kind.DELIVERY,) * 4 + (Kind.REISSUE,) * 3 + (Kind.COLLECTION,))
    new = New(
        kind=kind,
        client_number=aid["client_number"],
        aid_kind=aid["kind"],
        postcode4=aid["postcode4"],
        received_at=received,
        reference=f"WMO-{received:%Y}-{random.randint(10_000, 99_999)}-{aid['name'][-4:]}",
        aid_type=random.choice(("muurzijde", "spilzijde")) if aid["kind"] == "stairlift" else "",
        consultant=random.choice(("E. Mulder", "J. de Groot", "S. Bos")),
        price_cents=random.randint(180, 640) * 1000,
        device=aid["name"] if kind is Kind.COLLECTION else None,
    )
    number = await service.register(connection, new, By(_ACTOR, received))
    for event, day, detail in _steps(aid, kind, received.astimezone(ZONE).date(), random):
        at = _working_hour(received + timedelta(days=day), random)
        if at >= now:
            return
        try:
            await service.carry_out(connection, number, event, detail, By(_ACTOR, at))
        except NotPossible:
            continue


def _steps(
    aid: dict[str, Any], kind: Kind, received_on: date, random: Random
) -> Iterator[tuple[EventKind, int, dict[str, Any]]]:
    """Yield what happens on which day after the order."""
    if kind is Kind.COLLECTION:
        # The aid is at work in the demo: it is not taken away from under its client.
        yield EventKind.CONTACTED, random.randint(1, 4), {}
        yield EventKind.WITHDRAWN, 9, {"reason": "De cliënt houdt het hulpmiddel toch."}
        return
    yield EventKind.CONTACTED, random.randint(1, 6), {}
    yield EventKind.FITTED, 8, {}
    yield EventKind.CONFIRMED, random.randint(10, 13), {}
    slow = random.random() < 0.15
    away = not slow and random.random() < 0.15
    if away:
        wish = {"reason": "client_wish", "attributable": False, "evidence": "telefoonnotitie"}
        yield EventKind.PAUSE_BEGUN, 14, wish | {"text": "De cliënt is op vakantie."}
        yield EventKind.PAUSE_ENDED, 28, {}
    last = 40 if slow else 38 if away else random.randint(16, 27)
    if slow:
        expected = received_on + timedelta(days=last)
        why = "De leverancier heeft de rail nog niet geleverd."
        yield EventKind.EXPECTED, 26, {"on": expected.isoformat(), "reason": why}
    used = kind is Kind.REISSUE or random.random() < 0.15
    since = received_on - timedelta(days=random.randint(300, 1_200))
    supplied = {
        "device_name": aid["name"],
        "source": "reissued" if used else "new",
        **({"first_used_on": since.isoformat()} if used else {}),
    }
    yield EventKind.SUPPLIED, last - 1, supplied
    yield EventKind.DONE, last, {"instruction": True}


async def _complaint(
    connection: Connection, aid: dict[str, Any], random: Random, now: datetime
) -> None:
    received = _working_hour(now - timedelta(days=random.randint(1, 300)), random)
    nature, text = random.choice(_SAID)
    new = NewComplaint(
        client_number=aid["client_number"],
        nature=Nature(nature),
        via=random.choice((Via.PHONE, Via.EMAIL, Via.LETTER)),
        text=text,
        device=aid["name"],
    )
    number = await complaints.register(connection, new, actor=_ACTOR, now=received)
    taken_up = _working_hour(received + timedelta(days=random.randint(1, 7)), random)
    if taken_up < now:
        await complaints.take_up(connection, number, TakeUp(), actor=_ACTOR, now=taken_up)
    handled = _working_hour(received + timedelta(days=random.randint(9, 33)), random)
    if handled < now:
        outcome = Handling(
            outcome=random.choice(list(ComplaintOutcome)[:3]),
            text="Wij hebben met u gesproken en de planning nagekeken.",
            measures="De planning belt voortaan een dag van tevoren.",
        )
        await complaints.handle(connection, number, outcome, actor=_ACTOR, now=handled)


async def _billing(connection: Connection) -> None:
    """Let the page of declarations have something to show; codes are examples, none is real."""
    await connection.execute(
        "INSERT INTO billing_contract"
        " SELECT DISTINCT municipality_code, jsonb_build_object('agb_code', '00000000')"
        " FROM commission ON CONFLICT DO NOTHING"
    )
    await connection.execute(
        "INSERT INTO billing_assignment (municipality_code, client_id, device_id, kind, number,"
        " product_category, product_code, unit, tariff_cents, begins_on)"
        " SELECT municipality_code, client_id, device_id, 'maintenance', commission_id::text, '00',"
        " '00000', '00', 1250, done_at::date FROM commission"
        " WHERE done_at IS NOT NULL AND kind IN ('delivery', 'reissue') ON CONFLICT DO NOTHING"
    )


async def _answer(
    connection: Connection, aid: dict[str, Any], random: Random, now: datetime
) -> None:
    mark = random.choice((6, 7, 7, 8, 8, 8, 9, 9, 10, 4))
    said = PaperAnswers(
        municipality=aid["municipality_code"],
        occasion=random.choice(list(Occasion)),
        aid_kind=aid["kind"],
        answered_on=(now - timedelta(days=random.randint(1, 330))).date(),
        client_number=aid["client_number"] if random.random() < 0.4 else None,
        overall=mark,
        aid=min(5, mark // 2),
        people=random.randint(3, 5),
        speed=random.randint(2, 5),
        information=random.randint(3, 5),
        remark=random.choice(_REMARKS),
    )
    await survey.enter(connection, said, actor=_ACTOR, now=now)


def _working_hour(at: datetime, random: Random) -> datetime:
    """Return a moment of the same day, or of the Monday after it, at which offices are open."""
    hour, minute = random.randint(8, 16), random.randint(0, 59)
    weekday = at.astimezone(ZONE).weekday()
    at += timedelta(days=7 - weekday if weekday >= _SATURDAY else 0)
    return at.astimezone(ZONE).replace(hour=hour, minute=minute, second=0, microsecond=0)


async def _rows(connection: Connection, statement: str) -> Sequence[dict[str, Any]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement.encode())
        return await cursor.fetchall()
