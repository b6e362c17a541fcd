"""The administrators' pages: who may come in, tokens of machines, and the record of it all."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.accounts import audit, clients, pages, passwords, people, tokens
from api.accounts.people import AccountError, NewAccount
from api.accounts.principal import Principal, Who, needs
from api.accounts.roles import Permission, Role, of_machine
from api.desk import forms
from api.problems import NotFoundError
from api.queries import Connection
from api.transactions import AsService

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_MANAGE = [needs(Permission.MANAGE_ACCOUNTS)]
_SCOPE = "scope "
Login = Annotated[str, Path(max_length=64)]
_Optional = Annotated[str, Field(max_length=120)]


class AccountForm(BaseModel):
    """What there is to say of an account."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: Annotated[str, Field(max_length=80)] = ""
    role: Role = Role.DESK
    municipality: _Optional = ""
    email: _Optional = ""
    phone: _Optional = ""

    def account(self, login: str) -> NewAccount:
        """Return the account that was described."""
        return NewAccount(
            login=login,
            name=self.name,
            role=self.role,
            municipality_code=self.municipality or None,
            email=self.email or None,
            phone=self.phone or None,
        )


class NewAccountForm(AccountForm):
    """The same, of a new one."""

    login: Annotated[str, Field(max_length=64)] = ""


class ScopeForm(BaseModel):
    """What a machine may do; each part of its scope is a field ``scope …``."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="allow")

    @property
    def scope(self) -> frozenset[Permission]:
        """What it may do."""
        named = {key.removeprefix(_SCOPE) for key in self.model_extra or () if _SCOPE in key}
        return frozenset(each for each in Permission if each in named)


class TokenForm(ScopeForm):
    """A token to be made."""

    name: Annotated[str, Field(max_length=80)] = ""
    days: Annotated[int, Field(ge=1, le=366)] = 90


class KeysForm(ScopeForm):
    """Public keys of a municipality's system, or where they are."""

    keys: str = ""
    keys_url: str = ""


@router.get("/accounts", dependencies=_MANAGE)
async def list_accounts(request: Request, connection: AsService) -> HTMLResponse:
    """Show everybody who may come in, or could."""
    return await _list(request, connection, NewAccountForm())


@router.post("/accounts", dependencies=_MANAGE)
async def add_account(request: Request, who: Who, connection: AsService) -> Response:
    """Add an account; its temporary password is shown once."""
    form = await forms.read(request, NewAccountForm)
    login = form.login.lower()
    password = None if form.role is Role.MACHINE else passwords.generate()
    try:
        await people.add(
            connection,
            request.state.passwords,
            form.account(login),
            password=password,
            temporary=True,
            actor=who.login,
            now=request.state.now(),
        )
    except AccountError as error:
        return await _list(request, connection, form, wrong=error.code)
    return await _one(request, connection, login, secret=password or "")


@router.get("/accounts/{login}", dependencies=_MANAGE)
async def show_account(request: Request, connection: AsService, login: Login) -> HTMLResponse:
    """Show one account."""
    return await _one(request, connection, login)


@router.post("/accounts/{login}", dependencies=_MANAGE)
async def change_account(
    request: Request, who: Who, connection: AsService, login: Login
) -> Response:
    """Change what there is to say of an account. Whoever is in under it must come in again."""
    form = await forms.read(request, AccountForm)
    try:
        _not_oneself(who, login)
        await people.change(
            connection, form.account(login), actor=who.login, now=request.state.now()
        )
    except AccountError as error:
        return await _one(request, connection, login, wrong=error.code)
    return RedirectResponse(f"/accounts/{login}", 303)


@router.post("/accounts/{login}/disable", dependencies=_MANAGE)
async def disable(request: Request, who: Who, connection: AsService, login: Login) -> Response:
    """Let somebody in no more."""
    return await _set_enabled(request, who, connection, login, enabled=False)


@router.post("/accounts/{login}/enable", dependencies=_MANAGE)
async def enable(request: Request, who: Who, connection: AsService, login: Login) -> Response:
    """Let somebody in again."""
    return await _set_enabled(request, who, connection, login, enabled=True)


@router.post("/accounts/{login}/reset-password", dependencies=_MANAGE)
async def reset_password(
    request: Request, who: Who, connection: AsService, login: Login
) -> Response:
    """Give a temporary password, and show it once."""
    password = passwords.generate()
    try:
        await people.reset_password(
            connection,
            request.state.passwords,
            login,
            password=password,
            actor=who.login,
            now=request.state.now(),
        )
    except AccountError as error:
        raise NotFoundError(str(error)) from error
    return await _one(request, connection, login, secret=password)


@router.post("/accounts/{login}/remove-second-factor", dependencies=_MANAGE)
async def remove_second_factor(
    request: Request, who: Who, connection: AsService, login: Login
) -> Response:
    """Help somebody in who lost the telephone."""
    try:
        await people.remove_second_factor(
            connection, login, actor=who.login, now=request.state.now()
        )
    except AccountError as error:
        raise NotFoundError(str(error)) from error
    return RedirectResponse(f"/accounts/{login}", 303)


@router.post("/accounts/{login}/tokens", dependencies=_MANAGE)
async def add_token(request: Request, who: Who, connection: AsService, login: Login) -> Response:
    """Make a token for a machine, and show it once."""
    form = await forms.read(request, TokenForm)
    try:
        token = await tokens.add(
            connection,
            login,
            name=form.name,
            scope=form.scope,
            lasts=timedelta(days=form.days),
            actor=who.login,
            now=request.state.now(),
        )
    except AccountError as error:
        return await _one(request, connection, login, wrong=error.code)
    return await _one(request, connection, login, secret=token)


@router.post("/accounts/{login}/tokens/{token_id}/revoke", dependencies=_MANAGE)
async def revoke_token(
    request: Request,
    who: Who,
    connection: AsService,
    login: Login,
    token_id: Annotated[int, Path(ge=1, le=2**31 - 1)],
) -> Response:
    """End a token."""
    try:
        await tokens.revoke(connection, token_id, actor=who.login, now=request.state.now())
    except AccountError as error:
        raise NotFoundError(str(error)) from error
    return RedirectResponse(f"/accounts/{login}", 303)


@router.post("/accounts/{login}/keys", dependencies=_MANAGE)
async def register_keys(
    request: Request, who: Who, connection: AsService, login: Login
) -> Response:
    """Register a municipality's system by its public keys; those until now end."""
    form = await forms.read(request, KeysForm)
    try:
        await clients.register(
            connection,
            login,
            keys=form.keys,
            keys_url=form.keys_url,
            scope=form.scope,
            actor=who.login,
            now=request.state.now(),
        )
    except AccountError as error:
        return await _one(request, connection, login, wrong=error.code)
    return RedirectResponse(f"/accounts/{login}#keys", 303)


@router.post("/accounts/{login}/keys/revoke", dependencies=_MANAGE)
async def revoke_keys(request: Request, who: Who, connection: AsService, login: Login) -> Response:
    """End the registration of a municipality's system, and the tokens that it has."""
    try:
        await clients.revoke(connection, login, actor=who.login, now=request.state.now())
    except AccountError as error:
        raise NotFoundError(str(error)) from error
    return RedirectResponse(f"/accounts/{login}#keys", 303)


@router.get("/audit", dependencies=[needs(Permission.READ_AUDIT)])
async def show_audit(
    request: Request,
    connection: AsService,
    about: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Show what is on record about accounts and personal data, newest first."""
    entries = await audit.trail(connection, about=about.strip() or None)
    return pages.render(request, "audit.html", entries=entries, about=about)


async def _set_enabled(
    request: Request, who: Principal, connection: Connection, login: str, *, enabled: bool
) -> Response:
    try:
        _not_oneself(who, login)
        await people.set_enabled(
            connection, login, enabled=enabled, actor=who.login, now=request.state.now()
        )
    except AccountError as error:
        return await _one(request, connection, login, wrong=error.code)
    return RedirectResponse(f"/accounts/{login}", 303)


def _not_oneself(who: Principal, login: str) -> None:
    """Keep the last administrator from locking the door from outside."""
    if login == who.login:
        raise AccountError("oneself", "another administrator must do that to your account")


async def _list(
    request: Request, connection: Connection, given: NewAccountForm, *, wrong: str = ""
) -> HTMLResponse:
    return pages.render(
        request,
        "accounts.html",
        status=400 if wrong else 200,
        accounts=await people.everybody(connection),
        municipalities=await people.municipalities(connection),
        given=given,
        wrong=wrong,
    )


async def _one(
    request: Request, connection: Connection, login: str, *, secret: str = "", wrong: str = ""
) -> HTMLResponse:
    account = next(
        (each for each in await people.everybody(connection) if each["login"] == login), None
    )
    if account is None:
        raise NotFoundError(f"There is no account {login}.")
    given: dict[str, Any] = {
        key: account[key] or "" for key in ("name", "role", "email", "phone")
    } | {"municipality": account["municipality_code"] or ""}
    return pages.render(
        request,
        "account_of.html",
        status=400 if wrong else 200,
        account=account,
        tokens=await tokens.of(connection, login),
        clients=await clients.of(connection, login),
        scopes=sorted(of_machine(account["municipality_code"])),
        municipalities=await people.municipalities(connection),
        given=given,
        secret=secret,
        wrong=wrong,
    )
