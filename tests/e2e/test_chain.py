"""From a simulated lift to a ticket on the desk's screen, and back: every part real, in real time.

The lifts are those of ``simulator.scenarios``, under the real gateway code, over TLS with a
certificate each; mosquitto applies the access list; the page is open in Chromium.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect

from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.registry import EMERGENCY
from gateway.protocol.vocabulary import AidKind
from simulator.manifest import records
from simulator.scenarios.loader import library
from tests.support.platform import REPOSITORY, Platform, Process, eventually

# Two minutes of what happens, and what it takes to become certain of a silence.
WATCHED_S = 185
# What takes longer is judged in virtual time, in test_scenarios.py.
LONGEST_MS = 300_000
LIBRARY = {
    name: one
    for name, one in library().items()
    if one.duration_ms <= LONGEST_MS
    and CATALOGUE[one.emergency_word].detector in {detector.name for detector in EMERGENCY}
}


def manifest(size: int) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(aid) for aid in records(size=size, seed=1)]


def fitting(names: Sequence[str]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return a manifest with an aid of the right kind for each scenario, and whose is whose."""
    aids: list[dict[str, Any]] = []
    device_of: dict[str, str] = {}
    for kind in AidKind:
        wanted = [name for name in names if LIBRARY[name].kind is kind]
        made = records(size=len(wanted), seed=len(aids), mix={kind: 1.0})
        for name, aid in zip(wanted, made, strict=True):
            number = f"C-{len(aids):05d}"  # a client of its own
            aids.append(msgspec.to_builtins(aid) | {"client_number": number})
            device_of[aid.device] = name
    return aids, device_of


def play(platform: Platform, scenarios: Sequence[str]) -> Process:
    """Let lifts live through ``scenarios``: the first on the first lift, and so on."""
    return platform.add(
        "lifts",
        *("simulator", "play", "--manifest", str(platform.manifest)),
        *("--certificates", str(platform.certificates)),
        *("--state", str(platform.directory / "lifts"), "--stay"),
        *scenarios,
        environment={"LIFTWACHT_MQTT_URL": platform.broker.url},
    )


def open_tickets(platform: Platform) -> list[dict[str, Any]]:
    tickets: list[dict[str, Any]] = platform.get("/v1/tickets?priority=1&status=open")["items"]
    return tickets


def events(platform: Platform, ticket: int) -> list[str]:
    rows = platform.rows(
        "SELECT kind FROM ticket_event WHERE ticket_id = %s ORDER BY event_no", [ticket]
    )
    return [row["kind"] for row in rows]


def help_reaches_a_rider(platform: Platform, page: Page) -> None:
    """SOS → desk → lift hears → acknowledged → released by confirmation → next call, new ticket."""
    page.context.add_cookies(platform.person.browser_cookies(platform.desk))
    page.goto(platform.desk + "/")
    expect(page.get_by_text("Geen noodgevallen")).to_be_visible()
    play(platform, ["sos_pressed"])
    emergency = page.locator("article.emergency")
    expect(emergency).to_be_visible(timeout=60_000)  # without reloading
    expect(emergency).to_contain_text("sl-000001")
    expect(emergency).to_contain_text("noodknop")
    ticket = platform.rows("SELECT * FROM ticket")[0]
    assert ticket["priority"] == 1
    # It takes the platform less than a second from the evidence to the ticket.
    assert (ticket["opened_at"] - ticket["evidence_at"]).total_seconds() < 1
    heard = "the lift said that its rider knows"
    eventually(lambda: "lift_heard" in events(platform, ticket["ticket_id"]), what=heard)

    page.keyboard.press("a")
    expect(page.locator("article.emergency.taken-on")).to_be_visible()
    eventually(lambda: "acknowledged" in events(platform, ticket["ticket_id"]), what="taken on")

    detail = platform.get(f"/v1/tickets/{ticket['ticket_id']}")
    body = {
        "how": "client_by_phone",
        "aidWorks": True,
        "version": detail["version"],
    }
    platform.post(f"/v1/tickets/{ticket['ticket_id']}/confirm-release", body)
    expect(page.locator("article.emergency")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.timeout(700)
def test_a_rider_presses_sos_and_hears_that_help_is_coming(
    tmp_path: Path, dutch_page: Page
) -> None:
    """From the built wheel: what ships is complete, SQL, templates, catalogues and all."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheels, packages = tmp_path / "wheels", tmp_path / "packages"
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels)]
    subprocess.run([*pip, *build, str(REPOSITORY)], check=True)
    wheel = next(wheels.glob("liftwacht-*.whl"))
    install = ["install", "--no-deps", "--target", str(packages), str(wheel)]
    subprocess.run([*pip, *install], check=True)
    with Platform(tmp_path / "run", manifest(1), packages=packages) as platform:
        help_reaches_a_rider(platform, dutch_page)


@pytest.mark.slow
@pytest.mark.timeout(700)
def test_every_scenario_live(tmp_path: Path, dutch_page: Page) -> None:
    names = sorted(LIBRARY)
    aids, device_of = fitting(names)
    with Platform(tmp_path, aids) as platform:
        dutch_page.context.add_cookies(platform.person.browser_cookies(platform.desk))
        dutch_page.goto(platform.desk + "/")
        lifts = play(platform, [f"{device}={name}" for device, name in device_of.items()])
        truth = tmp_path / "lifts" / "truth.jsonl"
        eventually(
            lambda: truth.exists() and len(truth.read_text().splitlines()) >= len(names),
            what="every scenario has begun",
        )
        time.sleep(WATCHED_S)  # the lifts live in real time; what is judged is in the database
        assert lifts.running, lifts.log
        tickets = platform.rows(
            "SELECT device.name FROM ticket JOIN device USING (device_id) WHERE priority = 1"
        )
        found = sorted(device_of[ticket["name"]] for ticket in tickets)
        expected = sorted(name for name in names if LIBRARY[name].expect.emergency)
        assert found == expected, platform.logs()
        # The desk has them all on its screen, each once.
        shown = dutch_page.locator("article.emergency h3 a").all_inner_texts()
        assert sorted(device_of[device] for device in shown) == expected
        assert platform.rows("SELECT * FROM quarantine") == []
        live = [json.loads(line) for line in truth.read_text().splitlines()]
        assert {episode["what"] for episode in live} == set(names)
