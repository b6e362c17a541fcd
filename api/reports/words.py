"""The contract's own words. Reports go out in Dutch (*managementrapportage*, W 4.1 and Z 77)."""

from typing import Final, NamedTuple


class Measure(NamedTuple):
    """Something counted: its name, and how it is written."""

    name: str
    label: str
    kind: str = "number"


MEASURES: Final = (
    Measure("outstanding", "Uitstaande hulpmiddelen"),
    Measure("ordered", "Ontvangen opdrachten"),
    Measure("delivered", "Leveringen"),
    Measure("delivered_new", "waarvan nieuw"),
    Measure("delivered_reissued", "waarvan herverstrekt"),
    Measure("delivered_partly", "waarvan deels herverstrekt"),
    Measure("delivered_unknown", "waarvan herkomst onbekend"),
    Measure("delivered_in_time", "Levertermijn gerealiseerd"),
    Measure("delivered_excused", "waarvan dankzij niet-toerekenbare vertraging"),
    Measure("delivered_late", "Levertermijn niet gerealiseerd"),
    Measure("delivered_without_term", "Levering zonder termijn"),
    Measure("collected", "Innamen"),
    Measure("dismantled", "Demontages"),
    Measure("adapted", "Aanpassingen"),
    Measure("structural_works", "Bouwkundige aanpassingen"),
    Measure("outside_all_in", "Buiten de all-in eenheidsprijs"),
    Measure("emergencies", "Spoedstoringen"),
    Measure("repairs", "Reparaties"),
    Measure("services", "Preventief onderhoud"),
    Measure("inspections", "Keuringen"),
    Measure("other_visits", "Overige bezoeken en verzoeken"),
    Measure("p1", "Meldingen prioriteit 1"),
    Measure("p2", "Meldingen prioriteit 2"),
    Measure("p3", "Meldingen prioriteit 3"),
    Measure("on_site_in_time", "Op tijd ter plaatse"),
    Measure("on_site_late", "Te laat ter plaatse"),
    Measure("repaired_in_time", "Op tijd hersteld"),
    Measure("repaired_excused", "waarvan dankzij niet-toerekenbare vertraging hersteld"),
    Measure("repaired_late", "Te laat hersteld"),
    Measure("works_first", "Service, reparatie en onderhoud, eerste 2 jaar na plaatsing"),
    Measure("works_later", "Service, reparatie en onderhoud, vanaf jaar 2"),
    Measure("calamities", "Calamiteiten"),
    Measure("complaints", "Klachten ontvangen"),
    Measure("complaints_handled", "Klachten afgehandeld"),
    Measure("complaints_in_time", "waarvan binnen een maand"),
    Measure("answers", "Antwoorden cliënttevredenheid"),
    Measure("rejected", "Afgekeurde hulpmiddelen"),
    Measure("rejected_early", "waarvan voortijdig"),
    Measure("cost_outstanding", "Kosten uitstaande hulpmiddelen", "money"),
    Measure("cost_delivered", "Kosten leveringen", "money"),
    Measure("cost_total", "Totale kosten", "money"),
    Measure("cost_outside_all_in", "Bouwkundig buiten all-in", "money"),
)
# Of two counts: (label, numerator, denominators summed, how it is written).
RATIOS: Final = (
    ("Aandeel nieuw", ("delivered_new",), ("delivered",), "percent"),
    (
        "Aandeel (deels) herverstrekt",
        ("delivered_reissued", "delivered_partly"),
        ("delivered",),
        "percent",
    ),
    (
        "Levertermijn gerealiseerd, aandeel",
        ("delivered_in_time",),
        ("delivered_in_time", "delivered_late"),
        "percent",
    ),
    ("Gemiddelde levertijd in werkdagen", ("delivery_days",), ("delivered",), "decimal"),
    ("Gemiddelde innametijd in werkdagen", ("collection_days",), ("collected",), "decimal"),
    (
        "Gemiddelde duur van klachten in dagen",
        ("complaint_days",),
        ("complaints_handled",),
        "decimal",
    ),
    ("Gemiddeld rapportcijfer", ("marks",), ("answers",), "decimal"),
)
KINDS_OF_REPORT: Final = {"management": "Managementrapportage", "annual": "Jaarrapportage"}
AIDS: Final = {
    "stairlift": "Traplift",
    "scooter": "Scootmobiel",
    "wheelchair": "Elektrische rolstoel",
    "hoist": "Tillift",
    "": "Niet van één soort",
}
SOURCES: Final = {
    "new": "Nieuw",
    "reissued": "Herverstrekt",
    "partly_reissued": "Deels herverstrekt",
}
ORDERS: Final = {
    "delivery": "Levering",
    "reissue": "Herverstrekking",
    "exchange": "Omruiling",
    "adaptation": "Aanpassing",
    "collection": "Inname",
    "dismantling": "Demontage",
    "structural_works": "Bouwkundige aanpassing",
}
WORKS: Final = {
    "emergency": "Spoedstoring",
    "repair": "Reparatie",
    "service": "Preventief onderhoud",
    "inspection": "Keuring",
    "complaint_visit": "Bezoek na klacht",
    "request": "Verzoek",
}
OUTCOMES: Final = {
    "kept": "Op tijd",
    "excused": "Op tijd dankzij niet-toerekenbare vertraging",
    "missed": "Te laat",
    "open": "Loopt nog",
    "lapsed": "Vervallen",
    "not_promised": "Zonder termijn",
}
NATURES: Final = {
    "delivery_time": "Levertijd",
    "delivery_quality": "Kwaliteit van de levering",
    "repair_time": "Hersteltijd",
    "repair_quality": "Kwaliteit van de reparatie",
    "aid": "Hulpmiddel",
    "appointment": "Afspraak",
    "treatment": "Bejegening",
    "reachability": "Bereikbaarheid",
    "information": "Informatie",
    "privacy": "Privacy",
    "other": "Anders",
}
COMPLAINT_OUTCOMES: Final = {
    "founded": "Gegrond",
    "partly_founded": "Deels gegrond",
    "unfounded": "Ongegrond",
    "withdrawn": "Ingetrokken",
}
OCCASIONS: Final = {
    "delivery": "Levering",
    "repair": "Reparatie",
    "service": "Onderhoud",
    "collection": "Inname",
    "complaint": "Klacht",
    "periodic": "Periodiek",
}
REASONS: Final = {
    "unsafe": "Onveilig",
    "not_repairable": "Niet te repareren",
    "not_economical": "Niet rendabel",
    "intensive_use": "Intensief gebruik",
    "damage": "Schade",
    "outdated": "Verouderd",
}
DELAYS: Final = {
    "client_wish": "wens van de cliënt",
    "force_majeure": "overmacht",
    "municipality": "wacht op de gemeente",
    "parts": "onderdelen",
    "capacity": "capaciteit",
    "unknown": "niet opgegeven",
}
DURATIONS: Final = {"delivery": "Levering", "collection": "Inname", "service": "Service"}


def word(of: dict[str, str], key: str | None) -> str:
    """Return the word for ``key``; what we have none for as it is."""
    return of.get(key or "", key or "")
