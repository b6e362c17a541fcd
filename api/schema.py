"""What all documents of the interface have in common."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel


def _rfc3339(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


Time = Annotated[AwareDatetime, PlainSerializer(_rfc3339, when_used="json")]


class Document(BaseModel):
    """A JSON object in lowerCamelCase."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        from_attributes=True,
        serialize_by_alias=True,
    )


class Input(Document):
    """A JSON object that somebody sends: what we don't know is a mistake, said at once."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
