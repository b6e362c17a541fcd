"""How long each kind of data is kept (*bewaartermijnen*), and why: declared, in Dutch.

The terms themselves stand in the database (``retention_term``), where no process can shorten
them; a test compares the two, and holds those of measurements against what detectors read.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

_CONTRACT: Final = "Eis 79: gegevens vijf jaar bewaren en beschikbaar houden voor controle"
_PUBLIC_TASK: Final = "AVG art. 6 lid 1 onder e (taak van de gemeente, Wmo 2015)"
_LEGITIMATE: Final = "AVG art. 6 lid 1 onder f (beveiliging en bedrijfsvoering)"


class Kind(Struct, frozen=True, kw_only=True):
    """One kind of data.

    Attributes:
        name: as the database has it.
        what: in Dutch.
        term: as the database has it; None: nothing of the database, or as long as what it is of.
        term_text: the same in Dutch, with the moment from which it runs.
        why: why so long, and no longer.
        basis: the legal basis.
        tables: what is removed.
    """

    name: str
    what: str
    term: str | None
    term_text: str
    why: str
    basis: str
    tables: Sequence[str] = ()

    @property
    def measured(self) -> bool:
        """Whether it is what aids measured: removed by aid and by chunk, not one by one."""
        return self.name in MEASURED


MEASURED: Final = ("readings", "use", "connections", "calls")


def _kinds() -> Iterator[Kind]:
    yield Kind(
        name="readings",
        what="Losse meetwaarden van het hulpmiddel (stand, stroom, spanning)",
        term="120 days",
        term_text="120 dagen na ontvangst",
        why="Nodig om een noodgeval of storing te beoordelen en te verklaren; daarna volstaan de"
        " samenvattingen per rit en per dag.",
        basis=_PUBLIC_TASK,
        tables=("status",),
    )
    yield Kind(
        name="use",
        what="Ritten, storingen en dagelijkse toestand van het hulpmiddel",
        term="400 days",
        term_text="400 dagen na ontvangst; eerst opgeteld per hulpmiddel per dag",
        why="Slijtage en gebruik worden vergeleken met hetzelfde seizoen een jaar eerder; een"
        " signaal wordt gewogen met de zestien weken ervoor.",
        basis=_PUBLIC_TASK,
        tables=("usage", "fault", "condition"),
    )
    yield Kind(
        name="connections",
        what="Verbindingen van het modem en antwoorden op opdrachten",
        term="400 days",
        term_text="400 dagen na ontvangst; de laatste stand blijft",
        why="Nodig om stilte te onderscheiden van een storing in het netwerk.",
        basis=_PUBLIC_TASK,
        tables=("presence", "reply"),
    )
    yield Kind(
        name="calls",
        what="Noodoproepen van het hulpmiddel",
        term="5 years",
        term_text="vijf jaar na ontvangst",
        why="Bewijs van responstijden bij spoed.",
        basis=_CONTRACT,
        tables=("call",),
    )
    yield Kind(
        name="aid_days",
        what="Dagtotalen per hulpmiddel (ritten, storingen, minuten verbonden, accu)",
        term="5 years",
        term_text="vijf jaar na de dag",
        why="Logboek en onderhoudsgeschiedenis van het hulpmiddel, vergelijking met eerdere jaren.",
        basis=_CONTRACT,
        tables=("aid_day",),
    )
    yield Kind(
        name="unreadable",
        what="Berichten die niet konden worden opgeslagen (quarantaine)",
        term="90 days",
        term_text="90 dagen na ontvangst",
        why="Om de oorzaak te vinden en het bericht alsnog te verwerken.",
        basis=_LEGITIMATE,
        tables=("quarantine",),
    )
    yield Kind(
        name="commands",
        what="Opdrachten van de servicedesk aan het hulpmiddel",
        term="400 days",
        term_text="400 dagen na afloop, en niet zolang de melding open is",
        why="Om na te gaan wie het hulpmiddel wat vroeg.",
        basis=_LEGITIMATE,
        tables=("device_command",),
    )
    yield Kind(
        name="self_tests",
        what="Proefmeldingen van de testlift",
        term="400 days",
        term_text="400 dagen na afloop",
        why="Aantonen dat de keten werkte; er staat niemand in.",
        basis=_LEGITIMATE,
        tables=("ticket", "self_test"),
    )
    yield Kind(
        name="tickets",
        what="Meldingen, reparaties en bezoeken met hun logboek",
        term="5 years",
        term_text="vijf jaar na sluiting",
        why="Verantwoording over de uitvoering, steekproeven en facturen.",
        basis=_CONTRACT,
        tables=("ticket", "ticket_event", "attachment", "escalation", "finding", "notification"),
    )
    yield Kind(
        name="photos",
        what="Foto's bij meldingen",
        term="2 years",
        term_text="twee jaar na sluiting van de melding",
        why="Foto's tonen het huis van iemand. Na twee jaar volstaat het verslag.",
        basis=_PUBLIC_TASK,
        tables=("attachment",),
    )
    yield Kind(
        name="aid_photos",
        what="Foto's in het logboek van een hulpmiddel, van een opdrachtnemer of inspectie",
        term="2 years",
        term_text="twee jaar na opslag; documenten zolang het hulpmiddel in het register staat",
        why="Foto's tonen het huis van iemand. Na twee jaar volstaat het verslag.",
        basis=_PUBLIC_TASK,
        tables=("aid_file",),
    )
    yield Kind(
        name="takeover_uploads",
        what="Lijsten van een vorige opdrachtnemer die zijn gecontroleerd en niet ingelezen",
        term="30 days",
        term_text="30 dagen na ontvangst; bij inlezen meteen",
        why="Tijd om fouten te herstellen; daarna is de lijst verouderd.",
        basis=_PUBLIC_TASK,
        tables=("takeover_upload",),
    )
    yield Kind(
        name="orders",
        what="Opdrachten van de gemeente (levering, inname …) met logboek, bestanden en brieven",
        term="5 years",
        term_text="vijf jaar na afronding, en zolang de cliënt het hulpmiddel heeft",
        why="Verantwoording over levertijden, bruikleen en facturen.",
        basis=_CONTRACT,
        tables=("commission", "commission_event", "commission_file", "letter"),
    )
    yield Kind(
        name="rejections",
        what="Afkeuringsrapporten van hulpmiddelen",
        term="5 years",
        term_text="vijf jaar na het rapport",
        why="Verantwoording over herverstrekking en levensduur.",
        basis=_CONTRACT,
        tables=("aid_rejection",),
    )
    yield Kind(
        name="complaints",
        what="Klachten met hun afhandeling en brieven",
        term="5 years",
        term_text="vijf jaar na afhandeling",
        why="Verantwoording over termijnen en verbetermaatregelen.",
        basis=_CONTRACT,
        tables=("complaint", "complaint_event", "letter"),
    )
    yield Kind(
        name="findings",
        what="Bevindingen van detectors zonder melding",
        term="5 years",
        term_text="vijf jaar na afloop",
        why="Een bevinding moet later uitgelegd kunnen worden.",
        basis=_CONTRACT,
        tables=("finding",),
    )
    yield Kind(
        name="signals_passed",
        what="Signalen over gebruik waar geen zaak van kwam",
        term="1 year",
        term_text="een jaar na afloop",
        why="Alleen om te tellen hoe vaak detectors zich vergissen.",
        basis=_PUBLIC_TASK,
        tables=("finding",),
    )
    yield Kind(
        name="misuse_rejected",
        what="Zaken over gebruik die zijn afgewezen of ongegrond bleken",
        term="1 year",
        term_text="een jaar na sluiting",
        why="Een onterecht vermoeden mag iemand niet blijven volgen; een jaar is nodig om"
        " vergissingen te tellen en detectors te verbeteren.",
        basis=_PUBLIC_TASK,
        tables=("misuse_case", "misuse_event", "misuse_file", "finding"),
    )
    yield Kind(
        name="misuse_decided",
        what="Zaken over gebruik waarover de gemeente besloot",
        term="5 years",
        term_text="vijf jaar na sluiting",
        why="Bezwaar, verhaal van kosten en verantwoording.",
        basis=_CONTRACT,
        tables=("misuse_case", "misuse_event", "misuse_file"),
    )
    yield Kind(
        name="letters",
        what="Brieven die bij geen opdracht of klacht horen",
        term="5 years",
        term_text="vijf jaar na schrijven",
        why="Aantonen wat de cliënt is verteld.",
        basis=_CONTRACT,
        tables=("letter",),
    )
    yield Kind(
        name="messages",
        what="Verzonden berichten en het bewijs van aankomst",
        term="400 days",
        term_text="400 dagen na verzending, en niet zolang de melding open is",
        why="Nagaan wie wanneer gewaarschuwd is.",
        basis=_LEGITIMATE,
        tables=("notification", "delivery"),
    )
    yield Kind(
        name="survey_links",
        what="Persoonlijke links naar het tevredenheidsonderzoek",
        term="1 year",
        term_text="een jaar na het verlopen",
        why="Om niemand te vaak te vragen.",
        basis=_PUBLIC_TASK,
        tables=("survey_invitation",),
    )
    yield Kind(
        name="survey_answers",
        what="Antwoorden op het tevredenheidsonderzoek (zonder naam)",
        term="5 years",
        term_text="vijf jaar na het antwoord",
        why="Vergelijking met eerdere jaren in het jaarrapport.",
        basis=_CONTRACT,
        tables=("survey_answer",),
    )
    yield Kind(
        name="contacts",
        what="Naam, adres, telefoon en burgerservicenummer van vroegere cliënten",
        term="183 days",
        term_text="183 dagen nadat iemand geen hulpmiddel, opdracht, klacht, zaak of onbetaalde"
        " factuur meer heeft",
        why="Nazorg en afwikkeling; daarna volstaat het cliëntnummer.",
        basis=_PUBLIC_TASK,
        tables=("client_contact", "client_bsn", "contact_change"),
    )
    yield Kind(
        name="contact_versions",
        what="Eerdere versies van contactgegevens",
        term="183 days",
        term_text="183 dagen na de wijziging; dat er gewijzigd is, en door wie, blijft",
        why="Om een vergissing te herstellen.",
        basis=_LEGITIMATE,
        tables=("contact_change",),
    )
    yield Kind(
        name="looks",
        what="Inzagelogboek: wie wiens gegevens zag of wijzigde, wanneer en waarom",
        term="5 years",
        term_text="vijf jaar na de inzage",
        why="Toezicht door de gemeente, en antwoord aan wie vraagt wie zijn gegevens zag.",
        basis="AVG art. 5 lid 2 en art. 32 (verantwoordingsplicht, beveiliging)",
        tables=("contact_look", "contact_change"),
    )
    yield Kind(
        name="record",
        what="Logboek van aanmelden en accounts",
        term="2 years",
        term_text="twee jaar",
        why="Onderzoek van beveiligingsincidenten die laat ontdekt worden.",
        basis="AVG art. 32 (beveiliging)",
        tables=("audit",),
    )
    yield Kind(
        name="sessions",
        what="Sessies en pogingen tot aanmelden",
        term="30 days",
        term_text="30 dagen na het verlopen",
        why="Onderzoek van misbruik van een account.",
        basis=_LEGITIMATE,
        tables=("account_session", "sign_in_trip", "sign_in_level"),
    )
    yield Kind(
        name="credentials",
        what="Wachtwoord, tweede factor, e-mail, telefoon en bereikbaarheid van wie hier niet meer"
        " werkt",
        term="90 days",
        term_text="90 dagen na het afsluiten van het account; de naam blijft bij wat iemand deed",
        why="Terugkomen na vergissing of verlof.",
        basis=_LEGITIMATE,
        tables=(
            "account_password",
            "account_factor",
            "account_recovery_code",
            "account_identity",
            "contact_way",
            "quiet_hours",
            "desk_view",
            "mechanic",
            "account",
        ),
    )
    yield Kind(
        name="rota",
        what="Vervangingen in het rooster",
        term="2 years",
        term_text="twee jaar na afloop",
        why="Uitleg over wie bij een spoedgeval dienst had.",
        basis=_LEGITIMATE,
        tables=("rota_override",),
    )
    yield Kind(
        name="reports",
        what="Managementrapportages en jaarrapporten, met hun onderliggende gegevens",
        term="5 years",
        term_text="vijf jaar na het maken",
        why="Vergelijking en controle.",
        basis=_CONTRACT,
        tables=("report",),
    )
    yield Kind(
        name="comparisons",
        what="Bestandsvergelijkingen",
        term="5 years",
        term_text="vijf jaar na de vergelijking",
        why="Controle van facturen.",
        basis=_CONTRACT,
        tables=("file_comparison",),
    )
    yield Kind(
        name="billing",
        what="Declaraties (iWMO 323) en hun antwoorden",
        term="7 years",
        term_text="zeven jaar na de maand, en niet zolang een regel onbetaald is",
        why="Fiscale bewaarplicht.",
        basis="Art. 52 Algemene wet inzake rijksbelastingen",
        tables=("billing_declaration", "billing_line", "billing_assignment"),
    )
    yield Kind(
        name="subject_requests",
        what="Verzoeken van cliënten over hun gegevens",
        term="5 years",
        term_text="vijf jaar na het antwoord, en zolang een beperking geldt",
        why="Aantonen dat rechten zijn nageleefd.",
        basis="AVG art. 5 lid 2 (verantwoordingsplicht)",
        tables=("subject_request", "subject_event"),
    )
    yield Kind(
        name="breaches",
        what="Datalekken en de besluiten daarover",
        term="5 years",
        term_text="vijf jaar na sluiting",
        why="De wet vraagt alle datalekken vast te leggen (art. 33 lid 5).",
        basis="AVG art. 6 lid 1 onder c en art. 33 lid 5",
        tables=("breach", "breach_municipality", "breach_event"),
    )
    yield Kind(
        name="outages",
        what="Storingen van het netwerk in een gebied",
        term="5 years",
        term_text="vijf jaar na afloop",
        why="Verklaring van gemiste oproepen.",
        basis=_CONTRACT,
        tables=("incident", "incident_device"),
    )
    yield Kind(
        name="removals",
        what="Het logboek van wat is verwijderd",
        term="5 years",
        term_text="vijf jaar na de verwijdering",
        why="Aantonen dat bewaartermijnen worden nageleefd.",
        basis="AVG art. 5 lid 2 (verantwoordingsplicht)",
        tables=("removal",),
    )
    yield Kind(
        name="register",
        what="Hulpmiddelen met hun logboek, cliëntnummers, contractafspraken en instellingen",
        term=None,
        term_text="zolang het contract loopt, en zolang iets anders ernaar verwijst",
        why="Zonder deze gegevens is geen hulpmiddel, melding of rapport te lezen. Namen staan er"
        " niet in.",
        basis=_PUBLIC_TASK,
    )
    yield Kind(
        name="state",
        what="De laatste stand: wat het hulpmiddel het laatst zei, en wat detectors onthouden",
        term=None,
        term_text="zolang het hulpmiddel in gebruik is; een volgende cliënt begint bij nul",
        why="Zonder geheugen herkent geen detector een noodgeval of een verandering.",
        basis=_PUBLIC_TASK,
    )
    yield Kind(
        name="running",
        what="Wat de processen zelf bijhouden: posities, hartslagen, tellers",
        term=None,
        term_text="wordt steeds overschreven",
        why="Geen persoonsgegevens.",
        basis="Geen: er staan geen persoonsgegevens in",
    )
    yield Kind(
        name="staff",
        what="Accounts van medewerkers, hun bereikbaarheid en het rooster",
        term=None,
        term_text="zolang iemand hier werkt; daarna zie “wie hier niet meer werkt”",
        why="Toegang, en waarschuwen bij spoed.",
        basis=_LEGITIMATE,
    )
    yield Kind(
        name="backups",
        what="Reservekopieën van de database",
        term=None,
        term_text="buiten deze toepassing; advies: ten hoogste 35 dagen",
        why="Wat verwijderd is, staat nog in oudere kopieën tot die verlopen. Na het terugzetten"
        " van een kopie draait `liftwacht-api retention run`, en worden verzoeken om verwijdering"
        " van daarna opnieuw uitgevoerd.",
        basis="AVG art. 32 (beveiliging)",
    )


KINDS: Final = tuple(_kinds())
BY_NAME: Final = {each.name: each for each in KINDS}
# What the database removes, what refers to something else before that.
REMOVED: Final = (
    *("messages", "survey_links", "looks", "complaints", "misuse_rejected", "misuse_decided"),
    *(each.name for each in KINDS if each.term and not each.measured),
)
