"""The one table of who may do what."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is to the platform; an account has one."""

    DESK = "desk"
    MECHANIC = "mechanic"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    MUNICIPALITY = "municipality"
    MACHINE = "machine"


class Permission(StrEnum):
    """One thing that somebody may do. The value is its name in the scope of a token."""

    SEE_BOARD = "board:see"
    FOLLOW_LIVE = "live:follow"
    READ_HEALTH = "health:read"
    READ_DEVICES = "devices:read"
    READ_TELEMETRY = "telemetry:read"
    COMMAND_DEVICES = "devices:command"
    READ_FINDINGS = "findings:read"
    READ_INCIDENTS = "incidents:read"
    READ_TICKETS = "tickets:read"
    WORK_TICKETS = "tickets:work"  # acknowledge, note, on the way, on site, released, repaired
    DISPATCH_TICKETS = "tickets:dispatch"  # register, assign, plan, re-prioritise, merge, split
    READ_CONTACTS = "contacts:read"
    WRITE_CONTACTS = "contacts:write"
    READ_ROTA = "rota:read"
    WRITE_ROTA = "rota:write"
    READ_NOTIFICATIONS = "notifications:read"
    MANAGE_WEBHOOKS = "webhooks:manage"
    WRITE_TERMS = "terms:write"
    USE_ACCOUNT = "account:use"  # one's own password, second factor, sessions
    MANAGE_ACCOUNTS = "accounts:manage"
    READ_AUDIT = "audit:read"


_WATCH: Final = frozenset(
    {
        Permission.FOLLOW_LIVE,
        Permission.READ_HEALTH,
        Permission.READ_DEVICES,
        Permission.READ_TELEMETRY,
        Permission.READ_FINDINGS,
        Permission.READ_INCIDENTS,
        Permission.READ_TICKETS,
    }
)
_DESK: Final = _WATCH | {
    Permission.SEE_BOARD,
    Permission.COMMAND_DEVICES,
    Permission.WORK_TICKETS,
    Permission.DISPATCH_TICKETS,
    Permission.READ_CONTACTS,
    Permission.WRITE_CONTACTS,
    Permission.READ_ROTA,
    Permission.READ_NOTIFICATIONS,
    Permission.USE_ACCOUNT,
}

PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.DESK: _DESK,
    Role.MECHANIC: _WATCH
    | {
        Permission.COMMAND_DEVICES,
        Permission.WORK_TICKETS,
        Permission.READ_CONTACTS,  # of clients with an open ticket that is assigned to them
        Permission.READ_ROTA,
        Permission.USE_ACCOUNT,
    },
    Role.MANAGER: _DESK | {Permission.WRITE_ROTA, Permission.WRITE_TERMS, Permission.READ_AUDIT},
    # Keeps the platform running and lets people in; has no business with clients.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.READ_HEALTH,
            Permission.USE_ACCOUNT,
            Permission.MANAGE_ACCOUNTS,
            Permission.MANAGE_WEBHOOKS,
            Permission.READ_AUDIT,
        }
    ),
    # Its own aids and clients only: the database sees to that.
    Role.MUNICIPALITY: frozenset(
        {
            Permission.READ_DEVICES,
            Permission.READ_FINDINGS,
            Permission.READ_INCIDENTS,
            Permission.READ_TICKETS,
            Permission.READ_CONTACTS,
            Permission.USE_ACCOUNT,
        }
    ),
    # The most that a token can be given; each names its own part of this.
    Role.MACHINE: _WATCH | {Permission.WORK_TICKETS},
}

# Where somebody begins who asked for no page in particular.
HOME: Final[Mapping[Role, str]] = {
    Role.DESK: "/",
    Role.MANAGER: "/",
    Role.MECHANIC: "/visits",
    Role.ADMINISTRATOR: "/accounts",
    Role.MUNICIPALITY: "/account",
    Role.MACHINE: "/account",
}
