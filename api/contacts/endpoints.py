"""GET and PUT /v1/clients/{number}/contact."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.contacts import service
from api.contacts.schemas import Contact, ContactInput
from api.problems import NotFoundError
from api.transactions import Writing

router = APIRouter(prefix="/clients", tags=["Contacts"])

ClientNumber = Annotated[
    str, Path(pattern=r"^[A-Z0-9-]{3,32}$", description="Number of the client.")
]


@router.get(
    "/{number}/contact",
    operation_id="getContact",
    dependencies=[needs(Permission.READ_CONTACTS)],
)
async def get_contact(
    *,
    request: Request,
    who: Who,
    connection: Writing,
    number: ClientNumber,
    reason: Annotated[str, Query(min_length=1, max_length=200, description="Why you look.")],
    ticket: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="For which ticket.")
    ] = None,
) -> Contact:
    """Return who a client is, where, and how to get in. Who looked, when and why is kept."""
    now = request.state.now()
    found = await service.contact_of(connection, who, number, reason, now=now, ticket_id=ticket)
    return found or Contact(client_number=number, version=0, name="")


@router.put(
    "/{number}/contact",
    operation_id="putContact",
    dependencies=[needs(Permission.READ_CONTACTS, Permission.WRITE_CONTACTS)],
)
async def put_contact(
    *,
    request: Request,
    who: Who,
    connection: Writing,
    number: ClientNumber,
    body: ContactInput,
) -> Contact:
    """Write a client's contact. Who changed what, and why, is kept."""
    await service.write(connection, who, number, body)
    now = request.state.now()
    found = await service.contact_of(connection, who, number, "changed", now=now)
    if found is None:
        raise NotFoundError(f"There is no client {number}.")
    return found
