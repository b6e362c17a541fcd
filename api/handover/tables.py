"""What is in a package: one table a file, described as a Frictionless table schema. In Dutch."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from msgspec import Struct

FORMAT: Final = "liftwacht-handover"
VERSION: Final = 1
CLIENT_NUMBER: Final = r"^[A-Z0-9-]{3,32}$"
AID: Final = r"^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$"
EXTENSIONS: Final[Mapping[str, str]] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
DOCUMENT_PATH: Final = r"^documents/[0-9a-f]{2}/[0-9a-f]{64}\.(jpg|png|webp|pdf)$"


class Field(Struct, frozen=True, kw_only=True):
    """A column of a table.

    Attributes:
        type: as a table schema calls it.
        least: of a number; of a text its length. ``most``: likewise.
    """

    name: str
    description: str
    type: Literal["string", "integer", "boolean", "date", "datetime"] = "string"
    required: bool = False
    values: Sequence[str] = ()
    pattern: str | None = None
    least: int | None = None
    most: int | None = None

    def schema(self) -> dict[str, Any]:
        """Return the column as a table schema has it."""
        number = self.type == "integer"
        limits: dict[str, Any] = {
            "required": self.required or None,
            "enum": list(self.values) or None,
            "pattern": self.pattern,
            "minimum" if number else "minLength": self.least,
            "maximum" if number else "maxLength": self.most,
        }
        found: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "description": self.description,
        }
        if self.type == "boolean":
            found |= {"trueValues": ["true"], "falseValues": ["false"]}
        constraints = {name: value for name, value in limits.items() if value is not None}
        return found | ({"constraints": constraints} if constraints else {})


class Table(Struct, frozen=True, kw_only=True):
    """A file.

    Attributes:
        key: the columns that no two rows share.
        refers: columns that name a row of another file, with its name.
    """

    name: str
    title: str
    fields: Sequence[Field]
    key: Sequence[str]
    refers: Mapping[str, str] = {}

    @property
    def path(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return [field.name for field in self.fields]

    def schema(self) -> dict[str, Any]:
        """Return the table schema."""
        return {
            "fields": [field.schema() for field in self.fields],
            "primaryKey": list(self.key),
            "foreignKeys": [
                {"fields": [column], "reference": {"resource": table, "fields": [column]}}
                for column, table in self.refers.items()
            ],
            "missingValues": [""],
        }


_AID = Field(name="aid", description="Identificatienummer", required=True, pattern=AID)
_CLIENT = Field(name="client_number", description="Cliëntnummer", pattern=CLIENT_NUMBER)


def _reference(what: str) -> Field:
    return Field(
        name="reference",
        description=f"Kenmerk van {what}, uniek per hulpmiddel",
        required=True,
        least=1,
        most=60,
    )


def _size(name: str, description: str) -> Field:
    return Field(name=name, description=f"{description} (mm)", type="integer", least=1, most=10**6)


def _number(name: str, description: str, most: int = 10**6, least: int = 1) -> Field:
    return Field(name=name, description=description, type="integer", least=least, most=most)


CLIENTS: Final = Table(
    name="clients",
    title="Cliënten, alleen hun nummer",
    fields=(
        Field(
            name="client_number", description="Cliëntnummer", required=True, pattern=CLIENT_NUMBER
        ),
        Field(
            name="wholly_dependent",
            description="Volledig afhankelijk van het hulpmiddel (reparatieprioriteit 1)",
            type="boolean",
            required=True,
        ),
    ),
    key=("client_number",),
)
AIDS: Final = Table(
    name="aids",
    title="Hulpmiddelen, met wat het logboek van elk zegt",
    fields=(
        _AID,
        Field(
            name="kind",
            description="Soort: traplift, scootmobiel, rolstoel, tillift",
            required=True,
            values=("stairlift", "scooter", "wheelchair", "hoist"),
        ),
        Field(name="provision", description="Voorziening", most=120),
        Field(name="maker", description="Merk", most=200),
        Field(name="model", description="Type", most=200),
        Field(name="serial_number", description="Serienummer", most=200),
        _size("rail_length_mm", "Lengte van de rail"),
        _size("seat_width_mm", "Zitbreedte"),
        _size("seat_depth_mm", "Zitdiepte"),
        _size("seat_height_mm", "Zithoogte"),
        _number("max_load_kg", "Maximale belasting (kg)"),
        _number("max_speed_mm_s", "Maximale snelheid (mm/s)"),
        _number("max_incline_deg", "Maximale helling (graden)", 90, 0),
        _number("empty_ma", "Motorstroom omhoog, leeg, bij aflevering gemeten (mA)"),
        _number("tested_ma", "Dezelfde, met het testgewicht (mA)"),
        _number("tested_kg", "Het testgewicht (kg)"),
        Field(
            name="built_on",
            description="Bouwjaar en bouwmaand; is de dag niet bekend, dan de eerste van de maand",
            type="date",
        ),
        Field(name="first_used_on", description="Datum eerste inzet", type="date"),
        Field(name="lent_on", description="Laatst afgeleverd (aflevermaand)", type="date"),
        Field(name="serviced_on", description="Laatste servicebeurt of keuring", type="date"),
        Field(name="retired_on", description="Buiten gebruik sinds", type="date"),
        _CLIENT,
        Field(
            name="postcode4",
            description="Cijfers van de postcode waar het staat",
            type="integer",
            required=True,
            least=1000,
            most=9999,
        ),
    ),
    key=("aid",),
    refers={"client_number": "clients"},
)
HOLDERS: Final = Table(
    name="holders",
    title="Bij wie een hulpmiddel is en was, van oud naar nieuw",
    fields=(
        _AID,
        Field(
            name="number",
            description="Volgnummer per hulpmiddel",
            type="integer",
            required=True,
            least=1,
            most=10**6,
        ),
        Field(
            name="client_number",
            description="Cliëntnummer; leeg: bij niemand, of bij iemand uit een andere gemeente",
            pattern=CLIENT_NUMBER,
        ),
        Field(name="since", description="Sinds", type="date", required=True),
    ),
    key=("aid", "number"),
    refers={"aid": "aids", "client_number": "clients"},
)
ADAPTATIONS: Final = Table(
    name="adaptations",
    title="Standaard- en individuele aanpassingen",
    fields=(
        _AID,
        _reference("de aanpassing"),
        Field(
            name="sort",
            description="Standaard of individueel",
            required=True,
            values=("standard", "individual"),
        ),
        Field(name="description", description="De aanpassing", required=True, least=1, most=300),
        Field(
            name="public",
            description="Zegt niets over een persoon: mag op de openbare pagina van het hulpmiddel",
            type="boolean",
            required=True,
        ),
        Field(name="fitted_on", description="Aangebracht op", type="date"),
        Field(name="fitted_by", description="Aangebracht door", most=80),
        Field(name="removed_on", description="Verwijderd op", type="date"),
    ),
    key=("aid", "reference"),
    refers={"aid": "aids"},
)
MAINTENANCE: Final = Table(
    name="maintenance",
    title="Correctief en preventief onderhoud",
    fields=(
        _AID,
        _reference("het onderhoud"),
        Field(
            name="sort",
            description="Correctief of preventief",
            required=True,
            values=("corrective", "preventive"),
        ),
        Field(name="done_on", description="Datum", type="date", required=True),
        Field(name="what", description="Waar het om ging, als woord van het platform", most=60),
        Field(name="work", description="Werkzaamheden", most=20_000),
        Field(name="parts", description="Gebruikte onderdelen", most=20_000),
    ),
    key=("aid", "reference"),
    refers={"aid": "aids"},
)
REMARKS: Final = Table(
    name="remarks",
    title="Bijzonderheden",
    fields=(
        _AID,
        _reference("de bijzonderheid"),
        Field(name="noted_on", description="Genoteerd op", type="date", required=True),
        Field(name="remark", description="De bijzonderheid", required=True, least=1, most=2_000),
    ),
    key=("aid", "reference"),
    refers={"aid": "aids"},
)
DOCUMENTS: Final = Table(
    name="documents",
    title="Foto's en documenten; de inhoud staat in het bestand dat `path` noemt",
    fields=(
        _AID,
        Field(
            name="about",
            description="Kenmerk van wat het laat zien, zoals dat van onderhoud",
            required=True,
            least=1,
            most=60,
        ),
        Field(name="name", description="Naam van het bestand", required=True, least=1, most=200),
        Field(
            name="media_type",
            description="Soort bestand",
            required=True,
            values=tuple(EXTENSIONS),
        ),
        Field(
            name="sha256",
            description="SHA-256 van de inhoud, hexadecimaal",
            required=True,
            pattern=r"^[0-9a-f]{64}$",
        ),
        Field(
            name="bytes",
            description="Grootte in bytes",
            type="integer",
            required=True,
            least=1,
            most=10 * 1024 * 1024,
        ),
        Field(name="stored_at", description="Opgeslagen op", type="datetime", required=True),
        Field(
            name="path", description="Waar de inhoud staat", required=True, pattern=DOCUMENT_PATH
        ),
    ),
    key=("aid", "about", "sha256"),
    refers={"aid": "aids"},
)
CONTACTS: Final = Table(
    name="contacts",
    title="Namen en adressen van cliënten; alleen als de gemeente daarom vraagt",
    fields=(
        Field(
            name="client_number", description="Cliëntnummer", required=True, pattern=CLIENT_NUMBER
        ),
        Field(name="name", description="Naam", required=True, least=1, most=200),
        Field(name="street", description="Straat en huisnummer", most=200),
        Field(name="postcode", description="Postcode", pattern=r"^[1-9][0-9]{3}[A-Z]{2}$"),
        Field(name="town", description="Plaats", most=200),
        Field(name="phone", description="Telefoon", most=200),
        Field(name="contact_name", description="Contactpersoon", most=200),
        Field(name="contact_phone", description="Telefoon van de contactpersoon", most=200),
        Field(name="key_safe", description="Sleutelkluis", most=2_000),
        Field(name="neighbour", description="Buren", most=2_000),
        Field(name="remarks", description="Bijzonderheden", most=20_000),
    ),
    key=("client_number",),
    refers={"client_number": "clients"},
)
# In the order in which they can be read in.
ALWAYS: Final = (CLIENTS, AIDS, HOLDERS, ADAPTATIONS, MAINTENANCE, REMARKS, DOCUMENTS)
TABLES: Final[Mapping[str, Table]] = {table.name: table for table in (*ALWAYS, CONTACTS)}


def chosen(*, contacts: bool) -> Iterator[Table]:
    """Yield the tables of a package."""
    yield from ALWAYS
    if contacts:
        yield CONTACTS
