"""Where a stopped lift may still go, as far as it says itself."""

import pytest

from diagnostics.tickets.self_rescue import SelfRescue, Way, self_rescue
from gateway.protocol.vocabulary import FAULTS, Contacts, Demand
from simulator.hardware.safety import permits


@pytest.mark.parametrize(
    ("contacts", "faults", "expected"),
    [
        (["footrest_up"], ["footrest_up_edge"], SelfRescue(Way.DOWN)),
        (["carriage_down"], [], SelfRescue(Way.UP)),
        (["carriage_down", "carriage_up"], [], SelfRescue(Way.NONE)),
        (["seat_swivel"], ["seat_turned"], SelfRescue(Way.EITHER, ("turn_seat",))),
        (["seat_belt", "footrest_up"], [], SelfRescue(Way.DOWN, ("close_belt",))),
        (["overspeed"], [], SelfRescue(Way.NONE)),
        ([], ["relay"], SelfRescue(Way.NONE)),
        ([], ["word_of_next_year"], SelfRescue(Way.NONE)),
        ([], [], SelfRescue(Way.UNKNOWN)),
        ([], ["no_charge"], SelfRescue(Way.EITHER)),
    ],
)
def test_what_may_be_tried(contacts: list[str], faults: list[str], expected: SelfRescue) -> None:
    assert self_rescue(contacts, faults) == expected


@pytest.mark.parametrize("contact", [each for each in Contacts if each])
def test_it_never_promises_a_way_that_the_safety_chain_refuses(contact: Contacts) -> None:
    """What can be put right by hand aside, it says what the simulated chain does."""
    assert contact.name is not None
    found = self_rescue([contact.name.lower()], [])
    for way, direction in ((Way.UP, Demand.UP), (Way.DOWN, Demand.DOWN)):
        promised = found.way in {way, Way.EITHER} and not found.first
        assert not promised or permits(contact, direction)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_stops_the_drive_leaves_a_way_only_if_somebody_can_do_something(
    fault: str,
) -> None:
    found = self_rescue([], [fault])
    if FAULTS[fault].stops_drive and found.way is Way.EITHER:
        assert found.first
