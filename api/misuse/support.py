"""The file that a claim for recovery rests on: everything of a case in one archive, with checksums.

The same case gives the same bytes, but for the day on which the archive is made.
"""

import hashlib
from asyncio import to_thread
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec
from babel.dates import format_datetime

from api.desk.rendering import ZONE
from api.documents.content import AnyBlock, Document, Facts, Heading, Notice, Paragraph, Table
from api.documents.pdf import pdf
from api.misuse import quoting, service, words
from api.misuse.service import CaseView
from api.queries import Connection
from diagnostics.misuse import files
from diagnostics.misuse.items import WEAR_EXCLUDED, WORDING
from diagnostics.misuse.model import Event, EventKind
from diagnostics.tickets import attachments

MEDIA_TYPE: Final = "application/zip"
_NL: Final = "nl"
_READ_ME: Final = """\
Zaak {case}: steundossier

tijdlijn.pdf      wat er is gebeurd, door wie en wanneer, met grafieken en foto's
zaak.json         hetzelfde logboek, zoals het is opgeslagen
metingen.csv      wat het hulpmiddel zelf meldde, per dag
bestanden/        foto's, brieven en offertes, zoals ze zijn ontvangen en verstuurd
SHA256SUMS        controlegetallen: sha256sum -c SHA256SUMS

Een signaal is geen bewijs en beschuldigt niemand. De gemeente besluit over verhaal.
"""


async def archive(connection: Connection, case_id: int, *, now: datetime) -> bytes:
    """Return the archive of a case.

    Raises:
        CaseNotFound: there is none that one may see.
    """
    view = await service.view(connection, case_id, now=now)
    content = {
        "LEESMIJ.txt": _READ_ME.format(case=case_id).encode(),
        "tijdlijn.pdf": await to_thread(pdf, await _timeline(connection, view, now)),
        "zaak.json": msgspec.json.format(msgspec.json.encode(_record(view)), indent=2),
        **{name: text async for name, text in _files(connection, view)},
    }
    measured = "".join(_measured(view))
    if measured:
        content["metingen.csv"] = measured.encode("utf-8-sig")  # so that Excel reads it
    sums = "".join(
        f"{hashlib.sha256(each).hexdigest()}  {name}\n" for name, each in sorted(content.items())
    )
    return _zip(content | {"SHA256SUMS": sums.encode()}, now)


def _zip(content: dict[str, bytes], now: datetime) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as packed:
        for name, each in sorted(content.items()):
            info = ZipInfo(name, date_time=now.astimezone(ZONE).timetuple()[:6])
            info.external_attr = 0o644 << 16
            packed.writestr(info, each, ZIP_DEFLATED)
    return made.getvalue()


def _record(view: CaseView) -> dict[str, Any]:
    return {
        "case": view.detail.model_dump(mode="json", exclude={"events"}),
        "events": [msgspec.to_builtins(event) for event in view.file.events],
    }


def _measured(view: CaseView) -> Iterator[str]:
    drawn = view.detail.evidence
    if drawn is None:
        return
    yield ";".join(["dag", *(quoting.nl(words.CURVES, each.name) for each in drawn.curves)]) + "\n"
    for place in range(len(drawn.curves[0].values)):
        day = drawn.first.fromordinal(drawn.first.toordinal() + place)
        values = (each.values[place] for each in drawn.curves)
        shown = ("" if value is None else f"{value}".replace(".", ",") for value in values)
        yield ";".join([day.isoformat(), *shown]) + "\n"


async def _files(connection: Connection, view: CaseView) -> Any:
    case_id = view.case.case_id
    for kept in await files.list_of(connection, case_id):
        found = await files.content_of(connection, case_id, kept.file_id)
        if found is not None:
            yield f"bestanden/{kept.file_id}-{_safe(kept.name)}", found[1]
    for each in view.photos:
        shown = await attachments.content_of(connection, each["ticket_id"], each["attachment_id"])
        if shown is not None:
            name = f"bezoek-{each['ticket_id']}-{each['attachment_id']}-{_safe(each['name'])}"
            yield f"bestanden/{name}", shown[1]


def _safe(name: str) -> str:
    return "".join(each if each.isalnum() or each in "._- " else "_" for each in name)


async def _timeline(connection: Connection, view: CaseView, now: datetime) -> Document:
    case = view.case
    photos = await quoting.pictures(connection, view)
    blocks: list[AnyBlock] = [
        Notice(text="Een signaal is geen bewijs en beschuldigt niemand."),
        Facts(
            facts=[
                ("Gemeente", view.aid["municipality_name"]),
                ("Cliëntnummer", case.client_number or "onbekend"),
                ("Hulpmiddel", case.device_name),
                ("Wat er gezien is", quoting.use(case.kind)),
                ("Onderdeel van eis 61", f"{WORDING[case.item]}. {WEAR_EXCLUDED}"),
                ("Stand", quoting.nl(words.STAGES, case.stage.value)),
                ("Cliënt gehoord", "ja" if case.client_heard else "nee"),
            ]
        ),
        Heading(text="Tijdlijn"),
        Table(
            caption="Wat er is gebeurd",
            columns=["Nr", "Wanneer", "Wat", "Wie"],
            widths=[1, 4, 13, 4],
            rows=[
                [
                    str(event.number),
                    format_datetime(event.moment.astimezone(ZONE), "d-M-yyyy HH:mm", locale=_NL),
                    _told(event),
                    view.names.get(event.actor, event.actor),
                ]
                for event in view.file.events
            ],
        ),
        *_explained(view),
        *quoting.drawings(view),
        *([Heading(text="Foto's"), *photos] if photos else []),
    ]
    return Document(
        title="Steundossier",
        subtitle=f"Zaak {case.case_id}",
        reference=f"Zaak {case.case_id}",
        made_at=now,
        blocks=blocks,
    )


def _explained(view: CaseView) -> Iterator[AnyBlock]:
    yield Heading(text="Redenen, en wat het anders kan zijn")
    for signal in view.detail.signals:
        who = signal.detector or quoting.nl(words.SOURCES, signal.source)
        lines = [f"{quoting.use(signal.what)} ({who})"]
        lines += [each.text[_NL] for each in signal.reasons]
        if signal.text:
            lines.append(signal.text)
        if signal.confidence is not None:
            lines.append(f"Zekerheid: {round(signal.confidence * 100)}%")
        lines += [f"Kan ook: {each.text[_NL]}" for each in signal.otherwise]
        yield Paragraph(text="\n".join(lines))


def _told(event: Event) -> str:
    what, detail = quoting.nl(words.EVENTS, event.kind.value), event.detail
    more = detail.get("text") or ""
    match event.kind:
        case EventKind.DECIDED:
            decision = quoting.nl(words.DECISIONS, detail["decision"])
            more = f"{decision} ({detail['person']}): {detail['reason']}"
        case EventKind.REJECTED:
            more = f"{quoting.nl(words.REASONS, detail['reason'])}. {detail['text']}"
        case EventKind.QUOTED:
            more = f"€ {detail['gross'].replace('.', ',')} met btw. {detail['explanation']}"
        case EventKind.ATTACHED:
            more = detail["name"]
        case EventKind.SIGNALLED:
            more = f"{quoting.use(detail['what'])}. {more}"
        case _:
            pass
    return f"{what}: {more}".rstrip(": ")
