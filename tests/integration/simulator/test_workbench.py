"""The controls over HTTP, and the panel in the terminal, with aids behind them."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from textual.widgets import DataTable, OptionList, Static

from gateway.protocol.messages import FaultEdge, Presence
from simulator.failures import Failure
from simulator.scenarios.vocabulary import Do
from simulator.workbench.client import ControlClient, ControlError
from simulator.workbench.http import ControlServer, create_app
from simulator.workbench.panel import Choose, Panel
from tests.integration.simulator.test_buses import said
from tests.integration.simulator.test_fleet import Listening, fleet_manifest, simulator
from tests.support.broker import Broker
from tests.support.platform import eventually
from tests.unit.simulator.workbench.aids import LIFT, SCOOTER, Workshop

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def workshop() -> Workshop:
    return Workshop()


@pytest.fixture
def url(workshop: Workshop) -> Iterator[str]:
    one_at_a_time = Lock()

    def call_soon(work: Any) -> None:
        with one_at_a_time:
            work()

    with ControlServer(create_app(workshop.controls, call_soon)) as server:
        yield server.url


def test_everything_by_http(url: str, workshop: Workshop) -> None:
    client = ControlClient(url + "/")
    assert [aid["device"] for aid in client.aids()] == [SCOOTER, LIFT]
    assert client.change(LIFT, "failures", "rail")["failures"] == ["rail"]
    assert client.change(LIFT, "failures", "rail", undo=True)["failures"] == []
    assert client.change(SCOOTER, "misuse", "lost")["misuse"] == ["lost"]
    assert client.change(SCOOTER, "misuse", "lost", undo=True)["misuse"] == []
    assert client.change(LIFT, "do", "sit_down")["reading"]["seat"] == 2
    assert client.change(LIFT, "do", "ride up")["device"] == LIFT
    assert not workshop.homes[LIFT].idle
    assert client.change(LIFT, "line", "down")["line_up"] is False
    assert client.change(LIFT, "modem", "dies")["modem_on"] is False
    assert client.change(LIFT, "mains", "fail")["mains"] is False
    assert client.change(LIFT, "clock", "jump_ahead")["clock_offset_ms"] > 0
    assert client.set_speed(1_000) == client.speed() == workshop.time.factor == 1_000
    assert client.names()["do"] == [one.value for one in Do]


def test_what_is_wrong_is_told(url: str) -> None:
    client = ControlClient(url)
    with pytest.raises(ControlError, match="sl-999999"):
        client.change("sl-999999", "failures", "rail")
    with pytest.raises(ControlError, match="scooter"):
        client.change(SCOOTER, "failures", "rail")
    with pytest.raises(ControlError, match="footrest_up_edge"):  # it lists what there is
        client.change(LIFT, "failures", "gremlins")
    with pytest.raises(ControlError):
        client.set_speed(5_000)
    with pytest.raises(ControlError):
        ControlClient("http://127.0.0.1:9").aids()
    with pytest.raises(ValueError, match="http://"):
        ControlClient("file:///etc")


def test_the_interface_describes_itself(url: str) -> None:
    with urllib.request.urlopen(url + "/openapi.json") as answer:
        paths = json.load(answer)["paths"]
    documented = (Path(__file__).parents[3] / "docs/simulator/workbench.md").read_text()
    for path in paths:
        assert f"`{path}`" in documented


async def test_the_panel_breaks_repairs_and_hurries(url: str, workshop: Workshop) -> None:
    panel = Panel(url)
    async with panel.run_test(size=(140, 40)) as pilot:
        table = panel.query_one(DataTable)
        await shown(pilot, lambda: table.row_count == 2)
        assert [str(row.value) for row in table.rows] == [SCOOTER, LIFT]
        await pilot.press("down", "f")
        await shown(pilot, lambda: isinstance(panel.screen, Choose))
        options = panel.screen.query_one(OptionList)
        place = options.get_option_index(Failure.DRIVE)
        await pilot.press(*["down"] * (place + 1 if options.highlighted is None else place))
        await pilot.press("enter")
        await shown(pilot, lambda: workshop.controls.state(LIFT).failures == ["drive"])
        await shown(pilot, lambda: "drive" in str(table.get_cell(LIFT, "what is wrong")))
        await shown(pilot, lambda: "drive" in str(panel.query_one("#detail", Static).render()))
        await pilot.press("r")
        await shown(pilot, lambda: isinstance(panel.screen, Choose))
        await pilot.press(
            *([] if panel.screen.query_one(OptionList).highlighted == 0 else ["down"])
        )
        await pilot.press("enter")
        await shown(pilot, lambda: workshop.controls.state(LIFT).failures == [])
        await pilot.press("plus")
        await shown(pilot, lambda: workshop.time.factor == 10)
        await shown(pilot, lambda: "10 times" in panel.sub_title)
        await pilot.press("d")
        await shown(pilot, lambda: isinstance(panel.screen, Choose))
        await pilot.press("escape")
        await shown(pilot, lambda: not isinstance(panel.screen, Choose))


async def test_a_panel_outlives_what_it_shows(workshop: Workshop) -> None:
    with ControlServer(create_app(workshop.controls, lambda work: work())) as server:
        panel = Panel(server.url)
        async with panel.run_test(size=(140, 40)) as pilot:
            await shown(pilot, lambda: panel.query_one(DataTable).row_count == 2)
            server.__exit__()
            await shown(pilot, lambda: server.url in panel.sub_title)
            assert panel.query_one(DataTable).row_count == 2


async def shown(pilot: Any, condition: Any) -> None:
    """Let the panel go on until ``condition`` holds."""
    for _ in range(1_000):  # a machine may be busy
        if condition():
            return
        await pilot.pause(0.05)
    raise AssertionError("not shown in time")


def test_any_fault_in_any_aid_of_a_running_fleet(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    log = tmp_path / "log"
    with (
        Broker(tmp_path / "broker") as broker,
        simulator(
            *("fleet", "--manifest", str(fleet_manifest(tmp_path, 3)), "--no-incidents"),
            *("--state", str(tmp_path / "state"), "--control", "0", "--outboxes", "memory"),
            url=broker.url,
            log=log,
        ),
    ):
        listening = Listening(broker)
        client = ControlClient(said(log, "control"))
        eventually(lambda: [a["connected"] for a in client.aids()] == [True] * 3, timeout_s=60)
        client.change("sl-000002", "failures", "isolator")
        eventually(lambda: [m for m in listening.of("sl-000002") if isinstance(m, FaultEdge)])
        client.change("sl-000003", "modem", "dies")
        eventually(lambda: listening.presences("sl-000003")[-1:] == [(False, "lost")])
        client.change("sl-000003", "modem", "starts")
        eventually(lambda: listening.presences("sl-000003")[-1:] == [(True, "connected")])
        # Its memory outlived it: the next session of the same outbox.
        sessions = [m for m in listening.of("sl-000003") if isinstance(m, Presence) and m.online]
        assert len({m.outbox for m in sessions}) == 1
        assert client.set_speed(20) == 20
        before = client.aids()[0]["device"]
        assert before == "sl-000001"
        listening.close()
    assert not list((tmp_path / "state").glob("*.outbox"))
