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
from simulator.scenarios.model import Scenario, duration_ms
from tests.support.platform import REPOSITORY, Platform, Process, eventually

# Of everything in the library what is over by then, or certain; the rest is judged in virtual time,
# in test_scenarios.py.
WATCHED_S = 100
# What only real time can show, and takes a little longer: nobody hears of the lift any more.
SILENT = ("silent_line_lost", "silent_modem_dies")
JUDGES = {detector.name for detector in EMERGENCY}


def _soon(scenario: Scenario) -> bool:
    expect = scenario.expect
    if expect.since is None or expect.within is None:
        return scenario.duration_ms <= WATCHED_S * 1000 + 20_000
    return duration_ms(expect.since) + duration_ms(expect.within) <= WATCHED_S * 1000


LIBRARY = {
    name: one
    for name, one in library().items()
    if CATALOGUE[one.emergency_word].detector in JUDGES and (name in SILENT or _soon(one))
}


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


def play(platform: Platform, name: str, *scenarios: str) -> Process:
    """Let lifts live through ``scenarios``, each ``device=scenario``, in a process of that name."""
    return platform.add(
        name,
        *("simulator", "play", "--manifest", str(platform.manifest)),
        *("--certificates", str(platform.certificates)),
        *("--state", str(platform.directory / name), "--stay"),
        *scenarios,
        environment={"LIFTWACHT_MQTT_URL": platform.broker.url},
    )


def events(platform: Platform, ticket: int) -> list[str]:
    rows = platform.rows(
        "SELECT kind FROM ticket_event WHERE ticket_id = %s ORDER BY event_no", [ticket]
    )
    return [row["kind"] for row in rows]


def help_reaches_a_rider(platform: Platform, page: Page, device: str) -> None:
    """SOS → desk → lift hears → acknowledged → released by confirmation."""
    page.context.add_cookies(platform.person.browser_cookies(platform.desk))
    page.goto(platform.desk + "/")
    expect(page.get_by_text("Geen noodgevallen")).to_be_visible()
    lift = play(platform, "rider", f"{device}=sos_pressed")
    emergency = page.locator("article.emergency")
    expect(emergency).to_be_visible(timeout=60_000)  # without reloading
    expect(emergency).to_contain_text(device)
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
    lift.stop()


def whoever_needs_help_is_found(platform: Platform, page: Page, device_of: dict[str, str]) -> None:
    """Everything at once: each emergency has its ticket, and nothing that only looks like one."""
    lifts = play(platform, "lifts", *(f"{device}={name}" for device, name in device_of.items()))
    truth = platform.directory / "lifts" / "truth.jsonl"
    eventually(
        lambda: truth.exists() and len(truth.read_text().splitlines()) >= len(device_of),
        what="every scenario has begun",
    )
    begun = time.monotonic()
    expected = sorted(
        device for device, name in device_of.items() if LIBRARY[name].expect.emergency
    )

    def found() -> list[str]:
        tickets = platform.rows(
            "SELECT device.name FROM ticket JOIN device USING (device_id)"
            " WHERE priority = 1 AND device.name = ANY (%s)",
            [list(device_of)],
        )
        return sorted(ticket["name"] for ticket in tickets)

    eventually(lambda: len(found()) >= len(expected), timeout_s=240, what="all are found")
    # The others live on in real time: what is judged is in the database.
    time.sleep(max(0.0, begun + WATCHED_S - time.monotonic()))
    assert lifts.running, lifts.log
    assert found() == expected, platform.logs()
    # The desk has them all on its screen, each once.
    shown = page.locator("article.emergency h3 a").all_inner_texts()
    assert sorted(shown) == expected
    assert platform.rows("SELECT * FROM quarantine") == []
    live = [json.loads(line) for line in truth.read_text().splitlines()]
    assert {episode["what"] for episode in live} == set(device_of.values())


def built(directory: Path) -> Path:
    """Return a folder with our packages as the wheel has them: SQL, templates, catalogues, all."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheels, packages = directory / "wheels", directory / "packages"
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels)]
    subprocess.run([*pip, *build, str(REPOSITORY)], check=True)
    wheel = next(wheels.glob("liftwacht-*.whl"))
    install = ["install", "--no-deps", "--target", str(packages), str(wheel)]
    subprocess.run([*pip, *install], check=True)
    return packages


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_from_what_happens_on_the_stairs_to_the_desk_and_back(
    tmp_path: Path, dutch_page: Page
) -> None:
    names = sorted(LIBRARY)
    aids, device_of = fitting(names)
    rider = next(device for device, name in device_of.items() if name == "sos_pressed")
    with Platform(tmp_path / "run", aids, packages=built(tmp_path)) as platform:
        help_reaches_a_rider(platform, dutch_page, rider)
        del device_of[rider]
        whoever_needs_help_is_found(platform, dutch_page, device_of)
