import hashlib
import os
import subprocess
import sys
from datetime import datetime

import numpy as np
import pytest

from gateway.protocol.messages import Call, Condition, FaultEdge, Presence, Usage
from gateway.protocol.topics import Kind
from gateway.protocol.vocabulary import AidKind, Landing, Seat
from simulator.years import BEHAVIOURS, At, Fleet, Split, YearsAid, draw
from simulator.years.aids import Clock
from simulator.years.profiles import PROFILES
from simulator.years.writers import line_of

DAY_MS = 86_400_000


def usages(aid: YearsAid) -> list[Usage]:
    return [one.message for one in aid.said() if isinstance(one.message, Usage)]


def test_one_seed_gives_one_fleet_and_an_aid_does_not_depend_on_its_neighbours() -> None:
    small, large = draw(2, days=60, seed=9), draw(5, days=60, seed=9)
    assert [one.said() for one in small] == [large.aid(number).said() for number in (1, 2)]
    assert draw(1, days=60, seed=8).aid(1).said() != small.aid(1).said()


def test_the_fleet_is_the_same_in_every_process() -> None:
    program = (
        "import hashlib\n"
        "from simulator.years import draw\n"
        "from simulator.years.writers import line_of\n"
        "digest = hashlib.sha256()\n"
        "for aid in draw(3, days=40, seed=2):\n"
        "    digest.update(b''.join(map(line_of, aid.said())) + repr(aid.truth).encode())\n"
        "print(digest.hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        for hash_seed in ("1", "2")
    }
    here = hashlib.sha256()
    for aid in draw(3, days=40, seed=2):
        here.update(b"".join(map(line_of, aid.said())) + repr(aid.truth).encode())
    assert digests == {here.hexdigest() + "\n"}


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_messages_come_in_order_of_reception_and_say_only_what_the_controller_can(
    profile: str,
) -> None:
    aid = Fleet(size=1, days=90, seed=6, profile=profile, troubled=0).aid(1)
    said, sight = aid.said(), PROFILES[profile]
    assert list(said) == sorted(said, key=lambda one: one.received_ms)
    assert {one.kind for one in said} >= {Kind.USAGE, Kind.CONDITION, Kind.CALL, Kind.PRESENCE}
    for one in usages(aid):
        assert (one.mean_current_ma is not None) is sight.current
        assert (one.seat is not Seat.UNKNOWN) is sight.seat
        assert (one.load_kg is not None) is sight.weighs
        if not sight.landings:
            assert one.start_landing is one.end_landing is Landing.UNKNOWN
    for message in (one.message for one in said):
        if isinstance(message, FaultEdge):
            assert message.maker_code
        if isinstance(message, Condition):
            assert bool(message.hardware) is sight.digest
            assert (message.cycles is not None) is sight.counters


def test_a_chair_is_where_the_ride_before_left_it() -> None:
    fleet = draw(
        1, days=60, seed=7, profile="t498", moments={1: [At(behaviour="fine/two_people", first=0)]}
    )
    rides = fleet.aid(1).life.rides
    told = usages(fleet.aid(1))
    assert sum(one.seat is Seat.EMPTY for one in told) > 50
    ends = rides.at_ms + (rides.duration_s * 1000).astype(np.int64)
    assert (rides.at_ms[1:] > ends[:-1]).all()
    assert rides.landed.all()
    assert (rides.up[1:] != rides.up[:-1]).all()


def test_a_test_call_goes_out_every_72_hours() -> None:
    aid = Fleet(size=1, days=60, seed=3, profile="duo", troubled=0, look_alikes=0).aid(1)
    calls = [one.message for one in aid.said() if isinstance(one.message, Call)]
    assert 18 <= len(calls) <= 20
    assert {call.reason for call in calls} == {"test"}
    assert len({call.call_id for call in calls}) == len(calls)


def test_what_is_said_while_cut_off_comes_after_presence_with_its_number() -> None:
    fleet = draw(
        1,
        days=60,
        seed=1,
        profile="t498",
        moments={1: [At(behaviour="offline/card_expired", first=20, until=30)]},
    )
    aid = fleet.aid(1)
    (episode,) = (one for one in aid.truth if one.finding == "offline")
    began_ms = datetime.fromisoformat(episode.began).timestamp() * 1000
    assert episode.until is not None
    until_ms = datetime.fromisoformat(episode.until).timestamp() * 1000
    assert 9 * DAY_MS < until_ms - began_ms < 12 * DAY_MS
    silent = [one for one in aid.said() if began_ms + 700_000 < one.received_ms < until_ms]
    assert silent == []
    said = list(aid.said())
    back = next(n for n, one in enumerate(said) if one.received_ms >= until_ms)
    online = said[back].message
    assert isinstance(online, Presence)
    assert online.online
    backlog = [
        one.message.seq
        for one in said[back + 1 :]
        if isinstance(one.message, Usage | Condition | FaultEdge | Call)
        and one.message.seq <= online.head_seq
    ]
    assert len(backlog) > 20
    sessions = [one.message.session for one in said if isinstance(one.message, Presence)]
    assert sessions == sorted(sessions)


@pytest.mark.parametrize("clock", list(Clock))
def test_a_wrong_clock_shows_in_the_messages_and_in_presence_alike(clock: Clock) -> None:
    for aid in Fleet(size=200, days=5, seed=4, troubled=0):
        if aid.aid.clock is not clock or clock is Clock.RIGHT:
            continue
        skew_ms = 0
        for one in aid.said():
            if isinstance(one.message, Presence):
                if one.message.online:
                    skew_ms = one.message.time_ms - one.received_ms
            elif isinstance(one.message, Condition):
                late_ms = one.received_ms - (one.message.time_ms - skew_ms)
                assert -200_000 < late_ms < 2 * DAY_MS
        return
    assert clock is Clock.RIGHT


def test_a_worn_battery_gives_up_about_when_the_truth_says() -> None:
    near = []
    for seed in range(1, 13):
        fleet = draw(
            1,
            days=365,
            seed=seed,
            profile="t498",
            moments={1: [At(behaviour="battery_worn/slow_fade", first=40)]},
        )
        aid = fleet.aid(1)
        (episode,) = (one for one in aid.truth if one.finding == "battery_worn")
        assert episode.fails is not None
        fails_ms = datetime.fromisoformat(episode.fails).timestamp() * 1000
        rides, began_ms = aid.life.rides, aid.calendar.midnight_ms[40]
        flat = rides.at_ms[(rides.min_v <= 17.5) & (rides.at_ms > began_ms)]
        assert not (rides.min_v[rides.at_ms < began_ms] <= 17.5).any()
        if len(flat):
            near.append((fails_ms - flat[0]) / DAY_MS)
    assert len(near) >= 9
    assert all(-3 < days < 25 for days in near)


def test_a_worn_drive_takes_more_from_month_to_month() -> None:
    fleet = draw(
        1,
        days=300,
        seed=3,
        profile="duo",
        moments={1: [At(behaviour="drive_worn/dry_rail", first=60)]},
    )
    aid = fleet.aid(1)
    (episode,) = (one for one in aid.truth if one.finding == "drive_worn")
    assert episode.fails is not None
    fails_day = aid.spells[0].fails
    assert fails_day is not None
    rides = aid.life.rides
    up = rides.up & (rides.load_kg > 40)
    before = rides.mean_a[up & (rides.day < 60)].mean()
    last = rides.mean_a[up & (rides.day > fails_day - 10) & (rides.day <= fails_day)].mean()
    assert last > 1.4 * before


def test_a_street_goes_dark_together() -> None:
    fleet = Fleet(size=60, days=365, seed=1, troubled=0, look_alikes=0)
    dark = {postcode: times for postcode, times in fleet.dark.items() if times}
    assert dark
    aids = [fleet.aid(number) for number in range(1, 61)]
    streets = [[one for one in aids if one.aid.postcode4 == postcode] for postcode in dark]
    hit = max(streets, key=len)[:4]
    times = dark[hit[0].aid.postcode4]
    assert len(hit) >= 3
    for one in hit:
        (episode, *_) = (e for e in one.truth if e.behaviour == "fine/power_cut_in_street")
        assert datetime.fromisoformat(episode.began).timestamp() * 1000 == times[0][0]
        lost = [
            said.received_ms
            for said in one.said()
            if isinstance(said.message, Presence) and not said.message.online
        ]
        assert any(abs(at_ms - times[0][0]) < 300_000 for at_ms in lost)


def test_readings_of_a_parked_aid_count_as_heard_but_not_while_it_is_cut_off_or_mute() -> None:
    def aid_with(name: str) -> YearsAid:
        at = At(behaviour=name, first=20, until=30)
        return draw(1, days=60, seed=8, profile="duo", moments={1: [at]}).aid(1)

    for name in ("offline/card_expired", "mute/watch_hangs"):
        aid = aid_with(name)
        middle_ms = int(aid.calendar.midnight_ms[26])
        heard_ms = aid.last_heard_ms(middle_ms)
        assert heard_ms is not None
        assert 3 * DAY_MS < middle_ms - heard_ms < 7 * DAY_MS
    aid = Fleet(size=1, days=60, seed=8, profile="duo", troubled=0, look_alikes=0).aid(1)
    late_ms = [
        at_ms - (aid.last_heard_ms(at_ms) or 0)
        for at_ms in range(int(aid.calendar.midnight_ms[1]), aid.calendar.end_ms, 7 * 3_600_000)
    ]
    assert sum(late > 900_000 for late in late_ms) < len(late_ms) / 5
    assert aid.last_heard_ms(int(aid.calendar.midnight_ms[0]) - 1) is None


def test_only_behaviours_of_the_split_are_drawn() -> None:
    for split in Split:
        fleet = Fleet(size=40, days=200, seed=5, split=split, troubled=1.0, look_alikes=2.0)
        for aid in fleet:
            for spell in aid.spells:
                assert spell.behaviour.split is split
                assert spell.behaviour.visible(aid.aid.profile)
                assert aid.aid.kind in spell.behaviour.kinds


def test_behaviours_come_by_rate() -> None:
    fleet = Fleet(size=60, days=60, rates={"unused/moved_out": 0.5}, kinds={AidKind.HOIST: 1})
    found = [[spell.behaviour.name for spell in aid.spells] for aid in fleet]
    assert {name for names in found for name in names} == {"unused/moved_out"}
    assert 15 < sum(map(len, found)) < 45


def test_what_is_really_so_is_forbidden_by_nothing_else_drawn() -> None:
    for aid in Fleet(size=150, days=120, seed=6, troubled=1.0, look_alikes=3.0):
        real = {spell.behaviour.finding for spell in aid.spells} - {""}
        forbidden = {word for spell in aid.spells for word in spell.behaviour.forbidden}
        assert not real & forbidden


def test_the_register_changes_when_the_client_does() -> None:
    fleet = draw(
        1, days=200, seed=2, profile="duo", moments={1: [At(behaviour="fine/new_client", first=80)]}
    )
    register = fleet.aid(1).register
    assert [one.since_ms for one in register] == sorted(one.since_ms for one in register)
    assert len({one.client_number for one in register}) == 2
    at_end = fleet.aid(1).record_at(10**15)
    assert at_end.lent_on is not None
    assert register[0].lent_on is not None
    assert at_end.lent_on > register[0].lent_on
    assert fleet.aid(1).record == register[0]


def test_numbers_outside_the_fleet_are_refused() -> None:
    with pytest.raises(IndexError, match="1 to 3"):
        draw(3, days=10).aid(4)
    assert "battery_worn/slow_fade" in BEHAVIOURS


def test_what_is_gone_is_serviced_when_it_is_home_again_or_never() -> None:
    scooters = Fleet(
        size=40,
        days=500,
        seed=3,
        kinds={AidKind.SCOOTER: 1.0},
        moments={number: [At(behaviour="lost/sold", first=30)] for number in range(1, 41)},
    )
    for aid in scooters:
        sold_ms = aid.register[0].since_ms + 30 * DAY_MS
        dates = {one.serviced_on for one in aid.register if one.since_ms > sold_ms}
        assert dates <= {one.serviced_on for one in aid.register if one.since_ms <= sold_ms}
    usual = Fleet(
        size=40,
        days=500,
        seed=3,
        kinds={AidKind.SCOOTER: 1.0},
        moments=dict.fromkeys(range(1, 41), ()),
    )
    assert all(len({one.serviced_on for one in aid.register}) > 1 for aid in usual)


def test_what_would_begin_after_the_run_is_not_in_it() -> None:
    late = {1: [At(behaviour="fine/two_birthdays", first=1, until=77)]}
    aid = Fleet(size=1, days=1, seed=1, kinds={AidKind.STAIRLIFT: 1.0}, moments=late).aid(1)
    assert aid.said()
    assert not aid.truth
