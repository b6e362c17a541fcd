"""Entries for the Algorithm Register (*Algoritmeregister*), in Dutch, from what detectors do.

Its fields are the headings under which the register shows an entry. The register's own exchange
format could not be had here: whoever publishes copies these fields into it. What only the
municipality can say is marked, never made up.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from api.algorithms import texts
from api.algorithms.facts import Facts, Measured
from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import Ask, Detector
from diagnostics.detectors.registry import DETECTORS
from diagnostics.misuse.items import FOUND, WORDING

TO_FILL: Final = "[in te vullen door de gemeente]"
_USE: Final = "Signalering van oneigenlijk gebruik van Wmo-hulpmiddelen"
_CARE: Final = "Bewaking en onderhoud van Wmo-hulpmiddelen op afstand"


def entries(facts: Facts) -> list[dict[str, Any]]:
    """Return the entries: one for improper use, one for everything else."""
    return [_entry(_USE, _of_use(), facts, use=True), _entry(_CARE, _others(), facts, use=False)]


def signals_use(detector: Detector) -> bool:
    """Return whether a detector signals improper use."""
    return any(
        entry.asks is Ask.SIGNAL for entry in CATALOGUE.values() if entry.detector == detector.name
    )


def words_of(detector: Detector) -> tuple[str, ...]:
    """Return what it can find, by the words of the catalogue."""
    return tuple(what for what, entry in CATALOGUE.items() if entry.detector == detector.name)


def parameters(detector: Detector) -> dict[str, Any]:
    """Return the numbers by which it judges, as they are in the running code."""
    module = sys.modules[type(detector).__module__]
    found: dict[str, Any] = msgspec.to_builtins(module.Parameters())
    return found


def markdown(facts: Facts) -> str:
    """Return the entries as a document to read and to copy from."""
    return "\n".join(line for entry in entries(facts) for line in _lines(entry))


def _of_use() -> list[Detector]:
    return [each for each in DETECTORS if signals_use(each)]


def _others() -> list[Detector]:
    return [each for each in DETECTORS if not signals_use(each)]


def _entry(name: str, detectors: Sequence[Detector], facts: Facts, *, use: bool) -> dict[str, Any]:
    return {
        "Naam": name,
        "Organisatie": TO_FILL,
        "Contactgegevens": TO_FILL,
        "Publicatiecategorie": "Impactvolle algoritmes" if use else "Overige algoritmes",
        "Status": TO_FILL,
        "Begindatum": TO_FILL,
        "Korte omschrijving": _SHORT[use],
        "Doel en impact": _GOAL[use],
        "Afwegingen": _WEIGHED[use],
        "Menselijke tussenkomst": _HUMAN[use],
        "Risicobeheer": _RISKS[use],
        "Wettelijke basis": (
            "Wet maatschappelijke ondersteuning 2015; de bruikleenovereenkomst met de cliënt. "
            + TO_FILL
        ),
        "Impacttoetsen": "DPIA: zie het sjabloon van `liftwacht-api dpia`. " + TO_FILL,
        "Gegevens": sorted({data for each in detectors for data in _data(each)}),
        "Technische werking": (
            "Regels per soort gebruik, met vaste drempels"
            + (
                "; één detector (person) gebruikt daarnaast een vooraf getraind model dat in het"
                " gebruik niet bijleert."
                if use
                else "."
            )
        ),
        "Leverancier": TO_FILL,
        "Algoritmes": [_algorithm(each, facts) for each in detectors],
        "Gemeten": (
            "Op gesimuleerde hulpmiddelen (`make evaluate`), niet op echte cliënten; gedragingen:"
            f" {facts.behaviours}, zaad {facts.seed}, formaat {facts.evaluation_version}. Een"
            " cijfer hoort bij de detectors van die meting; latere wijzigingen staan op de pagina"
            " van de detector."
        ),
    }


def _algorithm(detector: Detector, facts: Facts) -> dict[str, Any]:
    items = sorted({WORDING[FOUND[word]] for word in words_of(detector) if word in FOUND})
    return {
        "Naam": detector.name,
        "Versie": detector.version,
        "Omschrijving": texts.DETECTORS[detector.name],
        "Soorten hulpmiddel": sorted(str(kind) for kind in detector.kinds),
        "Signaleert": list(words_of(detector)),
        "Onderdeel van eis 61": items,
        "Gegevens": list(_data(detector)),
        "Drempels": parameters(detector),
        "Cijfers": [msgspec.to_builtins(each) for each in facts.measured[detector.name]],
        "Bekende beperkingen (Engels)": facts.limits[detector.name],
        "Technische beschrijving": facts.page[detector.name],
    }


def _data(detector: Detector) -> tuple[str, ...]:
    return texts.READS.get(detector.name, texts.OTHERWISE)


def _lines(entry: dict[str, Any]) -> Iterator[str]:
    yield f"# {entry['Naam']}\n"
    for name, value in entry.items():
        if name in {"Naam", "Algoritmes"}:
            continue
        yield f"## {name}\n"
        yield ", ".join(value) + "\n" if isinstance(value, list) else f"{value}\n"
    yield "## Algoritmes\n"
    for each in entry["Algoritmes"]:
        yield f"### {each['Naam']} (versie {each['Versie']})\n"
        yield f"{each['Omschrijving']}\n"
        for name in ("Soorten hulpmiddel", "Signaleert", "Gegevens"):
            yield f"- {name}: {', '.join(each[name])}"
        for item in each["Onderdeel van eis 61"]:
            yield f"- Onderdeel van eis 61: *{item}*"
        yield f"- Technische beschrijving: `{each['Technische beschrijving']}`\n"
        yield from table(msgspec.convert(each["Cijfers"], tuple[Measured, ...]))
        yield "\nDrempels: " + ", ".join(f"`{n}` {v}" for n, v in each["Drempels"].items()) + "\n"
        if each["Bekende beperkingen (Engels)"]:
            yield "Bekende beperkingen (Engels):\n"
            yield each["Bekende beperkingen (Engels)"] + "\n"


def table(measured: Sequence[Measured]) -> Iterator[str]:
    """Yield figures as a Markdown table."""
    if not measured:
        yield "Niet gemeten."
        return
    yield "| wat | gevallen | gevonden | meldingen | onterecht | waarvan op iets dat erop lijkt |"
    yield "|---|---|---|---|---|---|"
    for each in measured:
        yield (
            f"| `{each.what}` | {each.episodes} | {each.found} | {each.alarms} | {each.false} |"
            f" {each.accused} |"
        )


_SHORT: Final = {
    True: (
        "Uit meetwaarden van een elektrisch hulpmiddel volgt soms een signaal dat het anders wordt"
        " gebruikt dan in de bruikleenovereenkomst is afgesproken. Mensen wegen dat signaal."
    ),
    False: (
        "Herkent uit meetwaarden dat iemand met een hulpmiddel in nood is, of dat het hulpmiddel"
        " storing of slijtage heeft, zodat hulp of onderhoud op tijd komt."
    ),
}
_GOAL: Final = {
    True: (
        "De opdrachtnemer moet de gemeente direct melden wanneer hulpmiddelen niet of oneigenlijk"
        " worden gebruikt. Een signaal kan leiden tot een gesprek, een waarschuwing, verhaal van"
        " kosten of inname. Het signaal zelf heeft geen gevolgen: alleen een besluit van de"
        " gemeente heeft die. Vaak blijkt er een andere verklaring, of dat de cliënt hulp nodig"
        " heeft."
    ),
    False: (
        "Hulp binnen de afgesproken tijd, en onderhoud voordat een hulpmiddel uitvalt. Een gemiste"
        " noodoproep is het ergste; het hulpmiddel belt daarom ook zelf."
    ),
}
_WEIGHED: Final = {
    True: (
        "Alleen wat het hulpmiddel zelf meet; geen camera, geen geluid, en van de plaats alleen of"
        " het hulpmiddel van huis is (op ongeveer 5 km). Elk hulpmiddel wordt vergeleken met zijn"
        " eigen verleden, zijn specificatie of het gewone weer, nooit met andere mensen. Een"
        " signaal komt niet na één gebeurtenis, maar pas als iets dagen tot weken aanhoudt. Normale"
        " slijtage is uitgesloten."
    ),
    False: (
        "Meten gebeurt alleen zo vaak als voor veiligheid en onderhoud nodig is; gegevens dragen"
        " een cliëntnummer (pseudoniem), geen naam."
    ),
}
_HUMAN: Final = {
    True: (
        "Elk signaal wordt door een medewerker van de servicedesk beoordeeld voordat de gemeente"
        " het ziet, tenzij de gemeente voor een soort anders heeft gekozen. De gemeente besluit,"
        " met reden en naam. Het verhaal van de cliënt heeft een vaste plaats in het dossier."
    ),
    False: (
        "Een noodgeval eindigt alleen doordat een mens bevestigt dat de persoon veilig is. Monteurs"
        " en de servicedesk handelen elke melding af."
    ),
}
_RISKS: Final = {
    True: (
        "Afgewezen en ongegronde signalen worden per detector geteld en getoond, en gaan als"
        " gelabelde regels terug naar de evaluatie. Bij elk signaal staan de redenen, de zekerheid"
        " en wat het anders kan verklaren. Detectors worden getoetst op gedragingen die er alleen"
        " op lijken."
    ),
    False: (
        "Elke detector wordt gemeten naast eenvoudige regels; een testlift belt op vaste tijden"
        " door de hele keten; wie stilvalt, wordt als onbekend behandeld."
    ),
}
