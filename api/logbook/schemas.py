"""The logbook as the interface shows and takes it. Units stand in the names."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.schema import Document, Input

Line = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
Said = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")]
Day = Annotated[date, Field(ge=date(1980, 1, 1), lt=date(2100, 1, 1))]
Month = Annotated[str, Field(pattern=r"^(19[89]|20[0-9])[0-9]-(0[1-9]|1[0-2])$")]
Millimetres = Annotated[int, Field(ge=1, le=100_000)]
Kilograms = Annotated[int, Field(ge=1, le=1_000)]


class AdaptationSort(StrEnum):
    """*Standaardaanpassing* or *individuele aanpassing*."""

    STANDARD = "standard"
    INDIVIDUAL = "individual"


class MaintenanceSort(StrEnum):
    """*Correctief* or *preventief*."""

    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class RegisterChange(Input):
    """What is to stand in the register; what is not sent stays, null is not known."""

    provision: Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")] | None = Field(
        default=None, description="*Voorziening*: what was granted."
    )
    maker: Line | None = None
    model: Line | None = None
    serial_number: Line | None = None
    rail_length_mm: Millimetres | None = None
    seat_width_mm: Millimetres | None = None
    seat_depth_mm: Millimetres | None = None
    seat_height_mm: Millimetres | None = None
    max_load_kg: Kilograms | None = None
    built_in: Month | None = Field(default=None, description="Year and month built: 2024-05.")
    first_used_on: Day | None = Field(
        default=None, description="Null: it follows from the orders on record here."
    )


class NewAdaptation(Input):
    """An adaptation (*aanpassing*)."""

    sort: AdaptationSort
    description: Said
    public: bool | None = Field(
        default=None,
        description="May stand on the page behind the QR code, as it says nothing about a person;"
        " null: a standard one may, an individual one not.",
    )
    fitted_on: Day | None = None
    fitted_by: Line = ""


class Removal(Input):
    """An adaptation is taken off again."""

    removed_on: Day


class NewRemark(Input):
    """A remark (*bijzonderheid*)."""

    remark: Annotated[Text, Field(min_length=1)]
    noted_on: Day | None = Field(default=None, description="Null: today.")


class NewMaintenance(Input):
    """Maintenance that no ticket tells: of a contractor before, or from paper."""

    sort: MaintenanceSort
    done_on: Day
    work: Annotated[Text, Field(min_length=1)]
    parts: Text = ""


class Holder(Document):
    """Who had the aid, and when."""

    client_number: str | None = Field(description="Null: a client of another municipality.")
    since: date
    until: date | None = Field(description="Null: still.")


class Adaptation(Document):
    """An adaptation."""

    number: int
    sort: AdaptationSort
    description: str
    public: bool
    fitted_on: date | None
    fitted_by: str
    removed_on: date | None


class Maintenance(Document):
    """One piece of maintenance."""

    reference: str = Field(description="Stays its own when the park is handed over.")
    sort: MaintenanceSort
    done_on: date
    what: str = Field(description="What it was about, as a word of the platform; may be empty.")
    work: str
    parts: str
    ticket_id: int | None = Field(description="Null: it is from elsewhere.")


class Remark(Document):
    """A remark."""

    remark: str
    noted_on: date


class LogbookDocument(Document):
    """The logbook of an aid (Z 23)."""

    name: str = Field(description="Identification number.")
    kind: str
    provision: str
    maker: str
    model: str
    serial_number: str
    rail_length_mm: int | None
    seat_width_mm: int | None
    seat_depth_mm: int | None
    seat_height_mm: int | None
    max_load_kg: int | None
    built_in: str | None = Field(description="Year and month: 2024-05.")
    first_used_on: date | None
    delivered_on: date | None = Field(description="Last handed over to a client.")
    serviced_on: date | None = Field(description="Last preventive maintenance.")
    service_due_on: date | None
    client_number: str | None
    holders: list[Holder] = Field(description="Now and before, the latest first.")
    adaptations: list[Adaptation]
    maintenance: list[Maintenance] = Field(description="Newest first.")
    remarks: list[Remark]
    missing: list[str] = Field(description="Fields that the logbook must have and has not yet.")
