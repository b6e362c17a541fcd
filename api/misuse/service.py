"""Reads cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from api.devices.schemas import Municipality
from api.misuse.schemas import (
    CaseDetail,
    CaseEvent,
    CaseFile,
    CasePage,
    MisuseCase,
    MisuseItem,
    SignalFigures,
    UseSignal,
)
from api.pagination import encode
from api.queries import Connection, Row, row, rows
from api.tickets.reasons import reasons_of
from diagnostics.misuse import evidence, files, life, repository
from diagnostics.misuse.items import WORDING
from diagnostics.misuse.model import Case, Event, EventKind, File, Stage
from diagnostics.queries import load

QUERIES = load("api.misuse")
REVIEW = (Stage.SIGNALLED, Stage.VISIT)
OPEN = (*REVIEW, Stage.REPORTED, Stage.DECIDED)


class CaseView(NamedTuple):
    """All that a page of a case shows. ``names``: of accounts, by login."""

    detail: CaseDetail
    file: File
    case: Case
    aid: Row
    names: dict[str, str]
    photos: Sequence[Row]
    earlier: list[MisuseCase]


async def page(
    connection: Connection,
    *,
    now: datetime,
    stages: Sequence[Stage] | None = None,
    kind: str | None = None,
    municipality: str | None = None,
    device: str | None = None,
    client: str | None = None,
    overdue: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> CasePage:
    """Return cases, newest first, behind the one with number ``before``; None selects all."""
    found = await rows(
        connection,
        QUERIES["page"],
        {
            "stages": None if stages is None else [each.value for each in stages],
            "kind": kind,
            "municipality": municipality,
            "device": device,
            "client": client,
            "overdue_at": now if overdue else None,
            "before": before,
            "limit": limit + 1,
        },
    )
    items = [_listed(each, now) for each in found[:limit]]
    more = len(found) > limit
    return CasePage(items=items, next_cursor=encode(items[-1].case_id) if more else None)


async def detail(connection: Connection, case_id: int, *, now: datetime) -> CaseDetail:
    """Return a case with its file.

    Raises:
        CaseNotFound: there is none that one may see.
    """
    return (await view(connection, case_id, now=now)).detail


async def view(connection: Connection, case_id: int, *, now: datetime) -> CaseView:
    """Return all that a page of a case shows.

    Raises:
        CaseNotFound: there is none that one may see.
    """
    file = await repository.read(connection, case_id)
    case = life.case_of(file)
    aid = await row(connection, QUERIES["one"], {"case_id": case_id}) or {}
    signalled = [event for event in file.events if event.kind is EventKind.SIGNALLED]
    told = [evidence.read(event.detail.get("evidence")) for event in signalled]
    drawn = next((each for each in reversed(told) if each is not None), None)
    tickets = [case.visit, *(event.detail.get("ticket") for event in signalled)]
    photos = await rows(
        connection, QUERIES["visit_photos"], {"tickets": [n for n in tickets if n is not None]}
    )
    logins = sorted({event.actor for event in file.events})
    names = await rows(connection, QUERIES["names"], {"logins": logins})
    others = await page(connection, now=now, device=case.device_name, limit=20)
    terms = life.terms_at(file, now)
    shown = CaseDetail.model_validate(
        msgspec.structs.asdict(case)
        | {
            "device": case.device_name,
            "device_kind": aid["device_kind"],
            "municipality": Municipality(
                code=case.municipality_code, name=aid["municipality_name"]
            ),
            "overdue": case.overdue(now),
            "requirement": MisuseItem(
                code=case.item, text=WORDING[case.item], article=terms.articles.get(case.item)
            ),
            "signals": [_signal(case, number, event) for number, event in enumerate(signalled)],
            "evidence": None if drawn is None else msgspec.to_builtins(drawn),
            "events": [_event(event) for event in file.events],
            "files": [file_of(each) for each in await files.list_of(connection, case_id)],
        }
    )
    return CaseView(
        detail=shown,
        file=file,
        case=case,
        aid=aid,
        names={each["login"]: each["name"] for each in names},
        photos=photos,
        earlier=[each for each in others.items if each.case_id != case_id],
    )


async def figures(connection: Connection) -> list[SignalFigures]:
    """Return what became of signals, by detector."""
    return [_figures(each) for each in await rows(connection, QUERIES["figures"])]


async def counts(connection: Connection, now: datetime) -> Row:
    """Return how many cases wait for whom."""
    return await row(connection, QUERIES["counts"], {"now": now}) or {}


def _figures(found: Row) -> SignalFigures:
    false = found["rejected"] + found["unfounded"]
    judged = false + found["upheld"]
    return SignalFigures.model_validate(
        found | {"false_share": round(false / judged, 4) if judged else None}
    )


def _listed(found: Row, now: datetime) -> MisuseCase:
    municipality = Municipality(code=found["municipality_code"], name=found["municipality_name"])
    late = found["stage"] == Stage.REPORTED and found["decide_by"] < now
    return MisuseCase.model_validate(found | {"municipality": municipality, "overdue": late})


def _signal(case: Case, number: int, event: Event) -> UseSignal:
    signal, said = case.signals[number], event.detail
    return UseSignal(
        at=signal.at,
        source=signal.source.value,
        what=signal.what,
        since=signal.since,
        detector=signal.detector,
        detector_version=signal.version,
        confidence=signal.confidence,
        reasons=reasons_of(said.get("reasons", ())),
        otherwise=reasons_of(said.get("otherwise", ())),
        text=said.get("text", ""),
        ticket=said.get("ticket"),
        over=signal.over,
    )


def _event(event: Event) -> CaseEvent:
    # The curves stand by themselves, once.
    shown: dict[str, Any] = {n: v for n, v in event.detail.items() if n != "evidence"}
    return CaseEvent(
        number=event.number,
        at=event.at,
        happened_at=event.happened_at,
        actor=event.actor,
        kind=event.kind.value,
        detail=shown,
    )


def file_of(found: files.CaseFile) -> CaseFile:
    """Return a file as it is told to the outside."""
    return CaseFile.model_validate(found._asdict() | {"sha256": found.sha256.hex()})
