"""The sheets of totals, municipalities, subcategories and clients: each a sum of the next. Pure."""

from collections.abc import Iterable

from api.reports import counting, words
from api.reports.counting import Counts, Key
from api.reports.model import Cell, Column, Report, Sheet, aid_word, ratio
from api.reports.words import word

_COUNTED = tuple(Column(each.label, each.kind) for each in words.MEASURES)
_RATIOS = tuple(Column(label, kind) for label, _, _, kind in words.RATIOS)


# One could tell whose the answer is.
_FEW = 3


def totals(report: Report) -> Sheet:
    """Return all numbers of the period."""
    rows: list[tuple[Cell, ...]] = [
        (each.label, report.total[each.name], None)
        for each in words.MEASURES
        if each.kind == "number"
    ]
    rows += [
        (each.label, None, report.total[each.name])
        for each in words.MEASURES
        if each.kind == "money"
    ]
    return Sheet(
        "Totaaloverzicht",
        "Alle aantallen van de periode; uitstaande hulpmiddelen aan het einde ervan.",
        (Column("Gegeven"), Column("Aantal", "number"), Column("Bedrag", "money")),
        rows,
    )


def indicators(report: Report) -> Sheet:
    """Return the performance indicators against their targets."""
    rows = []
    for each in report.snapshot.indicators:
        decided = each.kept + each.missed
        share = each.kept / decided if decided else None
        plain = (each.kept - each.excused) / decided if decided else None
        reached = (
            "" if each.asked is None or share is None else "Ja" if share >= each.asked else "Nee"
        )
        rows.append(
            (
                each.name,
                each.definition,
                each.source,
                each.asked,
                share,
                each.kept,
                decided,
                each.excused,
                plain,
                each.left_out,
                reached,
            )
        )
    return Sheet(
        "KPI's",
        "Niet-toerekenbare vertragingen tellen als op tijd en staan er apart bij.",
        (
            *(Column("KPI"), Column("Definitie"), Column("Bron"), Column("Norm", "percent")),
            *(Column("Resultaat", "percent"), Column("Voldoet", "number")),
            *(Column("Beslist", "number"), Column("Waarvan niet-toerekenbaar", "number")),
            *(Column("Resultaat zonder niet-toerekenbaar", "percent"),),
            *(Column("Buiten beschouwing", "number"), Column("Norm gehaald")),
        ),
        rows,
    )


def _counted(counts: Counts) -> tuple[Cell, ...]:
    return tuple(counts[each.name] for each in words.MEASURES)


def _ratios(counts: Counts) -> tuple[Cell, ...]:
    return tuple(ratio(counts, above, below) for _, above, below, _ in words.RATIOS)


def municipalities(report: Report) -> Sheet:
    """Return the level of the municipality."""
    names = report.snapshot.municipalities
    rows = [
        (name, *_counted(counts := report.by_municipality.get((code,), Counts())), *_ratios(counts))
        for code, name in sorted(names.items(), key=lambda each: each[1])
    ]
    return Sheet(
        "Gemeenten",
        "Per gemeente; het totaal eronder is de som.",
        (Column("Naam gemeente"), *_COUNTED, *_RATIOS),
        rows,
        total=True,
    )


def categories(report: Report) -> Sheet:
    """Return the level of the subcategory."""
    names = report.snapshot.municipalities
    rows = [
        (names.get(code, code), aid_word(category), *_counted(counts), *_ratios(counts))
        for (code, category), counts in report.by_category.items()
    ]
    return Sheet(
        "Subcategorieën",
        "Per gemeente en subcategorie hulpmiddel; het totaal eronder is de som.",
        (Column("Naam gemeente"), Column("Subcategorie"), *_COUNTED, *_RATIOS),
        rows,
        total=True,
    )


def clients(report: Report) -> Sheet:
    """Return the level of the client."""
    names = report.snapshot.municipalities
    rows = [
        (names.get(key.municipality, key.municipality), *_client(key), *_counted(counts))
        for key, counts in report.counted.items()
    ]
    return Sheet(
        "Cliënten",
        "Per cliënt en subcategorie. Wat bij geen cliënt hoort, staat onder een leeg klantnummer.",
        (Column("Naam gemeente"), Column("Klantnummer"), Column("Subcategorie"), *_COUNTED),
        rows,
        total=True,
    )


def _client(key: Key) -> tuple[Cell, ...]:
    return key.client, aid_word(key.category)


def earlier(report: Report) -> Sheet:
    """Return the years side by side, this one first."""
    years = sorted(report.snapshot.earlier, key=lambda each: -each.year)
    rows: list[tuple[Cell, ...]] = []
    for each in words.MEASURES:
        counts = [Counts(year.counts)[each.name] for year in years]
        rows.append((each.label, *_money([report.total[each.name], *counts], each.kind)))
    return Sheet(
        "Eerdere jaren",
        "Vergelijking met voorgaande jaren; bedragen in hele euro's.",
        (
            Column("Gegeven"),
            Column(report.period.name, "number"),
            *(Column(str(year.year), "number") for year in years),
        ),
        rows,
    )


def _money(values: Iterable[int], kind: str) -> list[int]:
    return [round(each / 100) if kind == "money" else each for each in values]


def durations(report: Report) -> Sheet:
    """Return how long things took, by month and subcategory."""
    spans = counting.durations(report.snapshot.rows, report.period)
    rows = [
        (month, aid_word(category), word(words.DURATIONS, what), span.number, span.mean)
        for (month, category, what), span in spans.items()
    ]
    return Sheet(
        "Doorlooptijden",
        "Gemiddelde maandelijkse doorlooptijd: levering en inname in werkdagen, service in dagen.",
        (
            *(Column("Maand"), Column("Subcategorie"), Column("Soort")),
            *(Column("Aantal", "number"), Column("Gemiddeld", "decimal")),
        ),
        rows,
    )


def answers(report: Report) -> Sheet:
    """Return what clients answered."""
    by: dict[tuple[str, str], list[int]] = {}
    for each in report.snapshot.rows.answers:
        if each.answered_on in report.period:
            month = f"{each.answered_on:%Y-%m}"
            by.setdefault((month, word(words.OCCASIONS, each.occasion)), []).append(each.overall)
    rows = [
        (month, occasion, len(marks), sum(marks) / len(marks) if len(marks) >= _FEW else None)
        for (month, occasion), marks in sorted(by.items())
    ]
    return Sheet(
        "Cliënttevredenheid",
        "Doorlopend onderzoek: cijfers per maand en aanleiding, gemiddeld vanaf drie antwoorden.",
        (
            *(Column("Maand"), Column("Aanleiding")),
            *(Column("Antwoorden", "number"), Column("Gemiddeld cijfer", "decimal")),
        ),
        rows,
    )


def rejections(report: Report) -> Sheet:
    """Return the aids that are not used any further."""
    rows = [
        (
            each.aid,
            aid_word(counting.category(each.aid_kind, each.type_)),
            each.rejected_on,
            word(words.REASONS, each.reason),
            each.lifetime_left_months,
        )
        for each in report.snapshot.rows.rejections
        if each.rejected_on in report.period
    ]
    return Sheet(
        "Afkeuringen",
        "Afgekeurde hulpmiddelen; met resterende levensduur is de afkeuring voortijdig.",
        (
            *(Column("Identificatienummer"), Column("Subcategorie"), Column("Afgekeurd", "date")),
            *(Column("Reden"), Column("Resterende levensduur in maanden", "number")),
        ),
        rows,
    )
