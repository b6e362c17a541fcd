"""Early warnings: each contract's indicators are looked at, and people told, once a risk."""

import logging
from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from api.kpi import cases as reading
from api.kpi import risk, service
from api.kpi.service import Contract, Standing
from api.queries import Connection, row, rows
from diagnostics.tickets.calendar import dutch_day

logger = logging.getLogger(__name__)


async def watch(connection: Connection, now: datetime) -> int:
    """Warn of every target that has come to be at risk; return how many there were.

    A group's municipalities are looked at together: theirs is one contract, and a single
    municipality has too few cases to tell bad luck from a bad way.
    """
    every = await service.contracts(connection)
    in_groups = {code for each in every if each.is_group for code in each.members}
    warned = 0
    for contract in every:
        if contract.is_group or contract.code not in in_groups:
            for standing in await service.overview(connection, contract, every, now):
                warned += await _warn(connection, contract, standing, now)
    return warned


async def _warn(
    connection: Connection, contract: Contract, standing: Standing, now: datetime
) -> bool:
    level, ahead = standing.level, standing.forecast
    if level is None or ahead is None:
        return False
    text = risk.written(
        standing.definition,
        contract.name,
        standing.period,
        standing.figure,
        ahead,
        level=level,
        on=dutch_day(now),
    )
    stored = await row(
        connection,
        reading.QUERIES["store_warning"],
        {
            "key": standing.definition.key,
            "version": standing.definition.version,
            "contract": contract.code,
            "period_begin": standing.period.begin,
            "level": level.value,
            "figure": Jsonb(
                {"figure": standing.figure, "forecast": ahead}, dumps=msgspec.json.encode
            ),
            "subject": text.subject,
            "body": text.body,
            "now": now,
        },
    )
    if stored is None:
        return False
    people = await rows(
        connection, reading.QUERIES["contract_managers"], {"members": list(contract.members)}
    )
    for person in people:
        await connection.execute(
            reading.QUERIES["tell"],
            {
                "dedup_key": f"kpi:{stored['warning_id']}:{person['login']}",
                "login": person["login"],
                "payload": Jsonb(
                    {
                        "kind": "kpi",
                        "title": text.subject,
                        "text": text.body,
                        "path": "/portal/performance",
                    }
                ),
                "now": now,
            },
        )
    logger.info("warned: %s (%d people)", text.subject, len(people))
    return True
