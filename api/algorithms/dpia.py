"""A template for a DPIA, after the seventeen points of the central government's model, in Dutch.

What follows from the code is filled in; what only the municipality can judge is marked, never made
up.
"""

from collections.abc import Iterator
from typing import Final

from api.algorithms import texts
from api.algorithms.facts import Facts
from api.algorithms.register import TO_FILL, parameters, signals_use, table, words_of
from diagnostics.detectors.registry import DETECTORS
from diagnostics.misuse.items import FOUND, WEAR_EXCLUDED, WORDING
from diagnostics.misuse.terms import DECIDE_WITHIN, REMIND_EVERY

_A: Final = "A. Beschrijving kenmerken gegevensverwerkingen"
_B: Final = "B. Beoordeling rechtmatigheid gegevensverwerkingen"
_C: Final = "C. Beschrijving en beoordeling risico's voor de betrokkenen"
_D: Final = "D. Beschrijving voorgenomen maatregelen"


def markdown(facts: Facts) -> str:
    """Return the template."""
    return "\n".join(_lines(facts))


def _lines(facts: Facts) -> Iterator[str]:
    yield "# DPIA: signalering van oneigenlijk gebruik van Wmo-hulpmiddelen (sjabloon)\n"
    yield (
        "Ingevuld is wat uit de programmatuur volgt. Wat alleen de gemeente kan beoordelen, staat"
        f" er als {TO_FILL}.\n"
    )
    yield f"## {_A}\n"
    yield from _point(1, "Voorstel", _PROPOSAL)
    yield from _point(2, "Persoonsgegevens", _PERSONAL)
    for each in DETECTORS:
        if signals_use(each):
            yield f"- `{each.name}`: {', '.join(texts.READS[each.name])}"
    yield from _point(3, "Gegevensverwerkingen", _PROCESSING)
    yield from _point(4, "Verwerkingsdoeleinden", _PURPOSES)
    for text in WORDING.values():
        yield f"- {text}"
    yield f"\n{WEAR_EXCLUDED}"
    yield from _point(5, "Betrokken partijen", _PARTIES)
    yield from _point(6, "Belangen bij de gegevensverwerkingen", TO_FILL)
    yield from _point(7, "Verwerkingslocaties", _PLACES)
    yield from _point(8, "Technieken en methoden van gegevensverwerking", _METHODS)
    for each in DETECTORS:
        if signals_use(each):
            yield f"\n#### {each.name} (versie {each.version})\n"
            yield f"{texts.DETECTORS[each.name]}\n"
            items = sorted({WORDING[FOUND[word]] for word in words_of(each)})
            yield "\n".join(f"- *{item}*" for item in items) + "\n"
            yield from table(facts.measured[each.name])
            shown = ", ".join(f"`{name}` {value}" for name, value in parameters(each).items())
            yield f"\nDrempels: {shown}"
    yield from _point(9, "Juridisch en beleidsmatig kader", _LAW)
    yield from _point(10, "Bewaartermijnen", _KEPT)
    yield f"\n## {_B}\n"
    yield from _point(11, "Rechtsgrond", TO_FILL)
    yield from _point(12, "Bijzondere persoonsgegevens", _SPECIAL)
    yield from _point(13, "Doelbinding", _BOUND)
    yield from _point(14, "Noodzaak en evenredigheid", _NEEDED)
    yield from _point(15, "Rechten van de betrokkene", _RIGHTS)
    yield f"\n## {_C}\n"
    yield from _point(16, "Risico's", _RISKS)
    yield f"\n## {_D}\n"
    yield from _point(17, "Maatregelen", _MEASURES)


def _point(number: int, name: str, text: str) -> Iterator[str]:
    yield f"\n### {number}. {name}\n"
    yield text


_PROPOSAL: Final = (
    "Elektrische hulpmiddelen in bruikleen melden meetwaarden. Detectors lezen die en geven soms"
    f" een signaal dat mensen wegen. {TO_FILL}"
)
_PERSONAL: Final = (
    "Van de cliënt: het cliëntnummer (pseudoniem), en wat over het gebruik van het hulpmiddel in de"
    " zaak staat. Naam en adres staan apart; elke inzage daarin wordt vastgelegd. Per detector:"
)
_PROCESSING: Final = (
    "Meten op het hulpmiddel; ontvangen en bewaren; beoordelen door detectors; beoordelen door de"
    " servicedesk; melden aan de gemeente per e-mail (zonder naam, en zonder wat er gezien is),"
    " gebeurtenis en portaal; besluiten door de gemeente; bewaren van het dossier."
)
_PURPOSES: Final = "Voldoen aan eis 44, 61, 62 en 63 van het programma van eisen:\n"
_PARTIES: Final = (
    f"De cliënt; de gemeente: {TO_FILL}; de opdrachtnemer: {TO_FILL}; de leverancier van de"
    f" programmatuur: {TO_FILL}."
)
_PLACES: Final = "Binnen de Europese Economische Ruimte (eis 6). Plaats van de servers: " + TO_FILL
_METHODS: Final = (
    "Regels met vaste drempels, en bij één detector (person) een vooraf getraind model. Er wordt in"
    " het gebruik niet bijgeleerd. Geen besluit volgt automatisch uit een signaal. De cijfers zijn"
    " gemeten op gesimuleerde hulpmiddelen, niet op echte cliënten."
)
_LAW: Final = (
    "AVG; Wmo 2015; bruikleenovereenkomst; Verordening (EU) 2023/2854 (Data Act). De AP noemt"
    f" profilering en meten op afstand als redenen voor een DPIA. {TO_FILL}"
)
_KEPT: Final = (
    "Meetwaarden: volgens de bewaartermijnen van het platform. Wat voor een zaak nodig is (waarden"
    " per dag) staat in de zaak zelf, en wordt met het contractdossier bewaard (eis 79: vijf jaar)."
    f" {TO_FILL}"
)
_SPECIAL: Final = (
    "Uit gebruik kan iets over gezondheid blijken (ziekenhuisopname, minder lopen). Detectors"
    f" concluderen dat niet; de mogelijkheid staat bij de andere verklaringen. {TO_FILL}"
)
_BOUND: Final = (
    "Een signaal gaat alleen over de lijst van eis 61. De gemeente ziet niets van een signaal dat"
    " niet is doorgegeven of dat niets bleek; de database dwingt dat af."
)
_NEEDED: Final = (
    "Alleen wat het hulpmiddel meet; van de plaats alleen of het hulpmiddel van huis is (op"
    " ongeveer 5 km). Een signaal komt niet na één gebeurtenis, maar pas als iets dagen tot weken"
    f" aanhoudt. {TO_FILL}"
)
_RIGHTS: Final = (
    "Het verhaal van de cliënt kan op elk moment in het dossier, ook na het besluit; wie besluit,"
    f" moet het gezien hebben. Inzage, correctie en bezwaar: {TO_FILL}"
)
_RISKS: Final = (
    "- Onterechte beschuldiging: een signaal met een onschuldige verklaring.\n"
    "- Iemand die hulp nodig heeft, wordt als nalatig behandeld.\n"
    "- Een ander dan de cliënt (partner, mantelzorger) wordt zichtbaar in het gebruik.\n"
    "- Te veel vertrouwen in een cijfer.\n"
    f"- {TO_FILL}"
)
_MEASURES: Final = (
    "- Beoordeling door een mens, met redenen, zekerheid en andere verklaringen in beeld.\n"
    "- Onterechte signalen worden per detector geteld, getoond en teruggegeven aan de evaluatie.\n"
    "- Een besluit heeft een reden en een naam, en vermeldt of de cliënt is gehoord.\n"
    f"- De gemeente wordt herinnerd (gewoonlijk elke {REMIND_EVERY} werkdagen) en besluit binnen"
    f" {DECIDE_WITHIN} werkdagen, zodat niemand lang in onzekerheid is.\n"
    "- Het logboek van een zaak kan niet worden gewijzigd.\n"
    f"- {TO_FILL}"
)
