"""The municipality's list against ours: what differs, of which kind, and what explains it. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from api.reports.model import Cell, Column, Sheet
from api.reports.municipal_list import Line, Trouble
from api.reports.words import AIDS, word

# Lists are made on other days than ours: a difference of so much is none.
SAME_DATE: Final = timedelta(days=3)


class Ours(Struct, frozen=True, kw_only=True):
    """An aid as we know it. ``client``: empty if with nobody; ``ended``: what became of it."""

    aid: str
    client: str
    kind: str
    delivered_on: date | None = None
    monthly_cents: int | None = None
    ended: str = ""


class Kind(StrEnum):
    """How a row differs."""

    ONLY_THEIRS = "only_theirs"
    ONLY_OURS = "only_ours"
    OTHER_CLIENT = "other_client"
    OTHER_KIND = "other_kind"
    OTHER_DATE = "other_date"
    OTHER_AMOUNT = "other_amount"
    TWICE = "twice"


DUTCH: Final[Mapping[str, str]] = {
    "only_theirs": "Alleen bij de gemeente",
    "only_ours": "Alleen bij ons",
    "other_client": "Andere cliënt",
    "other_kind": "Andere soort hulpmiddel",
    "other_date": "Andere leverdatum",
    "other_amount": "Ander maandbedrag",
    "twice": "Dubbel in de lijst",
}


class Difference(Struct, frozen=True, kw_only=True):
    """One difference. ``row``: in the municipality's list; None: it is not in it."""

    kind: Kind
    row: int | None
    aid: str
    client: str
    theirs: str
    ours: str
    explanation: str


class Outcome(Struct, frozen=True, kw_only=True):
    """What came out. ``same``: rows without any difference."""

    rows: int
    same: int
    differences: Sequence[Difference]
    troubles: Sequence[Trouble]

    @property
    def counts(self) -> dict[str, int]:
        """How many differences there are of each kind."""
        return dict(sorted(Counter(each.kind.value for each in self.differences).items()))


def compare(lines: Sequence[Line], troubles: Sequence[Trouble], ours: Sequence[Ours]) -> Outcome:
    """Return how the municipality's ``lines`` differ from ``ours``, by the aid's number.

    What has no number in their list is looked for by client and kind of aid.
    """
    by_aid = {each.aid: each for each in ours}
    out = {each.aid for each in ours if each.client}
    by_client = {(each.client, each.kind): each for each in ours if each.client}
    seen: dict[str, int] = {}
    found: list[Difference] = []
    same = 0
    for line in lines:
        mine = by_aid.get(line.aid) or by_client.get((line.client, line.kind or ""))
        if mine is not None and mine.aid in seen:
            found.append(_twice(line, seen[mine.aid]))
            continue
        if mine is not None:
            seen[mine.aid] = line.row
        before = len(found)
        found.extend(_differences(line, mine))
        same += len(found) == before
    found += [_only_ours(each) for each in ours if each.aid in out - set(seen)]
    return Outcome(rows=len(lines), same=same, differences=found, troubles=troubles)


def sheets(outcome: Outcome) -> list[Sheet]:
    """Return the outcome as sheets of a workbook."""
    counts: list[tuple[Cell, ...]] = [
        ("Regels gelezen", outcome.rows),
        ("Gelijk", outcome.same),
        *((DUTCH[kind], number) for kind, number in outcome.counts.items()),
        ("Regels die niet te lezen zijn", len(outcome.troubles)),
    ]
    return [
        Sheet(
            "Uitkomst",
            "De lijst van de gemeente naast de onze, verschillen naar soort.",
            (Column("Soort"), Column("Aantal", "number")),
            counts,
        ),
        Sheet(
            "Verschillen",
            "Elk verschil met wat het kan verklaren.",
            (
                *(Column("Soort"), Column("Regel in uw lijst", "number")),
                *(Column("Identificatienummer"), Column("Klantnummer")),
                *(Column("Bij de gemeente"), Column("Bij ons"), Column("Verklaring")),
            ),
            [
                (
                    DUTCH[each.kind],
                    each.row,
                    each.aid,
                    each.client,
                    each.theirs,
                    each.ours,
                    each.explanation,
                )
                for each in outcome.differences
            ],
        ),
        Sheet(
            "Niet te lezen",
            "Regels die niet vergeleken zijn, en waarom.",
            (Column("Regel", "number"), Column("Kolom"), Column("Wat er mis is")),
            [(each.row, each.column, each.text) for each in outcome.troubles],
        ),
    ]


def _differences(line: Line, mine: Ours | None) -> Iterator[Difference]:
    def differs(kind: Kind, theirs: str, ours: str, explanation: str) -> Difference:
        return Difference(
            kind=kind,
            row=line.row,
            aid=line.aid or (mine.aid if mine else ""),
            client=line.client,
            theirs=theirs,
            ours=ours,
            explanation=explanation,
        )

    if mine is None:
        yield differs(Kind.ONLY_THEIRS, "uitstaand", "onbekend", "Dit nummer kennen wij niet.")
        return
    if not mine.client:
        said = mine.ended or "bij ons niet bij een cliënt"
        yield differs(Kind.ONLY_THEIRS, "uitstaand", said, f"Het hulpmiddel is {said}.")
        return
    if line.client and line.client != mine.client:
        yield differs(
            Kind.OTHER_CLIENT,
            line.client,
            mine.client,
            "Het hulpmiddel is bij ons aan een ander geleverd, mogelijk herverstrekt.",
        )
    if line.kind is not None and line.kind != mine.kind:
        yield differs(
            Kind.OTHER_KIND,
            word(AIDS, line.kind),
            word(AIDS, mine.kind),
            "Verschil in registratie.",
        )
    if line.delivered_on and mine.delivered_on:
        apart = abs(line.delivered_on - mine.delivered_on)
        if apart > SAME_DATE:
            yield differs(
                Kind.OTHER_DATE,
                f"{line.delivered_on:%d-%m-%Y}",
                f"{mine.delivered_on:%d-%m-%Y}",
                f"{apart.days} dagen verschil; onze datum is die van de oplevering met instructie.",
            )
    if None not in (line.monthly_cents, mine.monthly_cents) and (
        line.monthly_cents != mine.monthly_cents
    ):
        yield differs(
            Kind.OTHER_AMOUNT,
            _euros(line.monthly_cents),
            _euros(mine.monthly_cents),
            "Het tarief van de toewijzing verschilt.",
        )


def _twice(line: Line, before: int) -> Difference:
    return Difference(
        kind=Kind.TWICE,
        row=line.row,
        aid=line.aid,
        client=line.client,
        theirs=f"ook op regel {before}",
        ours="één keer",
        explanation="Hetzelfde hulpmiddel staat vaker in de lijst.",
    )


def _only_ours(mine: Ours) -> Difference:
    when = f" op {mine.delivered_on:%d-%m-%Y}" if mine.delivered_on else ""
    return Difference(
        kind=Kind.ONLY_OURS,
        row=None,
        aid=mine.aid,
        client=mine.client,
        theirs="niet in de lijst",
        ours="uitstaand",
        explanation=f"Bij ons geleverd{when}; mogelijk na het maken van de lijst.",
    )


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"€ {cents / 100:.2f}".replace(".", ",")
