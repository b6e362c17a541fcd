"""One aid of the demo has a history: two months of rides, in which a detector finds something.

The rides stand outside of the log (their numbers are negative), so that the platform never takes
them for news; what is found in them is what the real detector finds. The rest is the platform's
own work.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg.types.json import Jsonb

from deploy.demo.accounts import MAIL_DOMAIN
from diagnostics import store
from diagnostics.detectors.contract import Aid, Finding, Level
from diagnostics.detectors.purpose import Purpose
from diagnostics.facts import Order, RideEnded
from gateway.protocol.vocabulary import Direction, Landing, LoadClass, Seat

MUNICIPALITY: Final = "GM0405"
DAYS: Final = 60
_SINCE: Final = 32  # days ago it began
_TERMS: Final = {
    "municipality_code": MUNICIPALITY,
    "access_team": f"toegang@{MAIL_DOMAIN}",
    "contract_manager": f"contract@{MAIL_DOMAIN}",
    "articles": {"other_purpose": "artikel 4, eerste lid (voorbeeld)"},
    "vat_parts": "21",
    "vat_labour": "21",
}


def prepare(url: str) -> None:
    """Write terms, history and finding, unless they are there."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT 1 FROM misuse_terms").fetchone():
            return
        connection.execute(
            "INSERT INTO misuse_terms (municipality_code, valid_from, terms)"
            " VALUES (%s, '2025-01-01', %s)",
            (MUNICIPALITY, Jsonb(_TERMS)),
        )
        aid = connection.execute(
            "SELECT device_id, shard, rail_length_mm FROM device"
            " WHERE kind = 'stairlift' AND municipality_code = %s AND client_id IS NOT NULL"
            " AND NOT test ORDER BY device_id LIMIT 1",
            (MUNICIPALITY,),
        ).fetchone()
        if aid is None:
            return
        device_id, shard, rail_mm = aid
        now = datetime.now(UTC)
        rides = list(_rides(now, rail_mm or 4_700))
        for ride in rides:
            _store(connection, device_id, shard, ride)
        for finding in _found(device_id, rail_mm, rides, now):
            _store_finding(connection, device_id, shard, finding, now)


def _rides(now: datetime, rail_mm: int) -> Iterator[RideEnded]:
    """Yield an ordinary client's rides, and on some evenings a lift sent up and down empty."""
    number = 0
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    for day in range(DAYS):
        times: list[tuple[float, bool]] = [(7.5, True), (11.0, True), (14.0, True), (21.0, True)]
        if day >= DAYS - _SINCE and day % 4 == 0:
            times += [(16.0 + each / 40, False) for each in range(8)]
        for place, (hour, occupied) in enumerate(sorted(times)):
            number += 1
            up = place % 2 == 1
            at = first + timedelta(days=day, hours=hour)
            yield RideEnded(
                order=Order(1, number),
                log_no=number,
                measured_at=at,
                received_at=at,
                start_landing=Landing.BOTTOM if up else Landing.TOP,
                end_landing=Landing.TOP if up else Landing.BOTTOM,
                stops=0,
                duration_ms=45_000,
                distance_mm=rail_mm,
                direction=Direction.UP if up else Direction.DOWN,
                mean_current_ma=(9_000 if up else 3_000) if occupied else 4_500,
                peak_current_ma=12_000,
                load_class=LoadClass.NORMAL if occupied else LoadClass.EMPTY,
                seat=Seat.OCCUPIED if occupied else Seat.EMPTY,
                boarding_ms=20_000 + 900 * (day % 7) if occupied else None,
                presses=1,
            )


def _found(
    device_id: int, rail_mm: int | None, rides: list[RideEnded], now: datetime
) -> list[Finding]:
    aid = Aid(device_id=device_id, kind="stairlift", rail_length_mm=rail_mm)
    detector, state = Purpose(), None
    found: dict[str, Finding] = {}
    for ride in rides:
        outcome = detector.step(
            state, [ride], now=ride.received_at, aid=aid, listening_since=rides[0].received_at
        )
        state = outcome.state
        found |= {each.key: each for each in outcome.findings}
    outcome = detector.step(state, [], now=now, aid=aid, listening_since=rides[0].received_at)
    found |= {each.key: each for each in outcome.findings}
    return [each for each in found.values() if each.level is Level.CERTAIN]


def _store(
    connection: psycopg.Connection[Any], device_id: int, shard: int, ride: RideEnded
) -> None:
    connection.execute(
        "INSERT INTO usage (shard, log_no, device_id, outbox_no, seq, device_time, measured_at,"
        " received_at, duration_ms, distance_mm, direction, start_landing, end_landing,"
        " mean_current_ma, peak_current_ma, load_class, seat, stops, boarding_ms, presses)"
        " VALUES (%s, %s, %s, 0, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, %s, 1)",
        (
            *(shard, -ride.log_no, device_id, ride.log_no),
            *(ride.measured_at, ride.measured_at, ride.received_at),
            *(ride.duration_ms, ride.distance_mm, ride.direction.value),
            *(int(ride.start_landing), int(ride.end_landing)),
            *(ride.mean_current_ma, ride.peak_current_ma, ride.load_class.value),
            *(int(ride.seat), ride.boarding_ms),
        ),
    )


def _store_finding(
    connection: psycopg.Connection[Any],
    device_id: int,
    shard: int,
    finding: Finding,
    now: datetime,
) -> None:
    connection.execute(
        "INSERT INTO finding (device_id, detector, detector_version, dedup_key, level, since,"
        " found_at, reasons, otherwise, evidence, what, asks, confidence)"
        " VALUES (%s, %s, %s, %s, 'certain', %s, %s, %s, %s, %s, %s, 'signal', %s)",
        (
            *(device_id, Purpose.name, Purpose.version, finding.key, finding.since, now),
            Jsonb(store.reasons_of(finding)),
            Jsonb(store.alternatives_of(finding)),
            Jsonb(store.evidence_of(finding, shard)),
            *(finding.what, finding.confidence),
        ),
    )
