"""The summary of a report as a PDF that everybody can read, charts with their text. Pure."""

from collections.abc import Iterator

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from api.documents.content import AnyBlock, Document, Facts, Heading, Paragraph, Picture, Table
from api.documents.pdf import pdf
from api.kpi import drawing
from api.kpi.risk import percent
from api.reports import words
from api.reports.counting import Counts
from api.reports.model import Report, aid_word, ratio
from diagnostics.tickets.calendar import ZONE

_SHORT = {
    "outstanding": "Uitstaand",
    "delivered": "Geleverd",
    "delivered_in_time": "Op tijd",
    "delivered_late": "Te laat",
    "collected": "Inname",
    "repairs": "Reparatie",
    "emergencies": "Spoed",
    "complaints": "Klacht",
}
_NOTE = (
    "Alle gegevens per cliënt, subcategorie en totaal staan in het Excel-bestand bij deze"
    " samenvatting. In een rapport over meer gemeenten staan geen gegevens van afzonderlijke"
    " cliënten; die staan in het rapport van de eigen gemeente.\n\n"
    "Een niet-toerekenbare vertraging telt alleen als reden en bewijs zijn vastgelegd. Wat niet is"
    " onderbouwd, is toerekenbaar. Een termijn die verstreken is, telt als niet gehaald zodra hij"
    " verstreken is, ook als het werk nog loopt."
)
_BESIDE = (
    "outstanding",
    "delivered",
    "collected",
    "repairs",
    "emergencies",
    "complaints",
    "calamities",
)


def summary(report: Report) -> bytes:
    """Return the summary."""
    snapshot = report.snapshot
    kind = words.KINDS_OF_REPORT[snapshot.kind]
    cut_off = snapshot.cut_off_at.astimezone(ZONE)
    return pdf(
        Document(
            title=f"{kind} {report.period.name}",
            subtitle=f"Wmo-hulpmiddelen, {snapshot.name}",
            made_at=snapshot.cut_off_at,
            reference=f"{snapshot.name} {report.period.name}, versie {snapshot.version}",
            blocks=[
                Facts(
                    facts=[
                        ("Periode", _period(report)),
                        ("Gemeenten", ", ".join(sorted(snapshot.municipalities.values()))),
                        (
                            "Stand van de gegevens",
                            f"{format_date(cut_off, 'd MMMM yyyy', locale='nl')} {cut_off:%H:%M}",
                        ),
                        ("Versie", f"{snapshot.version} {snapshot.reason}".strip()),
                    ]
                ),
                *_indicators(report),
                *_totals(report),
                *_levels(report),
                *_earlier(report),
                Heading(text="Toelichting"),
                Paragraph(text=_NOTE),
            ],
        )
    )


def _period(report: Report) -> str:
    last = report.period.ends_at.astimezone(ZONE).date().toordinal() - 1
    begin = report.period.begin
    end = type(begin).fromordinal(last)
    return " tot en met ".join(format_date(day, "d MMMM yyyy", locale="nl") for day in (begin, end))


def _indicators(report: Report) -> Iterator[AnyBlock]:
    every = report.snapshot.indicators
    if not every:
        return
    yield Heading(text="Kritieke prestatie-indicatoren")
    yield Table(
        caption="Resultaat tegen de norm; een niet-toerekenbare vertraging staat er apart bij.",
        columns=("KPI", "Norm", "Resultaat", "Voldoet / beslist", "Niet-toerekenbaar"),
        numeric=(1, 2, 3, 4),
        rows=[
            (
                f"{each.name} ({each.source})",
                percent(each.asked),
                percent(share(each.kept, each.kept + each.missed)),
                f"{number(each.kept)} / {number(each.kept + each.missed)}",
                number(each.excused),
            )
            for each in every
        ],
    )
    for each in every[:2]:  # those that the contract names
        points = [
            drawing.Point(name, share(kept, decided), percent(share(kept, decided)))
            for name, kept, decided in (
                *each.before,
                (report.period.name, each.kept, each.kept + each.missed),
            )
        ]
        said = "; ".join(
            f"{point.name} {point.text if point.share is not None else 'geen gevallen'}"
            for point in points
        )
        text = f"Lijndiagram van {each.name.lower()}: {said}. De norm is {percent(each.asked)}."
        yield Picture(
            content=drawing.trend(
                points, each.asked, text=text, asked_text=f"norm {percent(each.asked)}"
            ).encode(),
            text=text,
            caption=f"{each.name}: {each.definition}",
            width=0.75,
        )


def _totals(report: Report) -> Iterator[AnyBlock]:
    yield Heading(text="Totaaloverzicht")
    total = report.total
    yield Table(
        caption="Aantallen en kosten van de periode.",
        columns=("Gegeven", "Aantal"),
        numeric=(1,),
        rows=[
            (
                each.label,
                money(total[each.name]) if each.kind == "money" else number(total[each.name]),
            )
            for each in words.MEASURES
        ]
        + [
            (label, _ratio(ratio(total, above, below), kind))
            for label, above, below, kind in words.RATIOS
        ],
    )


def _levels(report: Report) -> Iterator[AnyBlock]:
    labels = [*_SHORT.values()]
    names = report.snapshot.municipalities
    if len(names) > 1:
        yield Heading(text="Per gemeente")
        yield Table(
            caption="Per gemeente; de laatste regel is het totaal.",
            columns=("Gemeente", *labels),
            numeric=tuple(range(1, len(labels) + 1)),
            total=True,
            rows=[
                (name, *_short(report.by_municipality.get((code,), Counts())))
                for code, name in sorted(names.items(), key=lambda each: each[1])
            ]
            + [("Totaal", *_short(report.total))],
        )
    by: dict[str, Counts] = {}
    for (_, category), counts in report.by_category.items():
        by.setdefault(category, Counts()).update(counts)
    if by:
        yield Heading(text="Per subcategorie")
        yield Table(
            caption="Per subcategorie hulpmiddel; de laatste regel is het totaal.",
            columns=("Subcategorie", *labels),
            numeric=tuple(range(1, len(labels) + 1)),
            total=True,
            rows=[(aid_word(category), *_short(counts)) for category, counts in sorted(by.items())]
            + [("Totaal", *_short(report.total))],
        )


def _earlier(report: Report) -> Iterator[AnyBlock]:
    years = sorted(report.snapshot.earlier, key=lambda each: each.year)
    if not years:
        return
    yield Heading(text="Vergelijking met eerdere jaren")
    labels = {each.name: each.label for each in words.MEASURES}
    columns = [
        *((str(each.year), Counts(each.counts)) for each in years),
        (report.period.name, report.total),
    ]
    yield Table(
        caption="Aantallen per jaar.",
        columns=("Gegeven", *(name for name, _ in columns)),
        numeric=tuple(range(1, len(columns) + 1)),
        rows=[(labels[name], *(number(counts[name]) for _, counts in columns)) for name in _BESIDE],
    )
    last = columns[-2:]
    said = "; ".join(
        f"{labels[name]}: {', '.join(f'{year} {number(counts[name])}' for year, counts in last)}"
        for name in _BESIDE
    )
    text = f"Staafdiagram van de laatste twee jaren: {said}."
    yield Picture(
        content=drawing.bars(
            [(labels[name], [counts[name] for _, counts in last]) for name in _BESIDE],
            [year for year, _ in last],
            text=text,
        ).encode(),
        text=text,
        caption="De laatste twee jaren naast elkaar.",
        width=0.75,
    )


def _short(counts: Counts) -> tuple[str, ...]:
    return tuple(number(counts[name]) for name in _SHORT)


def share(kept: int, decided: int) -> float | None:
    """Return the share; None: nothing is decided."""
    return kept / decided if decided else None


def number(value: float) -> str:
    """Write a whole number as the Dutch do."""
    return str(format_decimal(value, "#,##0", locale="nl"))


def money(cents: int) -> str:
    """Write euros as the Dutch do."""
    return str(format_currency(cents / 100, "EUR", locale="nl"))


def _ratio(value: float | None, kind: str) -> str:
    if value is None:
        return "-"
    return percent(value) if kind == "percent" else str(format_decimal(value, "0.0", locale="nl"))
