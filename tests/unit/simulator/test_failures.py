from random import Random

import pytest

from gateway.protocol.vocabulary import AidKind, Contacts
from simulator.failures import FAILURES, SLOW, Failure, bit_by_bit, by_rate, fail, repair
from simulator.hardware.aid import Aid
from simulator.hardware.board import reading_of
from simulator.hardware.hoist import Hoist
from simulator.hardware.rail import Rail
from simulator.hardware.stairlift import Stairlift
from simulator.hardware.vehicle import Vehicle
from simulator.home import Home
from simulator.misuse import MISUSES, Misuse

DAY_MS = 86_400_000


def home(kind: AidKind) -> Home:
    aid: Aid
    match kind:
        case AidKind.STAIRLIFT:
            aid = Stairlift(Rail.straight(), rng=Random(1))
        case AidKind.HOIST:
            aid = Hoist(rng=Random(1))
        case _:
            aid = Vehicle(kind, rng=Random(1))
    return Home(aid, rng=Random(2))


def state(house: Home) -> str:
    """Return all that a failure may change, as text."""
    aid = house.aid
    inner = vars(aid) | {"battery": vars(aid.battery), "around": vars(house.surroundings)}
    if "wear" in inner:
        inner["wear"] = vars(inner["wear"])
    leave_out = {"_rng", "rail", "hinge", "powered_step"}
    return repr({name: inner[name] for name in sorted(inner) if name not in leave_out})


def test_every_failure_and_misuse_is_documented_for_some_kind_of_aid() -> None:
    assert set(FAILURES) == set(Failure)
    assert set(MISUSES) == set(Misuse)
    assert all(switch.kinds and switch.doc for switch in FAILURES.values())


@pytest.mark.parametrize("failure", Failure)
@pytest.mark.parametrize("kind", AidKind)
def test_a_failure_can_be_switched_on_and_off_or_is_refused(
    failure: Failure, kind: AidKind
) -> None:
    house = home(kind)
    if kind not in FAILURES[failure].kinds:
        with pytest.raises(ValueError, match="cannot have"):
            fail(house, failure)
        return
    whole = state(house)
    fail(house, failure)
    broken = state(house)
    assert broken != whole
    repair(house, failure)
    mended = state(house)
    assert mended != broken
    if failure is not Failure.BATTERY:  # a new one is not quite full
        assert mended == whole
    if failure is not Failure.BUS:
        reading_of(house.aid)


def test_failures_come_at_their_rate_and_go_again() -> None:
    house = home(AidKind.STAIRLIFT)
    house.begin(
        by_rate(house, Failure.FOOTREST_UP_EDGE, per_day=200, lasting_ms=60_000, rng=Random(3))
    )
    seen = was = 0
    for now_ms in range(0, 5 * DAY_MS, 30_000):
        house.advance_to(now_ms)
        is_open = bool(house.aid.contacts & Contacts.FOOTREST_UP)
        seen += is_open and not was
        was = is_open
    assert 600 < seen < 1_200


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 0"):
        next(by_rate(home(AidKind.HOIST), Failure.BUS, per_day=0, lasting_ms=None, rng=Random(1)))


@pytest.mark.parametrize("failure", sorted(SLOW))
@pytest.mark.parametrize("kind", AidKind)
def test_what_ages_comes_bit_by_bit_and_ends_where_a_failure_would(
    failure: Failure, kind: AidKind
) -> None:
    at_once, slowly = home(kind), home(kind)
    fail(at_once, failure)
    end = SLOW[failure]
    whole, bad = end.now(slowly), end.now(at_once)
    slowly.begin(bit_by_bit(slowly, failure, over_ms=20 * DAY_MS))
    slowly.advance_to(10 * DAY_MS)
    assert end.now(slowly) == pytest.approx((whole + bad) / 2, abs=0.03 * abs(bad - whole))
    slowly.advance_to(21 * DAY_MS)
    assert end.now(slowly) == pytest.approx(bad, abs=0.02), "and what a battery ages by itself"


def test_what_breaks_does_not_come_bit_by_bit() -> None:
    house = home(AidKind.STAIRLIFT)
    with pytest.raises(ValueError, match="at once"):
        next(iter(bit_by_bit(house, Failure.CHARGER, over_ms=DAY_MS)))
