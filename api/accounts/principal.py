"""Who sends a request, and what an endpoint asks of them."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request

from api.accounts.roles import HOME, PERMISSIONS, Permission, Role, of_machine
from api.problems import ProblemError


class Via(StrEnum):
    """How we know who it is."""

    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - a word


class Principal(NamedTuple):
    """Whoever sends a request. ``login`` is the actor of all that they do."""

    login: str
    name: str
    role: Role
    municipality_code: str | None
    account_id: int
    via: Via
    permissions: frozenset[Permission]
    session_id: int | None = None

    def may(self, permission: Permission) -> bool:
        """Tell whether they may do that."""
        return permission in self.permissions

    @property
    def home(self) -> str:
        """The page on which they begin."""
        return HOME[self.role]

    def without(self, *permissions: Permission) -> "Principal":
        """Return them as somebody who may do less: for what is not shown at all."""
        return self._replace(permissions=self.permissions - set(permissions))


def machine(account: Mapping[str, Any], scope: Collection[str]) -> Principal:
    """Return whoever sends a token of a machine's account; ``scope``: of that token."""
    role, municipality = Role(account["role"]), account["municipality_code"]
    # A permission of an older version that is no more is nobody's.
    known = frozenset(each for each in Permission if each in scope)
    return Principal(
        login=account["login"],
        name=account["name"],
        role=role,
        municipality_code=municipality,
        account_id=account["account_id"],
        via=Via.TOKEN,
        permissions=allowed(role, known, municipality_code=municipality),
    )


class NotSignedInError(ProblemError):
    """Nobody we know, or not any more."""

    status = HTTPStatus.UNAUTHORIZED
    headers = {"WWW-Authenticate": 'Bearer realm="Liftwacht"'}  # noqa: RUF012 - of one kind

    def __init__(self) -> None:
        super().__init__("Sign in first, or send a token.")


class NotAllowedError(ProblemError):
    """Somebody we know, who may not do this."""

    status = HTTPStatus.FORBIDDEN


def allowed(
    role: Role,
    scope: frozenset[Permission] | None = None,
    *,
    municipality_code: str | None = None,
) -> frozenset[Permission]:
    """Return what an account of ``role`` may do, within the ``scope`` of a token if there is one.

    What a role loses, its tokens lose.
    """
    most = of_machine(municipality_code) if role is Role.MACHINE else PERMISSIONS[role]
    return most if scope is None else most & scope


async def _anybody(request: Request) -> Principal | None:
    found: Principal | None = await request.state.recognise(request)
    # For the page that says what went wrong.
    request.state.principal = found
    return found


async def _somebody(visitor: Annotated[Principal | None, Depends(_anybody)]) -> Principal:
    if visitor is None:
        raise NotSignedInError
    return visitor


Visitor = Annotated[Principal | None, Depends(_anybody)]
Who = Annotated[Principal, Depends(_somebody)]


class Needs:
    """What an endpoint asks: all of ``permissions``; None: it is open to everybody."""

    def __init__(self, *permissions: Permission) -> None:
        self.permissions = frozenset(permissions)

    async def __call__(self, who: Who) -> Principal:
        """Return who sends the request, if they may.

        Raises:
            NotSignedInError: we don't know them.
            NotAllowedError: their role, or their token, does not allow it.
        """
        for permission in sorted(self.permissions - who.permissions):
            raise NotAllowedError(f"Your account may not do this ({permission}).")
        return who


class _Open:
    """Open to everybody, on purpose."""

    async def __call__(self) -> None:
        """Let everybody in."""


def needs(*permissions: Permission) -> Any:
    """Return the dependency of an endpoint, or of a router, that asks for ``permissions``."""
    return Depends(Needs(*permissions))


def open_to_all() -> Any:
    """Return the dependency that says: no account is needed here."""
    return Depends(_Open())


def declared(route: Any) -> Iterator[frozenset[Permission]]:
    """Yield what ``route`` declares: a set for each ``needs``, an empty one if it is open."""
    for dependency in route.dependant.dependencies:
        if isinstance(dependency.call, Needs):
            yield dependency.call.permissions
        elif isinstance(dependency.call, _Open):
            yield frozenset()
