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
    MUNICIPALITY = "municipality"  # a consultant
    CONTRACT_MANAGER = "contract_manager"
    PRIVACY_OFFICER = "privacy_officer"
    AUDITOR = "auditor"
    MACHINE = "machine"


# Of a municipality, each of one: the database shows them its rows alone.
OF_MUNICIPALITY: Final = frozenset(
    {Role.MUNICIPALITY, Role.CONTRACT_MANAGER, Role.PRIVACY_OFFICER, Role.AUDITOR}
)


class Permission(StrEnum):
    """One thing that somebody may do. The value is its name in the scope of a token."""

    SEE_BOARD = "board:see"
    FOLLOW_LIVE = "live:follow"
    READ_HEALTH = "health:read"
    READ_DEVICES = "devices:read"
    READ_TELEMETRY = "telemetry:read"
    COMMAND_DEVICES = "devices:command"
    WRITE_REGISTER = "register:write"  # what an aid is, its adaptations, remarks
    READ_FINDINGS = "findings:read"
    READ_INCIDENTS = "incidents:read"
    READ_TICKETS = "tickets:read"
    WORK_TICKETS = "tickets:work"  # acknowledge, note, on the way, on site, released, repaired
    DISPATCH_TICKETS = "tickets:dispatch"  # register, assign, plan, re-prioritise, merge, split
    READ_CONTACTS = "contacts:read"
    WRITE_CONTACTS = "contacts:write"
    ERASE_CONTACTS = "contacts:erase"
    READ_ROTA = "rota:read"
    WRITE_ROTA = "rota:write"
    READ_NOTIFICATIONS = "notifications:read"
    MANAGE_WEBHOOKS = "webhooks:manage"
    WRITE_TERMS = "terms:write"
    READ_COMMISSIONS = "commissions:read"
    WORK_COMMISSIONS = "commissions:work"  # register, move on, delay, end
    PLACE_COMMISSIONS = "commissions:place"  # as a municipality: order, and take back
    READ_COMPLAINTS = "complaints:read"
    WORK_COMPLAINTS = "complaints:work"
    FILE_COMPLAINTS = "complaints:file"  # as a municipality, on behalf of its client
    READ_SURVEY = "survey:read"
    WORK_SURVEY = "survey:work"  # links for clients, answers on paper
    READ_FIGURES = "figures:read"  # indicators and the cases behind them
    READ_REPORTS = "reports:read"
    MAKE_REPORTS = "reports:make"
    COMPARE_FILES = "files:compare"  # the municipality's list with ours
    TAKE_OVER = "takeovers:work"  # parks of contractors before: begin, read their lists in
    BILL = "billing:work"
    USE_PORTAL = "portal:use"
    CHOOSE_NOTICES = "portal:notices"  # which news of the portal one is told
    MANAGE_OWN_WEBHOOKS = "portal:webhooks"  # of the own municipality
    READ_MISUSE = "misuse:read"
    SIGNAL_MISUSE = "misuse:signal"
    REVIEW_MISUSE = "misuse:review"  # pass on, reject, have somebody look; quotes, figures
    ADD_TO_MISUSE = "misuse:add"  # what the client says, notes, files; that it is done
    DECIDE_MISUSE = "misuse:decide"
    READ_PRIVACY = "privacy:read"  # terms, catalogue, who looked at whom
    HANDLE_REQUESTS = "requests:handle"  # of clients about their data; holds
    READ_BREACHES = "breaches:read"
    REGISTER_BREACHES = "breaches:register"
    DECIDE_BREACHES = "breaches:decide"  # whether supervisor and clients are told
    DRAW_SAMPLES = "samples:draw"  # and compare a list; nothing is kept of it
    USE_ACCOUNT = "account:use"  # one's own password, second factor, sessions
    MANAGE_ACCOUNTS = "accounts:manage"
    READ_AUDIT = "audit:read"
    READ_IDENTITIES = "identities:read"  # what is odd about who modems are
    MANAGE_IDENTITIES = "identities:manage"  # review, codes, revocation
    READ_CAMPAIGNS = "campaigns:read"  # programmes and settings for modems
    MANAGE_CAMPAIGNS = "campaigns:manage"  # pause, resume, stop


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
_CONTRACT: Final = frozenset(
    {Permission.READ_COMMISSIONS, Permission.READ_COMPLAINTS, Permission.READ_SURVEY}
)
_DESK: Final = (_WATCH | _CONTRACT) | {
    Permission.SEE_BOARD,
    Permission.COMMAND_DEVICES,
    Permission.WRITE_REGISTER,
    Permission.WORK_TICKETS,
    Permission.DISPATCH_TICKETS,
    Permission.READ_CONTACTS,
    Permission.WRITE_CONTACTS,
    Permission.READ_ROTA,
    Permission.READ_NOTIFICATIONS,
    Permission.USE_ACCOUNT,
    Permission.WORK_COMMISSIONS,
    Permission.WORK_COMPLAINTS,
    Permission.WORK_SURVEY,
    Permission.READ_MISUSE,
    Permission.SIGNAL_MISUSE,
    Permission.REVIEW_MISUSE,
    Permission.ADD_TO_MISUSE,
    Permission.READ_BREACHES,
    Permission.REGISTER_BREACHES,  # whoever finds one says so at once
}
# What everybody of a municipality may who looks at cases: its own, the database sees to that.
_CASES: Final = _CONTRACT | {
    Permission.READ_MISUSE,
    Permission.READ_FIGURES,
    Permission.READ_REPORTS,
    Permission.READ_DEVICES,
    Permission.READ_FINDINGS,
    Permission.READ_INCIDENTS,
    Permission.READ_TICKETS,
    Permission.USE_PORTAL,
    Permission.USE_ACCOUNT,
}
_DECIDES: Final = frozenset({Permission.ADD_TO_MISUSE, Permission.DECIDE_MISUSE})

PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.DESK: _DESK,
    Role.MECHANIC: _WATCH
    | {
        Permission.COMMAND_DEVICES,
        Permission.WORK_TICKETS,
        Permission.SIGNAL_MISUSE,
        Permission.READ_CONTACTS,  # of clients with an open ticket that is assigned to them
        Permission.READ_ROTA,
        Permission.USE_ACCOUNT,
    },
    Role.MANAGER: _DESK
    | {
        Permission.READ_IDENTITIES,
        Permission.READ_CAMPAIGNS,
        Permission.WRITE_ROTA,
        Permission.WRITE_TERMS,
        Permission.READ_AUDIT,
        Permission.READ_FIGURES,
        Permission.READ_REPORTS,
        Permission.MAKE_REPORTS,
        Permission.COMPARE_FILES,
        Permission.TAKE_OVER,
        Permission.BILL,
        Permission.READ_PRIVACY,
    },
    # Keeps the platform running and lets people in; has no business with clients.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.READ_HEALTH,
            Permission.USE_ACCOUNT,
            Permission.MANAGE_ACCOUNTS,
            Permission.ERASE_CONTACTS,
            Permission.MANAGE_WEBHOOKS,
            Permission.READ_AUDIT,
            Permission.READ_PRIVACY,
            Permission.HANDLE_REQUESTS,
            Permission.READ_BREACHES,
            Permission.REGISTER_BREACHES,
            Permission.READ_IDENTITIES,
            Permission.MANAGE_IDENTITIES,
            Permission.READ_CAMPAIGNS,
            Permission.MANAGE_CAMPAIGNS,
        }
    ),
    Role.MUNICIPALITY: _CASES
    | _DECIDES
    | {
        Permission.READ_CONTACTS,
        Permission.CHOOSE_NOTICES,
        Permission.PLACE_COMMISSIONS,
        Permission.FILE_COMPLAINTS,
    },
    Role.CONTRACT_MANAGER: _CASES
    | _DECIDES
    | {
        Permission.CHOOSE_NOTICES,
        Permission.MANAGE_OWN_WEBHOOKS,
        Permission.READ_BREACHES,
        Permission.DRAW_SAMPLES,
    },
    Role.PRIVACY_OFFICER: frozenset(
        {
            Permission.USE_PORTAL,
            Permission.USE_ACCOUNT,
            Permission.READ_PRIVACY,
            Permission.HANDLE_REQUESTS,
            Permission.READ_BREACHES,
            Permission.DECIDE_BREACHES,
        }
    ),
    # Compares and samples, and changes nothing but their own password: the database sees to that.
    Role.AUDITOR: _CASES | {Permission.DRAW_SAMPLES},
    # The most that a token can be given; each names its own part of this.
    Role.MACHINE: (_WATCH | _CONTRACT)
    | {*(Permission.WORK_TICKETS, Permission.WORK_COMMISSIONS, Permission.WRITE_REGISTER)},
}

# What a token of a municipality's own system can be given at most: it reads what is theirs.
MUNICIPAL_MACHINE: Final = PERMISSIONS[Role.MACHINE] & PERMISSIONS[Role.MUNICIPALITY]


def of_machine(municipality_code: str | None) -> frozenset[Permission]:
    """Return the most that a token of a machine, which may be a municipality's, can be given."""
    return PERMISSIONS[Role.MACHINE] if municipality_code is None else MUNICIPAL_MACHINE


# Where somebody begins who asked for no page in particular.
HOME: Final[Mapping[Role, str]] = {
    Role.DESK: "/",
    Role.MANAGER: "/",
    Role.MECHANIC: "/visits",
    Role.ADMINISTRATOR: "/accounts",
    Role.MUNICIPALITY: "/portal",
    Role.CONTRACT_MANAGER: "/portal",
    Role.PRIVACY_OFFICER: "/portal/requests",
    Role.AUDITOR: "/portal",
    Role.MACHINE: "/account",
}
