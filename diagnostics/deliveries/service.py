"""What people do with commissions: registered, moved on, delayed, ended; and told in writing.

Nothing here commits.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from diagnostics.deliveries import decisions, letters, repository
from diagnostics.deliveries.errors import NotPossible, VersionConflict
from diagnostics.deliveries.life import Dossier
from diagnostics.deliveries.model import SUPPLIES, TAKES_BACK, Commission, Event, EventKind, Kind
from diagnostics.deliveries.repository import Connection
from diagnostics.deliveries.telling import News, tell
from diagnostics.tickets import attachments
from diagnostics.tickets.calendar import dutch_day

DESK_LANGUAGE = "nl"


class By(NamedTuple):
    """Who does something, and when. ``request_id``: what is sent again with it is done once."""

    actor: str
    now: datetime
    happened_at: datetime | None = None
    request_id: str | None = None


class New(NamedTuple):
    """A commission as a municipality gives it; columns of the table of that name.

    Attributes:
        device: the aid that is to be collected, adapted or dismantled.
    """

    kind: Kind
    client_number: str
    aid_kind: str
    postcode4: int
    received_at: datetime
    reference: str | None = None
    aid_type: str = ""
    description: str = ""
    consultant: str = ""
    consultant_mail: str | None = None
    exchange_of: int | None = None
    price_cents: int | None = None
    all_in: bool = True
    device: str | None = None


async def register(conn: Connection, new: New, by: By) -> int:
    """Register a commission and return its number. Sent again with its request it is the same one.

    Raises:
        NotPossible: why it cannot be.
    """
    if by.request_id is not None:
        known = await repository.one(conn, "find_registered", {"request_id": by.request_id})
        if known is not None:
            return int(known["commission_id"])
    if new.received_at > by.now + decisions.CLOCK_AHEAD:
        raise NotPossible("it cannot have been received in the future")
    device_id = await _device_given(conn, new)
    if (new.kind is Kind.EXCHANGE) != (new.exchange_of is not None):
        raise NotPossible("an exchange, and nothing else, names the delivery whose aid comes back")
    if new.exchange_of is not None:
        exchanged = await repository.one(
            conn,
            "handed_over",
            {"commission_id": new.exchange_of, "client_number": new.client_number},
        )
        decisions.check_exchange(
            new.kind, new.received_at, exchanged["done_at"] if exchanged else None
        )
    columns = new._asdict() | {"now": by.now, "kind": new.kind.value, "device_id": device_id}
    commission_id = await repository.insert(conn, columns)
    if commission_id is None:
        raise NotPossible(f"there is no client {new.client_number}")
    detail = {"kind": new.kind.value, "reference": new.reference}
    first = Event(EventKind.RECEIVED, by.now, by.actor, detail, new.received_at, by.request_id)
    await repository.write(conn, await repository.lock(conn, commission_id), [first], by.now)
    return commission_id


async def carry_out(
    conn: Connection,
    commission_id: int,
    kind: EventKind,
    detail: dict[str, Any],
    by: By,
    *,
    expected_version: int | None = None,
) -> Commission:
    """Write something into a commission's log, with all that follows from it.

    ``detail`` is as the event has it, with an aid by its name (``device_name``);
    ``expected_version`` is for decisions that rest on what was seen.

    Raises:
        CommissionNotFound: there is none.
        NotPossible: why not.
        VersionConflict: it changed since it was read.
    """
    dossier = await repository.lock(conn, commission_id)
    if dossier.wrote(by.request_id):
        _, stands = await repository.write(conn, dossier, (), by.now)
        return stands
    if expected_version is not None and expected_version != dossier.head.version:
        raise VersionConflict(f"version {expected_version} was read, {dossier.head.version} it is")
    detail = await _with_device(conn, detail)
    event = decisions.allowed(
        dossier, Event(kind, by.now, by.actor, detail, by.happened_at, by.request_id)
    )
    longer, stands = await repository.write(conn, dossier, [event], by.now)
    if kind is EventKind.DONE and stands.device_id is not None:
        where = {"commission_id": commission_id, "device_id": stands.device_id}
        await repository.run(conn, "history_on", where)
        if dossier.head.kind in SUPPLIES:
            await repository.run(conn, "lend", where)
        elif dossier.head.kind in TAKES_BACK:
            await repository.run(conn, "take_back", where)
        await repository.run(conn, "history_today", {})
    if kind is EventKind.EXPECTED:
        stands = await _tell_late(conn, longer, stands, event, by)
    return stands


async def file(
    conn: Connection,
    commission_id: int,
    *,
    kind: str,
    name: str,
    media_type: str,
    content: bytes,
    by: By,
) -> Commission:
    """Store a file of a commission; a loan agreement is signed with it.

    Raises:
        CommissionNotFound: there is no such commission.
        BadAttachment: what is wrong with the file.
    """
    attachments.check(name, media_type, content)
    dossier = await repository.lock(conn, commission_id)
    file_id = await repository.insert_file(
        conn,
        commission_id,
        kind=kind,
        name=name,
        media_type=media_type,
        content=content,
        actor=by.actor,
        now=by.now,
    )
    signed = kind == "loan_agreement"
    event = Event(
        EventKind.LOAN_SIGNED if signed else EventKind.FILED,
        by.now,
        by.actor,
        {"file": file_id, "kind": kind, "name": name},
        by.happened_at,
        by.request_id,
    )
    # The same content again is no news.
    _, stands = await repository.write(conn, dossier, () if file_id is None else [event], by.now)
    return stands


async def _tell_late(
    conn: Connection, dossier: Dossier, stands: Commission, event: Event, by: By
) -> Commission:
    """Write to client and consultant that the term is exceeded: why, and until when."""
    expected_on = date.fromisoformat(event.detail["on"])
    if stands.due_at is None or expected_on <= dutch_day(stands.due_at):
        return stands
    head = dossier.head
    late = letters.Late(
        commission_id=head.commission_id,
        reference=head.reference,
        kind=head.kind.value,
        client_number=head.client_number,
        due_on=dutch_day(stands.due_at),
        reason=event.detail["reason"],
        expected_on=expected_on,
    )
    number = len(dossier.events)
    written: list[Event] = []
    mailed = None
    for addressee, text, mail in (
        ("client", letters.to_client(late, DESK_LANGUAGE), None),
        ("municipality", letters.to_municipality(late, DESK_LANGUAGE), head.consultant_mail),
    ):
        letter = await repository.one(
            conn,
            "insert_letter",
            {
                "municipality_code": head.municipality_code,
                "client_id": head.client_id,
                "addressee": addressee,
                "mail": mail,
                "about": "commission_late",
                "commission_id": head.commission_id,
                "complaint_id": None,
                "language": DESK_LANGUAGE,
                "subject": text.subject,
                "body": text.body,
                "dedup_key": f"commission-{head.commission_id}-{number}-{addressee}",
                "now": by.now,
                "actor": by.actor,
            },
        )
        if letter is not None:
            detail = {"letter": letter["letter_id"], "to": addressee}
            written.append(Event(EventKind.WRITTEN, by.now, by.actor, detail))
            mailed = letter["letter_id"] if mail else mailed
    _, stands = await repository.write(conn, dossier, written, by.now)
    news = letters.to_municipality(late, DESK_LANGUAGE)
    await tell(
        conn,
        News(
            municipality_code=head.municipality_code,
            kind="commission_late",
            key=f"commission-{head.commission_id}-{number}",
            title=news.subject,
            text=news.body,
            path=f"/portal/orders/{head.commission_id}",
            number=head.commission_id,
            mail=head.consultant_mail,
            letter=mailed,
        ),
        by.now,
    )
    return stands


async def _device_given(conn: Connection, new: New) -> int | None:
    """Return the aid that a commission is about from the beginning.

    Raises:
        NotPossible: it is missing, or there is no such aid of this client.
    """
    if new.kind in SUPPLIES or new.kind is Kind.STRUCTURAL_WORKS:
        return None
    if new.device is None:
        raise NotPossible(f"a commission of this kind ({new.kind}) names the aid")
    found = await repository.one(conn, "device_of", {"device": new.device})
    if found is None:
        raise NotPossible(f"there is no aid {new.device}")
    if found["client_number"] not in (None, new.client_number):
        raise NotPossible("the aid is lent to somebody else")
    return int(found["device_id"])


async def _with_device(conn: Connection, detail: dict[str, Any]) -> dict[str, Any]:
    name = detail.get("device_name")
    if name is None:
        return detail
    found = await repository.one(conn, "device_of", {"device": name})
    if found is None:
        raise NotPossible(f"there is no aid {name}")
    return detail | {"device": found["device_id"]}
