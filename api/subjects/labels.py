"""What the columns of an access package hold, in Dutch: clients read it, not the platform's people.

A column that is not among these is called as the database calls it; ``gegevens.json`` always does.
"""

from collections.abc import Mapping
from typing import Final

from api.desk import languages
from api.desk import words as desk
from api.portal import words as portal
from api.privacy.words import LOOK_REASONS
from api.sampling.service import COLUMNS
from api.subjects import words as own

LABELS: Final[Mapping[str, str]] = {
    **COLUMNS,
    "client_number": "Cliëntnummer",
    "municipality_code": "Gemeentecode",
    "wholly_dependent": "Geheel afhankelijk van het hulpmiddel",
    "bsn": "Burgerservicenummer",
    "name": "Naam",
    "street": "Straat en huisnummer",
    "postcode": "Postcode",
    "postcode4": "Postcode (cijfers)",
    "town": "Plaats",
    "phone": "Telefoon",
    "contact_name": "Contactpersoon",
    "contact_phone": "Telefoon van de contactpersoon",
    "neighbour": "Buren",
    "key_safe": "Sleutelkluis",
    "remarks": "Bijzonderheden",
    "version": "Versie",
    "before": "Eerst",
    "after": "Daarna",
    "at": "Wanneer",
    "role": "Functie",
    "reason": "Reden",
    "ticket": "Melding",
    "ticket_id": "Melding",
    "commission_id": "Opdracht",
    "complaint_id": "Klacht",
    "letter_id": "Brief",
    "case_id": "Signaal",
    "request_id": "Verzoek",
    "event_no": "Regel",
    "device": "Hulpmiddel",
    "until": "Tot",
    "opened_at": "Geopend",
    "nature": "Waar het over gaat",
    "text": "Tekst",
    "outcome_text": "Uitkomst, in woorden",
    "measures": "Maatregelen",
    "subject": "Onderwerp",
    "body": "Brief",
    "written_at": "Geschreven",
    "sent_at": "Verstuurd",
    "media_type": "Soort bestand",
    "bytes": "Grootte in bytes",
    "description": "Omschrijving",
    "identified_at": "Identiteit vastgesteld",
    "extended": "Verlengd",
    "answered_at": "Beantwoord",
    "made_at": "Gemaakt",
    "day": "Dag",
}
_WORDS: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("looks", "role"): desk.ROLES,
    ("looks", "reason"): LOOK_REASONS,
    ("aids", "kind"): desk.KINDS,
    ("tickets", "kind"): desk.TICKET_KINDS,
    ("tickets", "what"): desk.WHATS,
    ("tickets", "stage"): desk.STAGES,
    ("ticket_log", "kind"): desk.EVENTS,
    ("orders", "kind"): portal.COMMISSION_KINDS,
    ("orders", "aid_kind"): desk.KINDS,
    ("orders", "stage"): portal.STAGES,
    ("orders", "aid_source"): portal.SOURCES,
    ("order_log", "kind"): portal.COMMISSION_EVENTS,
    ("complaints", "nature"): portal.NATURES,
    ("complaints", "via"): portal.COMPLAINT_VIAS,
    ("complaints", "stage"): portal.STAGES,
    ("complaints", "outcome"): portal.COMPLAINT_OUTCOMES,
    ("complaint_log", "kind"): portal.COMPLAINT_EVENTS,
    ("requests", "kind"): own.KINDS,
    ("requests", "via"): own.VIA,
    ("requests", "decision"): own.DECISIONS,
}


def label(name: str) -> str:
    """Return what a column is called."""
    return LABELS.get(name, name.replace("_", " "))


def said(section: str, name: str, value: str) -> str:
    """Return what a value of a column means; what is no word of ours as it is."""
    known = _WORDS.get((section, name), {})
    if value not in known and value.startswith("subject request "):
        return f"{said(section, name, 'subject request')} {value.rpartition(' ')[2]}"
    return languages.catalogue("nl").gettext(known[value]) if value in known else value
