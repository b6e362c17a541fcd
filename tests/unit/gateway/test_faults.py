"""Faults as edges."""

from gateway.hal import ActiveFault
from tests.support.lift import EDGE, WatchedLift


def told(lift: WatchedLift) -> list[tuple[str, str, str]]:
    return [(edge.code, edge.edge.value, edge.maker_code) for edge in lift.edges]


def test_comes_and_goes() -> None:
    lift = WatchedLift()
    lift.stay(1_000, faults=(*EDGE, ActiveFault("no_charge", "2")))
    lift.stay(1_000, faults=EDGE)
    lift.stay(1_000, faults=())
    assert told(lift) == [
        ("footrest_up_edge", "raised", "7"),
        ("no_charge", "raised", "2"),
        ("no_charge", "cleared", "2"),
        ("footrest_up_edge", "cleared", "7"),
    ]


def test_restart_neither_repeats_nor_forgets() -> None:
    lift = WatchedLift()
    lift.stay(1_000, faults=EDGE)
    lift.restart()
    lift.stay(1_000)
    assert len(lift.edges) == 1
    lift.restart()
    lift.stay(1_000, faults=())
    assert told(lift)[1:] == [("footrest_up_edge", "cleared", "7")]


def test_chattering_contact_is_told_a_few_times_and_then_once_it_keeps_still() -> None:
    lift = WatchedLift()
    for _ in range(100):
        lift.stay(250, faults=EDGE)
        lift.stay(250, faults=())
    assert len(lift.edges) == 6
    lift.stay(60_000, faults=EDGE)
    assert told(lift)[-1] == ("footrest_up_edge", "raised", "7")
    assert len(lift.edges) == 7


def test_code_that_no_wire_would_take_becomes_unknown() -> None:
    lift = WatchedLift()
    lift.stay(1_000, faults=(ActiveFault("E-07 !", "x" * 100),))
    assert told(lift) == [("unknown", "raised", "x" * 32)]
