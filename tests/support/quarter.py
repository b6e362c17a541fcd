"""A fixed quarter of contract data, small enough to be counted by hand: see ``docs/figures.md``."""

from datetime import UTC, date, datetime

from api.reports.snapshot import (
    Aid,
    Answer,
    Billed,
    Complaint,
    Earlier,
    Indicator,
    Order,
    Rejection,
    Rows,
    Snapshot,
    Work,
)
from diagnostics.tickets.attainment import Outcome

HOORN, MEDEMBLIK = "GM0405", "GM0420"
STRAIGHT = "Traplift, rechte trap"


def noon(text: str) -> datetime:
    """Return noon (UTC) of a day."""
    return datetime.fromisoformat(text).replace(hour=12, tzinfo=UTC)


def order(number: str, received: str, done: str | None, **more: object) -> Order:
    """An order for a straight stairlift in Hoorn, due four weeks later; ``more`` are its fields."""
    received_at = noon(received)
    values: dict[str, object] = {
        "number": number,
        "municipality": HOORN,
        "client": "C-1",
        "kind": "delivery",
        "aid_kind": "stairlift",
        "type_": STRAIGHT,
        "aid": "sl-1",
        "received_at": received_at,
        "due_at": received_at.replace(hour=22).fromtimestamp(
            received_at.timestamp() + 28 * 86400, UTC
        ),
        "due_without_delay_at": None,
        "done_at": done and noon(done),
        "ended_at": done and noon(done),
        "source": "new",
        "price_cents": 250_000,
        "all_in": True,
        "delays": "",
        **more,
    }
    return Order(**values)  # type: ignore[arg-type]


def work(number: int, kind: str, priority: int | None, reported: str, **more: object) -> Work:
    """A ticket of the stairlift in Hoorn; ``more`` are its fields."""
    values: dict[str, object] = {
        "number": number,
        "municipality": HOORN,
        "client": "C-1",
        "aid": "sl-1",
        "aid_kind": "stairlift",
        "type_": STRAIGHT,
        "kind": kind,
        "priority": priority,
        "what": "",
        "reported_at": noon(reported),
        "on_site_at": None,
        "repaired_at": noon(reported),
        "closed_at": noon(reported),
        "on_site": None,
        "repaired": None,
        "calamity": "",
        "delays": "",
        **more,
    }
    return Work(**values)  # type: ignore[arg-type]


ROWS = Rows(
    aids=[
        Aid(
            "sl-1",
            HOORN,
            "C-1",
            "stairlift",
            STRAIGHT,
            "Maker",
            "R1",
            "new",
            date(2026, 7, 1),
            date(2026, 7, 20),
            None,
            3,
            0,
        ),
        Aid(
            "sl-2",
            HOORN,
            "C-2",
            "stairlift",
            STRAIGHT,
            "Maker",
            "R1",
            "reissued",
            date(2023, 1, 9),
            date(2023, 2, 1),
            None,
            4,
            5,
        ),
        Aid(
            "sc-1",
            MEDEMBLIK,
            "C-3",
            "scooter",
            "",
            "Maker",
            "S1",
            "new",
            date(2026, 8, 3),
            date(2026, 8, 20),
            None,
            0,
            0,
        ),
    ],
    orders=[
        order("H-1", "2026-07-01", "2026-07-20"),  # 13 working days: in time
        order("H-2", "2026-07-06", "2026-08-10", client="C-2", source="reissued"),  # 25: late
        order(  # due 31 August, excused until 14 September
            "H-3",
            "2026-08-03",
            "2026-09-07",
            client="C-4",
            source="partly_reissued",
            due_at=noon("2026-09-14"),
            due_without_delay_at=noon("2026-08-31"),
            delays="wens van de cliënt (niet toerekenbaar): brief van 20 augustus",
        ),
        order(
            "M-1",
            "2026-08-03",
            "2026-08-20",
            municipality=MEDEMBLIK,
            client="C-3",
            aid_kind="scooter",
            type_="",
            aid="sc-1",
            price_cents=310_000,
        ),
        order("H-4", "2026-09-21", None, client="C-5"),  # still open
        order(
            "H-5",
            "2026-06-22",
            "2026-07-03",
            kind="collection",
            client="C-6",
            source=None,
            price_cents=None,
        ),
        order(
            "H-6",
            "2026-09-01",
            "2026-09-10",
            kind="structural_works",
            source=None,
            price_cents=95_000,
            all_in=False,
        ),
        order("H-7", "2026-09-01", "2026-10-02", kind="dismantling", source=None),  # next quarter
    ],
    works=[
        work(1, "emergency", 1, "2026-07-21", on_site=Outcome.KEPT, repaired=Outcome.KEPT),
        work(
            2,
            "emergency",
            1,
            "2026-08-21",
            on_site=Outcome.MISSED,
            repaired=Outcome.KEPT,
            calamity="Val op de trap, enkel gekneusd",
        ),
        work(
            3,
            "repair",
            3,
            "2026-08-22",
            repaired=Outcome.EXCUSED,
            client="C-2",
            aid="sl-2",
            what="battery",
        ),
        work(
            4,
            "repair",
            2,
            "2026-09-29",
            repaired=Outcome.OPEN,
            repaired_at=None,
            closed_at=None,
            municipality=MEDEMBLIK,
            client="C-3",
            aid="sc-1",
            aid_kind="scooter",
            type_="",
        ),
        work(5, "service", None, "2026-09-02"),
    ],
    complaints=[
        Complaint(
            1,
            HOORN,
            "C-2",
            "stairlift",
            "delivery_time",
            noon("2026-08-11"),
            noon("2026-08-12"),
            noon("2026-08-18"),
            noon("2026-08-31"),
            noon("2026-09-11"),
            "founded",
            "Excuses, en een vaste contactpersoon.",
        ),
        Complaint(
            2,
            HOORN,
            "C-4",
            "stairlift",
            "information",
            noon("2026-06-20"),
            noon("2026-06-23"),
            noon("2026-06-27"),
            noon("2026-08-01"),
            noon("2026-07-20"),
            "unfounded",
            "",
        ),
    ],
    answers=[
        Answer(HOORN, "stairlift", date(2026, 7, 22), "delivery", 9),
        Answer(HOORN, "stairlift", date(2026, 8, 23), "repair", 6),
        Answer(MEDEMBLIK, "scooter", date(2026, 9, 1), "delivery", 8),
    ],
    rejections=[Rejection(HOORN, "sl-9", "stairlift", "", date(2026, 9, 3), "damage", 14)],
    billed=[
        Billed(HOORN, "C-1", "stairlift", "", "delivery", 250_000),
        Billed(HOORN, "C-1", "stairlift", "", "maintenance", 1_250),
        Billed(MEDEMBLIK, "C-3", "scooter", "", "maintenance", 1_575),
    ],
)
INDICATORS = [
    Indicator(
        "Levertijd",
        "Binnen 20 werkdagen.",
        "W 2.2 KPI 1",
        0.95,
        3,
        1,
        1,
        0,
        (("2025-Q4", 9, 9), ("2026-Q1", 0, 0), ("2026-Q2", 19, 20)),
    ),
    Indicator(
        "Responstijd bij spoed",
        "Binnen twee uur ter plaatse.",
        "W 2.2 KPI 2",
        0.95,
        1,
        1,
        0,
        0,
        (("2025-Q4", 4, 4), ("2026-Q1", 7, 8), ("2026-Q2", 5, 5)),
    ),
    Indicator("Tevreden cliënten", "Cijfer 6 of hoger.", "Z 42", None, 3, 0, 0, 0, ()),
]


def quarter(**changes: object) -> Snapshot:
    """The third quarter of 2026 in Westfriesland."""
    values: dict[str, object] = {
        "contract": "westfriesland",
        "name": "Westfriesland",
        "municipalities": {HOORN: "Hoorn", MEDEMBLIK: "Medemblik"},
        "is_group": True,
        "kind": "management",
        "period": "2026-Q3",
        "cut_off_at": datetime(2026, 10, 6, 6, 0, tzinfo=UTC),
        "version": 1,
        "reason": "",
        "rows": ROWS,
        "indicators": INDICATORS,
        **changes,
    }
    return Snapshot(**values)  # type: ignore[arg-type]


def year() -> Snapshot:
    """The same as an annual report of Hoorn and Medemblik as if they were one municipality."""
    before = [
        Earlier(
            2025,
            {
                "outstanding": 2,
                "delivered": 7,
                "repairs": 4,
                "emergencies": 1,
                "cost_total": 500_000,
            },
        ),
        Earlier(2024, {"outstanding": 1, "delivered": 5, "repairs": 2}),
    ]
    return quarter(kind="annual", period="2026", is_group=False, earlier=before)
