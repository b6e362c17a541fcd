"""A row in every table of the contract, for an aid: orders, complaints, survey, letters."""

from datetime import timedelta
from typing import Any, NamedTuple

from tests.integration.api.seed import NOW, Seed

WITH_CODE = {"commission", "complaint", "survey_answer", "letter", "aid_rejection"}


class Cases(NamedTuple):
    """The numbers of what was added."""

    commission: int
    complaint: int
    file: int
    takeover: int
    inspection: int
    photo: int


def add(seed: Seed, code: str, postcode4: int, device: str) -> Cases:
    """Add them. Every text is the aid's name, so that one sees whose it is."""
    given = {"device": device, "code": code}
    commission = _insert(
        seed,
        given,
        "commission",
        kind="collection",
        device_id=None,
        client_id=None,
        postcode4=postcode4,
        aid_kind="stairlift",
        received_at=NOW,
        registered_at=NOW,
        due_at=NOW,
    )
    event = {"event_no": 1, "at": NOW, "actor": device, "kind": "received"}
    _insert(seed, given, "commission_event", commission_id=commission, **event)
    file = _insert(
        seed,
        given,
        "commission_file",
        commission_id=commission,
        kind="other",
        name=device,
        media_type="image/png",
        sha256=bytes(32),
        bytes=1,
        content=device.encode(),
        stored_at=NOW,
        actor=device,
    )
    times = ("received_at", "registered_at", "take_up_due_at", "handle_due_at")
    complaint = _insert(
        seed,
        given,
        "complaint",
        device_id=None,
        client_id=None,
        nature="aid",
        via="phone",
        text=device,
        **dict.fromkeys(times, NOW),
    )
    _insert(seed, given, "complaint_event", complaint_id=complaint, **event)
    _insert(
        seed,
        given,
        "survey_answer",
        client_id=None,
        answered_on=NOW,
        occasion="delivery",
        aid_kind="stairlift",
        via="paper",
        overall=8,
        remark=device,
    )
    _insert(
        seed,
        given,
        "letter",
        client_id=None,
        addressee="client",
        about="commission_late",
        commission_id=commission,
        written_at=NOW,
        **dict.fromkeys(("subject", "body", "dedup_key", "actor"), device),
    )
    _insert(
        seed,
        given,
        "aid_rejection",
        device_id=None,
        rejected_on=NOW,
        reason="unsafe",
        report=device,
        first_used_on=NOW,
        lifetime_left_months=1,
        at=NOW,
        actor=device,
    )
    return Cases(commission, complaint, file, *takeover(seed, code, device))


def takeover(seed: Seed, code: str, device: str) -> tuple[int, int, int]:
    """A takeover with that aid, in which overdue maintenance was found, and a photo of it."""
    number: int = seed.one(
        "INSERT INTO takeover (municipality_code, contractor, starts_on, inspect_by, complete_by,"
        " at, actor) VALUES (%s, %s, %s, %s, %s, %s, 'x') RETURNING takeover_id",
        *(code, device, NOW - timedelta(days=9), NOW, NOW, NOW),
    )
    seed.run(
        "INSERT INTO takeover_aid (takeover_id, number, device_id, told, at)"
        " SELECT %s, name, device_id, '{}', %s FROM device WHERE name = %s",
        *(number, NOW, device),
    )
    inspection: int = seed.one(
        "INSERT INTO aid_inspection (device_id, takeover_id, inspected_on, overdue, report, advice,"
        " at, actor) SELECT device_id, %s, %s, true, name, name, %s, 'x' FROM device"
        " WHERE name = %s RETURNING inspection_id",
        *(number, NOW, NOW, device),
    )
    photo: int = seed.one(
        "INSERT INTO aid_file (device_id, about, name, media_type, sha256, bytes, content,"
        " stored_at, actor) SELECT device_id, %s, name, 'image/png', sha256(name::bytea), 1,"
        " name::bytea, %s, 'x' FROM device WHERE name = %s RETURNING file_id",
        *(f"inspectie-{inspection}", NOW, device),
    )
    return number, inspection, photo


def _insert(seed: Seed, given: dict[str, str], table: str, **columns: Any) -> int:
    """Insert a row and return its number; a column of None is the aid's own."""
    if table in WITH_CODE:
        columns["municipality_code"] = given["code"]
    names = ", ".join(columns)
    slots = ", ".join(f"device.{n}" if v is None else "%s" for n, v in columns.items())
    values = [value for value in columns.values() if value is not None]
    statement = f"INSERT INTO {table} ({names}) SELECT {slots} FROM device WHERE device.name = %s"
    number = {"commission": "commission_id", "complaint": "complaint_id"}.get(table, "1")
    number = "file_id" if table == "commission_file" else number
    return int(seed.one(f"{statement} RETURNING {number}", *values, given["device"]))
