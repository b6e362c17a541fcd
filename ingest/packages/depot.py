"""Hands packages out, piece by piece, to the aids whose turn it is.

A modem asks and is answered: who is slow holds up nobody, and a campaign that pauses stops at once
also what is under way.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from gateway.protocol.messages import PIECE_BYTES, Fetch, Piece

VALID_FOR: Final = timedelta(minutes=10)
# In whose campaign it is now; one that runs before one that rests.
_PIECE: Final = """
SELECT campaign.state, substring(package.content FROM %(offset)s + 1 FOR %(size)s)
FROM package
JOIN campaign USING (package_id)
JOIN campaign_member USING (campaign_id)
JOIN device USING (device_id)
WHERE sha256 = %(sha256)s AND device.name = %(device)s AND campaign_member.state = 'ordered'
ORDER BY campaign.state = 'running' DESC, campaign.state = 'paused' DESC
LIMIT 1
"""


async def piece_for(
    db: AsyncConnection[TupleRow], device: str, asked: Fetch, now: datetime
) -> Piece | None:
    """Return what to answer a modem that asks for a piece: nothing while its campaign rests."""
    wanted: dict[str, Any] = {
        "sha256": asked.sha256,
        "device": device,
        "offset": asked.offset,
        "size": PIECE_BYTES,
    }
    found = await (await db.execute(_PIECE, wanted)).fetchone()
    if found is not None and found[0] == "paused":
        return None
    data = bytes(found[1]) if found is not None and found[0] == "running" else b""
    return Piece(
        command_id=uuid4().hex,
        expires_ms=round((now + VALID_FOR).timestamp() * 1000),
        sha256=asked.sha256,
        offset=asked.offset,
        data=data,
    )
