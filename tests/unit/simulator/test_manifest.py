from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from gateway.protocol.topics import is_device_name
from gateway.protocol.vocabulary import AidKind
from ingest.provisioning.manifest import read_manifest
from simulator import manifest
from simulator.dwelling import home_of


def test_the_same_seed_gives_the_same_fleet() -> None:
    first = list(manifest.records(size=50, seed=3))
    assert first == list(manifest.records(size=50, seed=3))
    assert first != list(manifest.records(size=50, seed=4))


def test_a_larger_fleet_begins_with_the_smaller_one() -> None:
    small = list(manifest.records(size=10, seed=3))
    assert list(manifest.records(size=100, seed=3))[:10] == small


def test_names_are_good_and_nobody_stands_there_twice() -> None:
    fleet = list(manifest.records(size=500, seed=1))
    assert all(is_device_name(aid.device) for aid in fleet)
    assert len({aid.device for aid in fleet}) == 500
    assert len({aid.client_number for aid in fleet}) == 500


def test_all_eight_municipalities_have_lifts_with_postcodes_of_their_own() -> None:
    fleet = list(manifest.records(size=2_000, seed=1))
    counts = Counter(aid.municipality_code for aid in fleet)
    assert len(counts) == 8
    assert counts["GM0637"] > counts["GM0405"] > counts["GM0432"]
    assert all((aid.postcode4 >= 2711) == (aid.municipality_code == "GM0637") for aid in fleet)
    assert not any(1790 <= aid.postcode4 <= 1797 for aid in fleet)


def test_an_island_address_on_request() -> None:
    fleet = list(manifest.records(size=10, seed=1, wadden=2))
    assert [aid.postcode4 == 1791 for aid in fleet] == [False] * 8 + [True] * 2


def test_the_rail_has_the_length_of_the_record() -> None:
    for aid in manifest.records(size=100, seed=2):
        assert aid.rail().length_m * 1000 == pytest.approx(aid.rail_length_mm)


def test_written_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "fleet.jsonl"
    manifest.write(path, size=20, seed=5)
    assert manifest.read(path) == list(manifest.records(size=20, seed=5))


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "fleet.jsonl"
    manifest.write(path, size=2, seed=5)
    path.write_text(path.read_text() + '{"device": 3}\n')
    with pytest.raises(ValueError, match=r"fleet\.jsonl:3: "):
        manifest.read(path)


def test_a_fleet_that_cannot_be_numbered_is_refused() -> None:
    with pytest.raises(ValueError, match="999999"):
        list(manifest.records(size=1_000_000, seed=1))


def test_a_mix_of_kinds_leaves_the_rest_as_it_is() -> None:
    lifts = list(manifest.records(size=400, seed=3))
    mixed = list(manifest.records(size=400, seed=3, mix=manifest.MIXED))
    assert mixed[0].kind == "stairlift"
    counts = Counter(aid.kind for aid in mixed)
    assert set(counts) == set(AidKind)
    assert counts["stairlift"] > 240
    assert [aid.postcode4 for aid in mixed] == [aid.postcode4 for aid in lifts]
    assert len({aid.device for aid in mixed}) == 400


def test_every_aid_is_fully_described_and_has_a_home() -> None:
    for aid in manifest.records(size=60, seed=4, mix=manifest.MIXED):
        assert aid.built_on is not None
        assert aid.lent_on is not None
        assert aid.serviced_on is not None
        assert aid.built_on <= min(aid.lent_on, aid.serviced_on)
        assert aid.max_load_kg is not None
        house = home_of(aid, seed=4)
        assert house.aid.kind == aid.kind
        assert house.read().hardware in {"", aid.serial_number}
        assert (aid.rail_length_mm is None) == (aid.kind != "stairlift")
        if aid.rail_length_mm is None:
            with pytest.raises(ValueError, match="no rail"):
                aid.rail()


def test_all_were_serviced_within_a_year_of_the_day_that_is_asked_for() -> None:
    today = date(2027, 3, 1)
    for one in manifest.records(size=50, seed=3, today=today):
        assert one.built_on
        assert one.serviced_on
        assert one.lent_on
        assert today - timedelta(days=365) < one.serviced_on < today
        assert one.built_on <= min(one.serviced_on, one.lent_on)


def test_batteries_have_their_years() -> None:
    fleet = manifest.records(size=60, seed=4)
    healths = {round(home_of(aid, seed=4).aid.battery.health, 3) for aid in fleet}
    assert len(healths) > 20
    assert min(healths) < 0.8


def test_the_platform_reads_what_the_simulator_writes(tmp_path: Path) -> None:
    path = tmp_path / "fleet.jsonl"
    manifest.write(path, size=40, seed=5, mix=manifest.MIXED)
    assert [aid.kind for aid in read_manifest(path)] == [
        aid.kind for aid in manifest.records(size=40, seed=5, mix=manifest.MIXED)
    ]
