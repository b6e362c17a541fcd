"""The table of what commands on a ticket ask."""

from api.accounts.roles import Permission
from api.accounts.ticket_commands import ASKS
from diagnostics.tickets.commands import AnyCommand


def test_every_command_is_in_the_table_and_escalations_are_nobodys() -> None:
    assert set(ASKS) == set(AnyCommand.__args__)
    assert {each.__struct_config__.tag for each, asked in ASKS.items() if asked is None} == {
        "forgotten",
        "escalated",
    }
    assert set(ASKS.values()) == {Permission.WORK_TICKETS, Permission.DISPATCH_TICKETS, None}
