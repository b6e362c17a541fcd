"""What each command on a ticket asks of whoever gives it: one table, for pages and interface."""

from collections.abc import Mapping
from typing import Final

from api.accounts.principal import NotAllowedError, Principal
from api.accounts.roles import Permission
from diagnostics.tickets import commands
from diagnostics.tickets.commands import AnyCommand, Command

_WORK: Final = Permission.WORK_TICKETS
# To plan and to decide, and not only to do.
_DISPATCH: Final = Permission.DISPATCH_TICKETS

ASKS: Final[Mapping[type[Command], Permission | None]] = {
    commands.Acknowledge: _WORK,
    commands.Assign: _DISPATCH,  # but for what somebody takes on for themselves
    commands.UnderWay: _WORK,
    commands.Arrive: _WORK,
    commands.NobodyNear: _WORK,
    commands.Forget: None,  # escalation's alone
    commands.Escalated: None,
    commands.Note: _WORK,
    commands.ConfirmRelease: _WORK,
    commands.Repair: _WORK,
    commands.Close: _DISPATCH,
    commands.ChangePriority: _DISPATCH,
    commands.Appoint: _WORK,
    commands.AgreeLater: _DISPATCH,
    commands.Pause: _WORK,
    commands.Resume: _WORK,
    commands.UsePart: _WORK,
    commands.Sign: _WORK,
    commands.OfferSwap: _DISPATCH,
    commands.AnswerSwap: _WORK,
    commands.ReportCalamity: _DISPATCH,
}


def takes_on(who: Principal, command: AnyCommand) -> bool:
    """Tell whether somebody takes a ticket on for themselves: whoever works may."""
    return isinstance(command, commands.Assign) and command.account == who.account_id


def require(who: Principal, command: AnyCommand) -> None:
    """Refuse what somebody may not do, of whatever ticket.

    Raises:
        NotAllowedError: they may not.
    """
    asked = _WORK if takes_on(who, command) else ASKS[type(command)]
    if asked is None or not who.may(asked):
        raise NotAllowedError("Your account may not do this with a ticket.")
