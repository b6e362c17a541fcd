"""What modems ask for themselves over the broker: certificates, and pieces of their next programme.

And what the broker has to say about who pushes whom away.
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from gateway.protocol.codec import decode, encode
from gateway.protocol.errors import ProtocolError
from gateway.protocol.messages import Fetch, IdentityRequest, Piece, SetCertificate
from gateway.protocol.topics import (
    FOR_REGISTRAR,
    PREFIX,
    Kind,
    is_device_name,
    parse_topic,
    topic_of,
)
from ingest.broker import Address
from ingest.identity import statements
from ingest.identity.oddities import Event, Oddity, TakeOvers
from ingest.identity.records import Db, enter, record, request_of
from ingest.mqtt.connection import Connection
from ingest.mqtt.packets import Publish
from ingest.packages.depot import piece_for
from ingest.provisioning.authority import Authority, RequestError
from ingest.storage.pool import connect_async
from ingest.trouble import Trouble

logger = logging.getLogger(__name__)

RENEW_EVERY: Final = timedelta(hours=1)  # a modem that asks more often is not well
VALID_FOR: Final = timedelta(days=7)
BROKER_LOG: Final = "$SYS/broker/log/#"
_TAKEN_OVER: Final = re.compile(r"Client (\S+) already connected, closing old connection")
_REFUSED: Final = re.compile(r"OpenSSL Error.*(certificate|unknown ca|handshake)")


class Requests:
    """Answers modems over the broker.

    Args:
        authority: what signs.
        broker: the platform's listener.
        database_url: where the registry is.
        now: the platform's clock.
    """

    def __init__(
        self,
        authority: Authority,
        *,
        broker: Address,
        database_url: str,
        now: Callable[[], datetime],
    ) -> None:
        self._authority = authority
        self._broker = broker
        self._database_url = database_url
        self._now = now
        self._take_overs = TakeOvers()

    async def hear(self, trouble: Trouble) -> None:
        """Renew what modems ask for, and listen to what the broker has to say about connections."""
        asked = [f"{PREFIX}/+/+/{kind.value}" for kind in sorted(FOR_REGISTRAR)]
        async with (
            Connection(
                self._broker, client_id="liftwacht-registrar", topics=[*asked, BROKER_LOG]
            ) as line,
            await connect_async(self._database_url, application="registrar-renewals") as db,
        ):
            while True:
                for publish in await line.receive():
                    if (answer := await self.heard(db, publish)) is not None:
                        line.publish(*answer)
                    if publish.packet_id:
                        line.acknowledge([publish.packet_id])
                await line.flush()
                trouble.over()

    async def heard(self, db: Db, publish: Publish) -> tuple[str, bytes] | None:
        """Take in one message; return what to publish, if anything."""
        if publish.topic.startswith("$SYS/"):
            await self._of_broker(db, publish.payload.decode(errors="replace"))
            return None
        try:
            _, device, kind = parse_topic(publish.topic)
            asked = decode(kind, publish.payload)
        except ProtocolError as error:
            logger.warning("%s: %s", publish.topic, error)
            return None
        order: Piece | SetCertificate | None = None
        match asked:
            case Fetch():
                order = await piece_for(db, device, asked, self._now())
            case IdentityRequest():
                order = await self._renew(db, device, asked)
        return None if order is None else (topic_of(device, Kind.COMMAND), encode(order))

    async def _renew(self, db: Db, device: str, asked: IdentityRequest) -> SetCertificate | None:
        """Return a certificate for a device that asks over its own connection, if it gets one."""
        chain = await self._chain(db, device, asked)
        if chain is None:
            return None
        expires_ms = round((self._now() + VALID_FOR).timestamp() * 1000)
        return SetCertificate(command_id=uuid4().hex, expires_ms=expires_ms, chain=chain)

    async def _chain(self, db: Db, device: str, asked: IdentityRequest) -> str | None:
        now = self._now()
        async with db.transaction():
            cursor = await db.execute(statements.RENEWER, (device,))
            found = await cursor.fetchone()
            if found is None:
                return None
            device_id, barred, renewed_at = found
            try:
                foreign = "" if asked.device == device else f"it names {asked.device!r}"
                request = request_of(asked.request, device, refusal=foreign)
            except RequestError as error:
                await self._refuse(db, Oddity.WRONG_REQUEST, device, str(error), now)
                return None
            if barred:
                await self._refuse(db, Oddity.REVOKED_SPEAKS, device, "it asks to renew", now)
                return None
            key = (device_id, request.key_hash, now)
            before = await (await db.execute(statements.RENEWED_BEFORE, key)).fetchone()
            if before is not None:
                return str(before[0])  # the answer was lost on the way
            if renewed_at is not None and timedelta(0) <= now - renewed_at < RENEW_EVERY:
                await self._refuse(db, Oddity.RENEWAL_REFUSED, device, "twice in an hour", now)
                return None
            issued = self._authority.sign(request, device, now=now)
            await enter(db, issued, origin="renewed", now=now)
            logger.info("%s renews, certificate %s", device, issued.serial)
            return issued.chain

    @staticmethod
    async def _refuse(db: Db, kind: Oddity, device: str, why: str, now: datetime) -> None:
        key = f"{kind}:{device}:{now:%Y%m%d%H}"
        await record(db, Event(key=key, at=now, kind=kind, device=device, detail={"why": why}))

    async def _of_broker(self, db: Db, line: str) -> None:
        """Read a line of the broker's log."""
        now = self._now()
        if (taken := _TAKEN_OVER.search(line)) and is_device_name(taken[1]):
            event = self._take_overs.seen(taken[1], now)
            if event is not None:
                await record(db, event)
        elif _REFUSED.search(line):
            # The broker does not say whose. How many in an hour is what one can see.
            await record(
                db,
                Event(
                    key=f"{Oddity.STRANGE_CERTIFICATE}:{now:%Y%m%d%H}",
                    at=now,
                    kind=Oddity.STRANGE_CERTIFICATE,
                    detail={"broker": line[:200]},
                ),
            )
