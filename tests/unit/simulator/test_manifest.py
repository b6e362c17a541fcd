from collections import Counter
from pathlib import Path

import pytest

from gateway.protocol.topics import is_device_name
from simulator import manifest


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
