"""Who can be there soonest: an estimate that errs upwards, and an order that people can follow."""

from datetime import timedelta
from typing import Any

import pytest

from api.dispatch.service import rank
from api.dispatch.travel import distance_km, travel_time
from api.map.places import Place, by_postcode

HOORN, ENKHUIZEN, ZOETERMEER = (by_postcode()[code] for code in (1621, 1601, 2711))


def test_distances_are_those_of_a_map() -> None:
    assert distance_km(HOORN, ENKHUIZEN) == pytest.approx(17.0, abs=0.5)
    assert distance_km(HOORN, ZOETERMEER) == pytest.approx(distance_km(ZOETERMEER, HOORN))
    assert distance_km(HOORN, HOORN) == 0


def test_travel_takes_minutes_to_leave_and_is_rounded_upwards() -> None:
    assert travel_time(HOORN, HOORN) == timedelta(minutes=10)
    assert travel_time(HOORN, ENKHUIZEN) == timedelta(minutes=40)
    antipodes = Place("far", -52.6, -174.9)
    assert travel_time(HOORN, antipodes) > timedelta(days=10)


def mechanic(login: str, **known: Any) -> dict[str, Any]:
    unknown = dict.fromkeys(("base", "at", "ticket_id", "stage", "priority"))
    return {"account_id": 1, "login": login, "name": login.title()} | unknown | known


def test_on_call_and_free_comes_first_and_whoever_helps_somebody_else_last() -> None:
    found = [
        mechanic("anna", base=1621),
        mechanic("bas", base=1601),
        mechanic("cees", base=2711, at=1621, ticket_id=7, priority=3),
        mechanic("dirk", base=1621, at=1601, ticket_id=8, priority=1),
        mechanic("emma"),
    ]
    ranked = rank(found, 1601, on_call={"anna", "cees", "dirk"})
    assert [each.login for each in ranked] == ["anna", "cees", "bas", "emma", "dirk"]
    assert ranked[1].place == "Hoorn"  # where the visit is, not where he started
    assert ranked[3].travel is None
    assert ranked[4].travel == timedelta(minutes=10)


def test_of_an_unknown_place_nobody_pretends_to_know_the_way() -> None:
    (only,) = rank([mechanic("anna", base=1621)], 9999, on_call=())
    assert (only.place, only.travel, only.on_call) == ("Hoorn", None, False)
