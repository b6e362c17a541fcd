"""Orders become the wire's commands; nothing that can be ordered moves anything."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from diagnostics.commands.model import CommandKind, Order, wire_of
from gateway.protocol.messages import CallStatus, Command, Identify, SetSampling, Snapshot

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def order(kind: CommandKind, **parameters: Any) -> Order:
    return Order(
        command_id="a" * 32,
        device_name="sl-000001",
        kind=kind,
        parameters=parameters,
        actor="anja",
        at=AT,
    )


def test_each_kind_becomes_its_command_and_expires() -> None:
    command = wire_of(order(CommandKind.IDENTIFY, duration_ms=3_000))
    assert command == Identify(
        command_id="a" * 32,
        expires_ms=round(AT.timestamp() * 1000) + 60_000,
        duration_ms=3_000,
    )
    assert isinstance(wire_of(order(CommandKind.SNAPSHOT)), Snapshot)
    sampling = {
        "parked_interval_ms": 60_000,
        "riding_interval_ms": 100,
        "duration_ms": 600_000,
    }
    assert isinstance(wire_of(order(CommandKind.SET_SAMPLING, **sampling)), SetSampling)


@pytest.mark.parametrize(
    ("kind", "parameters", "where"),
    [
        (CommandKind.IDENTIFY, {"duration_ms": 99}, "duration_ms"),
        (CommandKind.SET_SAMPLING, {"parked_interval_ms": 1_000}, "riding_interval_ms"),
    ],
)
def test_wrong_parameters_are_named(
    kind: CommandKind, parameters: dict[str, Any], where: str
) -> None:
    with pytest.raises(ValueError, match=where):
        wire_of(order(kind, **parameters))


def test_nothing_that_can_be_sent_down_moves_an_aid() -> None:
    orderable = {kind.value for kind in CommandKind}
    wire = {command.__struct_config__.tag for command in get_args(Command)}
    # What the platform says by itself: to the rider, and to the modem about itself.
    own = {"set_certificate", "set_settings", "forget", "update", "piece"}
    assert wire - orderable == {CallStatus.__struct_config__.tag, *own}
    assert orderable == {"snapshot", "self_test", "identify", "set_sampling"}
