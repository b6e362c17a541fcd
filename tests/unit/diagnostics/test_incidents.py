"""Losses of one area in, one incident out."""

from msgspec.structs import replace

from diagnostics.incidents import Incident, Limits, Loss, group, needed
from tests.support.facts import at

AREA = 1621
AIDS = {AREA: 20, 1622: 20}


def lost(device_id: int, seconds: float, *, area: int = AREA, back: float | None = None) -> Loss:
    return Loss(
        device_id=device_id,
        area=area,
        lost_at=at(seconds),
        back_at=None if back is None else at(back),
    )


def outage(count: int, *, area: int = AREA, first: int = 1) -> list[Loss]:
    return [lost(first + number, number * 10, area=area) for number in range(count)]


def the(incidents: tuple[Incident, ...]) -> Incident:
    (incident,) = incidents
    return incident


def test_many_of_an_area_together_are_one_incident() -> None:
    incident = the(group(outage(8), AIDS, (), at(200)))
    assert incident.since == at(0)
    assert incident.offline == 8
    assert incident.ended_at is None
    assert incident.explains(3, at(20))
    assert not incident.explains(99, at(20))


def test_too_few_are_none() -> None:
    assert group(outage(4), AIDS, (), at(200)) == ()


def test_the_larger_the_area_the_more_it_takes() -> None:
    assert needed(3, Limits()) >= 3
    assert needed(400, Limits()) == 100
    assert group(outage(8), {AREA: 400}, (), at(200)) == ()


def test_losses_that_do_not_last_are_none() -> None:
    flicker = [replace(loss, back_at=at(100)) for loss in outage(8)]
    assert group(flicker, AIDS, (), at(200)) == ()
    assert group(outage(8), AIDS, (), at(75)) == ()  # not yet


def test_losses_far_apart_are_none() -> None:
    spread = [lost(number, number * 400) for number in range(8)]
    assert group(spread, AIDS, (), at(10_000)) == ()


def test_each_area_has_its_own() -> None:
    both = outage(8) + outage(8, area=1622, first=100)
    assert [incident.area for incident in group(both, AIDS, (), at(200))] == [AREA, 1622]
    split = outage(4) + outage(4, area=1622, first=100)
    assert group(split, AIDS, (), at(200)) == ()


def test_it_grows_and_keeps_its_name() -> None:
    first = the(group(outage(6), AIDS, (), at(200)))
    grown = the(group([*outage(6), lost(50, 1_500)], AIDS, [first], at(1_600)))
    assert grown.key == first.key
    assert grown.offline == 7


def test_who_was_away_before_has_nothing_to_do_with_it() -> None:
    incident = the(group([*outage(6), lost(50, -5_000)], AIDS, (), at(200)))
    assert 50 not in {member.device_id for member in incident.members}


def test_nothing_new_changes_nothing() -> None:
    incident = the(group(outage(6), AIDS, (), at(200)))
    assert group(outage(6), AIDS, [incident], at(5_000)) == ()
    assert group((), AIDS, [incident], at(5_000)) == ()


def test_it_ends_when_nearly_all_are_back() -> None:
    incident = the(group(outage(10), AIDS, (), at(200)))
    half = [replace(loss, back_at=at(3_000 + loss.device_id)) for loss in outage(5)]
    lasting = the(group(half, AIDS, [incident], at(3_100)))
    assert lasting.ended_at is None
    most = [replace(loss, back_at=at(3_000 + loss.device_id)) for loss in outage(8)]
    ended = the(group(most, AIDS, [lasting], at(3_100)))
    assert ended.ended_at == at(3_008)
    assert ended.offline == 2
    assert not ended.explains(10, at(90))


def test_who_is_lost_again_is_away_again() -> None:
    incident = the(group(outage(6), AIDS, (), at(200)))
    again = the(group([lost(1, 900)], AIDS, [incident], at(1_000)))
    assert again.explains(1, at(900))
    assert not again.explains(1, at(0))


def test_order_and_duplicates_change_nothing() -> None:
    losses = outage(8)
    older = [lost(1, -900, back=-800)]
    assert group([*reversed(losses), *older, *losses], AIDS, (), at(200)) == group(
        losses, AIDS, (), at(200)
    )


def test_an_area_nobody_counted_is_as_large_as_its_losses() -> None:
    assert the(group(outage(8), {}, (), at(200))).aids == 0
