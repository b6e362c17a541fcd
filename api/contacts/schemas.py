"""Contact data as told to the outside."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.schema import Document, Input

_Line = Annotated[str, StringConstraints(max_length=120)]
_Phone = Annotated[str, StringConstraints(max_length=20, pattern=r"^[+0-9 ()/-]*$")]
_Text = Annotated[str, StringConstraints(max_length=1_000)]


class _Contact(Document):
    name: _Line
    street: Annotated[_Line, Field(description="With the number.")] = ""
    postcode: Annotated[
        str, Field(pattern=r"^([1-9][0-9]{3}[A-Z]{2})?$", description="Such as 1621AB.")
    ] = ""
    town: _Line = ""
    phone: _Phone = ""
    contact_name: Annotated[_Line, Field(description="Who else to ring.")] = ""
    contact_phone: _Phone = ""
    key_safe: Annotated[_Text, Field(description="Where a key hangs, and how to get it.")] = ""
    neighbour: Annotated[_Text, Field(description="Who has a key.")] = ""
    remarks: _Text = ""


class Contact(_Contact):
    """Who a client is, where, and how to get in."""

    client_number: str
    version: Annotated[int, Field(description="Counts changes; 0: nothing is known yet.")]


class ContactInput(_Contact, Input):
    """The same, as it shall be."""

    name: Annotated[_Line, Field(min_length=1)]
    version: Annotated[int, Field(ge=0, description="The version on which the change rests.")]
    reason: Annotated[str, Field(min_length=1, max_length=200, description="Why it changes.")]
