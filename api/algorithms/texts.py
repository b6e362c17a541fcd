"""What each detector does, in a Dutch sentence for people who are no engineers.

A test holds this to the registry: none may be missing, none left over.
"""

from typing import Final

DETECTORS: Final[dict[str, str]] = {
    "stuck": "Herkent dat een traplift met iemand erop tussen de stopplaatsen is stilgevallen.",
    "stranded": "Herkent dat iemand met een scootmobiel of rolstoel onderweg niet verder kan.",
    "hanging": "Herkent dat iemand in een tillift hangt die is stilgevallen.",
    "silence": "Merkt dat een hulpmiddel langer niets meldt dan voor dat hulpmiddel gewoon is.",
    "fault": "Volgt storingen die het hulpmiddel zelf meldt, ook als ze komen en gaan.",
    "battery": "Schat hoe lang de accu nog meegaat.",
    "charger": "Herkent een lader of laadcontact dat niet meer goed werkt.",
    "drive": "Schat uit de stroom van de motor hoe ver de aandrijving is versleten.",
    "brake": "Herkent een rem die doorslipt.",
    "edges": "Telt hoe vaak veiligheidsranden worden geraakt.",
    "signal": "Volgt de sterkte van de mobiele verbinding.",
    "service": "Telt af naar het volgende onderhoud of de volgende keuring.",
    "person": (
        "Vergelijkt het gebruik van de laatste weken met dat van hetzelfde hulpmiddel daarvoor: een"
        " blijvend ander patroon kan betekenen dat een ander dan de cliënt het gebruikt."
    ),
    "purpose": (
        "Herkent reeksen ritten die niemand voor zichzelf maakt: steeds beladen heen en leeg terug,"
        " of vele lege ritten achter elkaar."
    ),
    "limits": (
        "Vergelijkt belasting, snelheid, helling en rustpauzes met de technische specificatie van"
        " het hulpmiddel."
    ),
    "charging": "Merkt dat een hulpmiddel wordt gebruikt, maar steeds niet wordt opgeladen.",
    "storage": "Merkt aan de temperatuur dat een hulpmiddel vermoedelijk buiten staat.",
    "tamper": (
        "Merkt dat de behuizing is geopend of instellingen zijn veranderd zonder dat een monteur"
        " bekend is."
    ),
    "neglect": (
        "Merkt dat storingen blijven bestaan of de accu leeg blijft staan zonder dat iemand ernaar"
        " omkijkt."
    ),
    "loss": "Merkt dat een hulpmiddel niet meer thuiskomt. Waar het is, wordt niet bewaard.",
    "nonuse": "Merkt dat een hulpmiddel lange tijd niet wordt gebruikt, terwijl het werkt.",
}
# What each of them reads, as categories of data.
READS: Final[dict[str, tuple[str, ...]]] = {
    "person": ("ritten", "belasting", "instaptijd", "tijdstip"),
    "purpose": ("ritten", "belasting", "zitting bezet of leeg"),
    "limits": ("belasting", "snelheid", "helling", "ritduur"),
    "charging": ("accuspanning", "laadtijd", "ritten"),
    "storage": ("temperatuur", "uren van huis"),
    "tamper": ("openingen van de behuizing", "kenmerk van de instellingen", "snelheid", "stroom"),
    "neglect": ("storingen", "accuspanning", "stroom", "veiligheidsranden", "ritten"),
    "loss": ("van huis of niet (gebied van ongeveer 5 km, niet waar)", "verbinding", "ritten"),
    "nonuse": ("ritten", "verbinding"),
}
OTHERWISE: Final = ("meetwaarden van het hulpmiddel", "storingen", "ritten", "verbinding")
