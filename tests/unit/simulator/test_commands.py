import json
from pathlib import Path

import pytest

from simulator.__main__ import link_settings, main
from simulator.failures import Failure
from simulator.manifest import MIXED, records
from simulator.misuse import Misuse


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["liftwacht-simulator", *arguments])
    return main()


def test_the_manifest_is_printed_one_aid_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "manifest", "--size", "9", "--seed", "9") == 0
    devices = [json.loads(line)["device"] for line in capsys.readouterr().out.splitlines()]
    assert devices == [aid.device for aid in records(size=9, seed=9, mix=MIXED)]


@pytest.mark.parametrize(
    ("mix", "prefixes"), [("stairlifts", {"sl"}), ("hoist=1,scooter=1", {"ho", "sc"})]
)
def test_the_mix_is_chosen(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    mix: str,
    prefixes: set[str],
) -> None:
    assert run(monkeypatch, "manifest", "--size", "30", "--mix", mix) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {json.loads(line)["device"][:2] for line in lines} == prefixes
    assert run(monkeypatch, "manifest", "--size", "1", "--mix", "many") == 2
    assert run(monkeypatch, "manifest", "--size", "1", "--mix", "bicycle=1") == 2


def test_what_can_fail_is_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "failures") == 0
    out = capsys.readouterr().out
    assert all(word in out for word in (*Failure, *Misuse))


def test_the_library_is_listed_with_its_labels(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "scenarios", "--json") == 0
    listed = {
        entry["name"]: entry for entry in map(json.loads, capsys.readouterr().out.splitlines())
    }
    assert listed["sos_pressed"]["expect"]["emergency"] is True
    assert listed["chosen_pause"]["expect"]["emergency"] is False


def test_a_bad_scenario_file_ends_with_code_2_and_says_where(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("name: bad\n")
    assert run(monkeypatch, "check", str(path)) == 2
    assert run(monkeypatch, "run", str(path)) == 2
    assert capsys.readouterr().err.count(f"{path}:1: ") == 2


def test_the_brokers_address_comes_from_the_environment() -> None:
    settings = link_settings(
        {"LIFTWACHT_MQTT_URL": "mqtts://broker.example:9", "LIFTWACHT_MQTT_PROTOCOL": "3.1.1"}
    )
    assert (settings.host, settings.port, settings.version) == ("broker.example", 9, "3.1.1")
    assert link_settings({"LIFTWACHT_MQTT_URL": "mqtts://b"}).port == 8883
    assert link_settings({"LIFTWACHT_MQTT_URL": "mqtt://b"}).port == 1883


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"LIFTWACHT_MQTT_URL": "http://b"},
        {"LIFTWACHT_MQTT_URL": "mqtt://b", "LIFTWACHT_MQTT_PROTOCOL": "4"},
    ],
)
def test_a_wrong_address_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="LIFTWACHT_MQTT"):
        link_settings(environment)


def test_tls_needs_certificates(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("LIFTWACHT_MQTT_URL", "mqtts://localhost:1")
    fleet = tmp_path / "fleet.jsonl"
    fleet.touch()
    assert run(monkeypatch, "fleet", "--manifest", str(fleet), "--state", str(tmp_path)) == 2
    assert "--certificates" in capsys.readouterr().err
