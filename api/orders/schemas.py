"""Orders as told to the outside."""

from typing import Annotated, Any

from pydantic import Field

from api.schema import Document, Input, Time
from diagnostics.commands.model import CommandKind

_PARAMETERS = {"duration_ms", "parked_interval_ms", "riding_interval_ms"}


class Order(Document):
    """What somebody asked of an aid, and what became of it."""

    command_id: str = Field(alias="id")
    kind: str = Field(description="What people can ask, or what a campaign or transfer did.")
    parameters: dict[str, Any]
    actor: str
    ordered_at: Time
    expires_at: Time = Field(description="The aid does not do it any more from then on.")
    sent_at: Time | None = Field(description="When the broker took it; null: not yet, or too late.")
    replied_at: Time | None
    outcome: str | None = Field(description="done, refused or expired, as the aid says.")
    detail: str


class OrderList(Document):
    """The newest first."""

    items: list[Order]


class NewOrder(Input):
    """An order to give."""

    kind: CommandKind
    duration_ms: Annotated[
        int | None, Field(description="Of `identify` and `set_sampling`: for how long.")
    ] = None
    parked_interval_ms: Annotated[
        int | None, Field(description="Of `set_sampling`: between readings while it is parked.")
    ] = None
    riding_interval_ms: Annotated[
        int | None, Field(description="Of `set_sampling`: between readings while it moves.")
    ] = None
    ticket: Annotated[
        int | None, Field(ge=1, le=2**63 - 1, description="The ticket that it is for.")
    ] = None

    def parameters(self) -> dict[str, int]:
        """Return those of the kind that were given."""
        given = self.model_dump(include=_PARAMETERS, by_alias=False)
        return {name: value for name, value in given.items() if value is not None}
