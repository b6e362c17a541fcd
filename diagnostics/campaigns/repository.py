"""Campaigns as rows. Whoever calls has the transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct, structs
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from diagnostics import queries
from diagnostics.campaigns.decisions import Ring, Seen
from diagnostics.campaigns.model import Aids, Answer, Member, Plan, State
from gateway.protocol.messages import RemoteSettings

Connection = AsyncConnection[Any]

# Of those who wait, at a time: a hundred thousand in a quarter of an hour.
LOOKED_AT: Final = 2_000
_SQL: Final = queries.load("diagnostics.campaigns")


class Brings(Struct, frozen=True, kw_only=True):
    """A package, as its order names it."""

    version: str
    size: int
    sha256: str
    signature: bytes


class Campaign(Struct, frozen=True, kw_only=True):
    """One campaign: either a package or settings."""

    campaign_id: int
    name: str
    state: State
    plan: Plan
    package: Brings | None = None
    settings: RemoteSettings | None = None

    @property
    def version(self) -> str | None:
        """Of the package; None: it brings settings."""
        return None if self.package is None else self.package.version


async def package_exists(conn: Connection, version: str) -> bool:
    """Whether the platform has that version."""
    return await queries.row(conn, _SQL["package"], {"version": version}) is not None


async def insert(
    conn: Connection,
    *,
    name: str,
    version: str | None,
    settings: RemoteSettings | None,
    aids: Aids,
    plan: Plan,
    actor: str,
    now: datetime,
) -> int:
    """Write a campaign down, without its aids; return its number."""
    values = {
        "name": name,
        "version": version,
        "settings": None if settings is None else Jsonb(msgspec.to_builtins(settings)),
        "aids": Jsonb(msgspec.to_builtins(aids)),
        "plan": Jsonb(msgspec.to_builtins(plan)),
        "actor": actor,
        "now": now,
    }
    found = await queries.row(conn, _SQL["insert_campaign"], values)
    assert found is not None  # noqa: S101 - what is inserted is returned
    return int(found["campaign_id"])


async def aids_of(conn: Connection, aids: Aids, version: str | None) -> list[tuple[int, str]]:
    """Return number and name of the aids that are meant."""
    named = {key: list(value) or None for key, value in structs.asdict(aids).items()}
    return [
        (each["device_id"], each["name"])
        for each in await queries.rows(conn, _SQL["aids"], named | {"version": version})
    ]


async def insert_members(
    conn: Connection, campaign_id: int, rings: Sequence[tuple[int, int]]
) -> None:
    """Write down who is in it: device and ring."""
    values = {
        "campaign_id": campaign_id,
        "device_ids": [device for device, _ in rings],
        "rings": [ring for _, ring in rings],
    }
    await conn.execute(_SQL["insert_members"], values)


async def tell(
    conn: Connection,
    campaign_id: int,
    kind: str,
    *,
    actor: str,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write an event."""
    values = {
        "campaign_id": campaign_id,
        "kind": kind,
        "actor": actor,
        "now": now,
        "detail": Jsonb(detail or {}),
    }
    await conn.execute(_SQL["insert_event"], values)


async def claim(conn: Connection, now: datetime) -> int | None:
    """Return the campaign that is due first, locked; None: none is."""
    found = await queries.row(conn, _SQL["claim"], {"now": now})
    return found["campaign_id"] if found else None


async def look_again(conn: Connection, campaign_id: int, until: datetime | None) -> None:
    """Set when it is looked at again; None: never."""
    await conn.execute(_SQL["look_later"], {"campaign_id": campaign_id, "until": until})


async def read(conn: Connection, campaign_id: int) -> Campaign:
    """Return a campaign.

    Raises:
        LookupError: there is none.
    """
    found = await queries.row(conn, _SQL["campaign"], {"campaign_id": campaign_id})
    if found is None:
        raise LookupError(f"there is no campaign {campaign_id}")
    package = None
    if found["version"] is not None:
        package = Brings(
            version=found["version"],
            size=found["size"],
            sha256=found["sha256"],
            signature=bytes(found["signature"]),
        )
    return Campaign(
        campaign_id=campaign_id,
        name=found["name"],
        state=State(found["state"]),
        plan=msgspec.convert(found["plan"], Plan),
        package=package,
        settings=msgspec.convert(found["settings"], RemoteSettings | None),
    )


async def overview(conn: Connection) -> list[dict[str, Any]]:
    """Return all campaigns, the newest first, with how many aids stand where."""
    return await queries.rows(conn, _SQL["overview"], {})


async def lock(conn: Connection, campaign_id: int) -> State:
    """Return the state of a campaign, locked.

    Raises:
        LookupError: there is none.
    """
    found = await queries.row(conn, _SQL["lock"], {"campaign_id": campaign_id})
    if found is None:
        raise LookupError(f"there is no campaign {campaign_id}")
    return State(found["state"])


async def set_state(conn: Connection, campaign_id: int, state: State, now: datetime) -> None:
    """Set where it stands. Whoever has it run again knows what went wrong until then."""
    values = {"campaign_id": campaign_id, "state": state.value, "now": now}
    await conn.execute(_SQL["set_state"], values)
    if state is State.RUNNING:
        await conn.execute(_SQL["judge_anew"], {"campaign_id": campaign_id, "now": now})


async def ordered(conn: Connection, campaign_id: int) -> list[Member]:
    """Return the members that have an order under way."""
    found = await queries.rows(conn, _SQL["ordered"], {"campaign_id": campaign_id})
    return [msgspec.convert(each, Member) for each in found]


async def answers(conn: Connection, campaign_id: int) -> dict[int, list[tuple[int, Answer]]]:
    """Return what was not read yet: by device, its place in the log and the answer, in order."""
    found: dict[int, list[tuple[int, Answer]]] = {}
    for each in await queries.rows(conn, _SQL["answers"], {"campaign_id": campaign_id}):
        answer = Answer(each["outcome"], each["stage"], each["detail"])
        found.setdefault(each["device_id"], []).append((each["log_no"], answer))
    return found


async def update(
    conn: Connection, campaign_id: int, member: Member, *, reply_no: int | None = None
) -> None:
    """Write down what became of a member, and how far its replies were read."""
    values = structs.asdict(member) | {"campaign_id": campaign_id, "reply_no": reply_no}
    await conn.execute(_SQL["update_member"], values)


async def pass_over(conn: Connection, campaign_id: int, version: str | None, now: datetime) -> None:
    """Pass over who waits and is gone, or has it from elsewhere, among the next ``LOOKED_AT``."""
    values = {
        "campaign_id": campaign_id, "version": version, "now": now, "at_most": LOOKED_AT
    }  # fmt: skip
    await conn.execute(_SQL["pass_over"], values)


async def rings(conn: Connection, campaign_id: int, count: int) -> list[Ring]:
    """Return how all ``count`` rings stand, also those that nobody is in."""
    found = {
        each["number"]: {key: value for key, value in each.items() if value is not None}
        for each in await queries.rows(conn, _SQL["rings"], {"campaign_id": campaign_id})
    }
    return [msgspec.convert(found.get(n, {"number": n}), Ring) for n in range(count)]


async def seen(conn: Connection, campaign_id: int, now: datetime) -> Seen:
    """Return what came of it since somebody last looked."""
    found = await queries.row(conn, _SQL["seen"], {"campaign_id": campaign_id, "now": now})
    assert found is not None  # noqa: S101 - it counts
    expected = {key: float(value) for key, value in found.items() if key.endswith("_expected")}
    return msgspec.convert(found | expected, Seen)


async def candidates(
    conn: Connection,
    campaign_id: int,
    version: str | None,
    *,
    until_ring: int,
    room: int,
    now: datetime,
) -> list[Member]:
    """Return members that wait, are free and do not run that version."""
    wanted = {
        "campaign_id": campaign_id,
        "version": version,
        "until_ring": until_ring,
        "room": room,
        "now": now,
    }
    found = await queries.rows(conn, _SQL["candidates"], wanted)
    return [msgspec.convert(each, Member) for each in found]


async def begin_ring(conn: Connection, campaign_id: int, ring: int, now: datetime) -> None:
    """Write down that a ring begins."""
    values = {"campaign_id": campaign_id, "ring": ring, "now": now}
    await conn.execute(_SQL["begin_ring"], values)


async def reach_ring(conn: Connection, campaign_id: int, ring: int, now: datetime) -> None:
    """Write down that enough of a ring have confirmed."""
    values = {"campaign_id": campaign_id, "ring": ring, "now": now}
    await conn.execute(_SQL["reach_ring"], values)


async def send(
    conn: Connection,
    member: Member,
    *,
    kind: str,
    payload: dict[str, Any],
    actor: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Put an order on record, and send it after the commit."""
    parameters = {
        key: value
        for key, value in payload.items()
        if key not in ("kind", "command_id", "expires_ms", "signature")
    }
    values = {
        "command_id": member.command_id,
        "device_id": member.device_id,
        "device": member.name,
        "kind": kind,
        "parameters": Jsonb(parameters),
        "payload": Jsonb(payload),
        "actor": actor,
        "now": now,
        "expires_at": expires_at,
    }
    for name in ("insert_command", "insert_message", "announce"):
        await conn.execute(_SQL[name], values)


async def recall(conn: Connection, campaign_id: int, now: datetime) -> None:
    """Take back orders that have not left yet."""
    await conn.execute(_SQL["recall"], {"campaign_id": campaign_id, "now": now})
