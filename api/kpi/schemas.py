"""Indicators as told to the outside."""

from datetime import date

from pydantic import Field

from api.schema import Document, Time


class FigureDocument(Document):
    """How an indicator stands in a period; shares are 0 to 1."""

    period: str = Field(examples=["2026-Q3"])
    kept: int
    decided: int
    share: float | None
    excused: int = Field(description="Of those kept: only by evidenced delays of others.")
    share_without_excuses: float | None
    pending: int = Field(description="Not decided yet, and due within the period.")
    left_out: int = Field(description="Withdrawn, or without a promise.")


class ForecastDocument(Document):
    """The share at the end of the period, as far as the past year tells."""

    low: float = Field(description="In one of ten cases it ends below this.")
    likely: float
    high: float = Field(description="In one of ten cases it ends above this.")
    chance: float | None = Field(description="Of reaching the target.")
    expected: int = Field(description="How many cases are still to be decided.")


class IndicatorDocument(Document):
    """An indicator as agreed, and how it stands now."""

    key: str
    version: int
    name: str
    definition: str
    source: str
    share_asked: float | None
    valid_from: date
    figure: FigureDocument
    trend: list[FigureDocument]
    forecast: ForecastDocument | None
    risk: str | None = Field(description="at_risk or out_of_reach; null: neither.")


class IndicatorList(Document):
    """All indicators of a contract."""

    contract: str
    name: str
    at: Time
    items: list[IndicatorDocument]


class CaseDocument(Document):
    """A case behind a figure."""

    kind: str
    number: str
    municipality: str
    aid_kind: str
    begun_at: Time
    due_at: Time | None
    done_at: Time | None
    outcome: str


class CaseList(Document):
    """The cases behind a figure, those missed first."""

    key: str
    figure: FigureDocument
    items: list[CaseDocument]
    left_off: int = Field(description="How many more there are.")
