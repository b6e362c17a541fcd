"""Writes a declaration as iWmo 323. Pure: the same declaration, the same bytes."""

from collections.abc import Mapping, Sequence
from datetime import date
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from msgspec import Struct

from api.billing.settings import Contract
from api.kpi.periods import Period


class Line(Struct, frozen=True, kw_only=True):
    """One performance (*prestatie*)."""

    reference: str
    client_id: int
    number: str
    product_category: str
    product_code: str
    unit: str
    tariff_cents: int
    begins_on: date
    ends_on: date
    amount_cents: int


def message(
    contract: Contract,
    municipality_code: str,
    *,
    number: str,
    month: Period,
    made_on: date,
    lines: Sequence[Line],
    bsns: Mapping[int, str],
) -> bytes:
    """Return the message.

    Args:
        contract: versions and codes.
        municipality_code: CBS code; the message has its four digits.
        number: of the declaration, which is also that of the message.
        month: that is declared.
        made_on: its date.
        lines: at least one.
        bsns: by client.

    Raises:
        LookupError: a client has no citizen service number here.
    """
    missing = sorted({line.client_id for line in lines} - bsns.keys())
    if missing:
        raise LookupError(f"{len(missing)} clients have no citizen service number on record")
    ours, base = f"{{{contract.of('wmo323')}}}", f"{{{contract.base_namespace}}}"
    root = Element(f"{ours}Bericht")

    def add(to: Element, name: str, text: str | None = None) -> Element:
        found = SubElement(to, name)
        found.text = text
        return found

    def pair(to: Element, name: str, *parts: tuple[str, str]) -> None:
        found = add(to, ours + name)
        for part, text in parts:
            add(found, base + part, text)

    header = add(root, f"{ours}Header")
    add(header, f"{ours}BerichtCode", contract.code_323)
    add(header, f"{ours}BerichtVersie", contract.version)
    add(header, f"{ours}BerichtSubversie", contract.subversion)
    add(header, f"{ours}Afzender", contract.agb_code)
    add(header, f"{ours}Ontvanger", municipality_code.removeprefix("GM"))
    pair(
        header,
        "BerichtIdentificatie",
        ("Identificatie", number),
        ("Dagtekening", made_on.isoformat()),
    )
    pair(
        header,
        "XsdVersie",
        ("BasisschemaXsdVersie", contract.base_schema_version),
        ("BerichtXsdVersie", contract.message_schema_version),
    )
    declaration = add(root, f"{ours}Declaratie")
    add(declaration, f"{ours}DeclaratieNummer", number)
    last = date.fromordinal(month.end.toordinal() - 1)
    pair(declaration, "DeclaratiePeriode", *_period(month.begin, last))
    add(declaration, f"{ours}DeclaratieDagtekening", made_on.isoformat())
    total = sum(line.amount_cents for line in lines)
    pair(declaration, "TotaalIngediendBedrag", *_amount("TotaalBedrag", total))
    clients = add(declaration, f"{ours}Clienten")
    for client_id in dict.fromkeys(line.client_id for line in lines):
        client = add(clients, f"{ours}Client")
        add(client, f"{ours}Bsn", bsns[client_id])
        performances = add(client, f"{ours}Prestaties")
        for line in lines:
            if line.client_id == client_id:
                found = add(performances, f"{ours}Prestatie")
                pair(found, "ProductReferentie", ("ReferentieNummer", line.reference))
                add(found, f"{ours}ToewijzingNummer", line.number)
                add(found, f"{ours}ProductCategorie", line.product_category)
                add(found, f"{ours}ProductCode", line.product_code)
                pair(found, "ProductPeriode", *_period(line.begins_on, line.ends_on))
                add(found, f"{ours}GeleverdVolume", "1")
                add(found, f"{ours}Eenheid", line.unit)
                add(found, f"{ours}ProductTarief", str(line.tariff_cents))
                pair(found, "IngediendBedrag", *_amount("Bedrag", line.amount_cents))
    indent(root)
    content: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"


def _period(begin: date, end: date) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("Begindatum", begin.isoformat()), ("Einddatum", end.isoformat())


def _amount(name: str, cents: int) -> tuple[tuple[str, str], tuple[str, str]]:
    return (name, str(abs(cents))), ("DebetCredit", "C" if cents < 0 else "D")
