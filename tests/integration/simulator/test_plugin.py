"""The pytest plugin as another team has it: their test files, in a process of their own."""

import importlib.metadata
from pathlib import Path

import pytest

from tests.support.broker import Broker

pytestmark = pytest.mark.timeout(180)
pytest_plugins = ["pytester"]


@pytest.fixture
def theirs(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\naddopts = --strict-markers -p no:asyncio\nfilterwarnings = error\n")
    return pytester


def run(theirs: pytest.Pytester, code: str, *arguments: str) -> pytest.RunResult:
    theirs.makepyfile(code)
    return theirs.runpytest_subprocess(*arguments)


def test_it_is_registered_with_pytest() -> None:
    found = importlib.metadata.entry_points(group="pytest11", name="liftwacht")
    assert [one.value for one in found] == ["simulator.plugin"]


def test_a_stuck_lift_in_three_lines(theirs: pytest.Pytester) -> None:
    run(
        theirs,
        """
        from gateway.protocol.messages import Call, Usage

        def test_call(simulated_aid):
            aid = simulated_aid("stairlift").do("sit_down").do("ride up").wait("8s").fail("drive")
            assert any(call.reason == "drive_refused" for call in aid.wait("90s").said(Call))

        def test_ride(simulated_aid):
            aid = simulated_aid().do("sit_down").do("ride up").wait("3m")
            (ride,) = aid.said(Usage)
            assert ride.direction == "up"
            assert all(call.reason == "test" for call in aid.said(Call))
            times = [one.received_ms for one in aid.heard]
            assert times == sorted(times)

        def test_scenario(simulated_aid):
            aid = simulated_aid(scenario="sos_pressed").wait("2m")
            assert aid.said(Call)[0].reason == "sos"

        def test_others(simulated_aid):
            for kind in ("scooter", "wheelchair", "hoist"):
                aid = simulated_aid(kind).surround(mains="fail").wait("1m").repair("charger")
                assert aid.heard and aid.home.aid.kind == kind

        def test_words_that_are_none(simulated_aid):
            import pytest
            for wrong in (lambda a: a.do("fly"), lambda a: a.fail("motor"),
                          lambda a: a.misuse("lost"), lambda a: a.surround(line="wet")):
                with pytest.raises(ValueError):
                    wrong(simulated_aid())

        def test_same_seed_same_words(simulated_aid):
            said = [simulated_aid(seed=7).do("sit_down").wait("20s").heard for _ in range(2)]
            assert said[0] == said[1]
        """,
    ).assert_outcomes(passed=6)


def test_a_fleet_without_a_broker(theirs: pytest.Pytester) -> None:
    run(
        theirs,
        """
        def test_fleet(simulated_fleet):
            said = simulated_fleet(size=3, days=0.5, mix="stairlifts")
            assert {one.device for one in said} == {f"sl-{n:06d}" for n in (1, 2, 3)}
            assert [one.received_ms for one in said] == sorted(one.received_ms for one in said)
            assert {one.kind for one in said} >= {"presence", "status", "usage"}
        """,
    ).assert_outcomes(passed=1)


def test_a_live_fleet_on_their_broker(theirs: pytest.Pytester, tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with Broker(tmp_path / "broker") as broker:
        run(
            theirs,
            f"""
            from simulator.failures import Failure

            def test_live(simulated_fleet):
                fleet = simulated_fleet(size=4, broker="{broker.url}").wait_connected()
                state = fleet.act("fail", fleet.devices[2], Failure.BUS)
                assert fleet.act("state", fleet.devices[2]).reading is None
            """,
        ).assert_outcomes(passed=1)


def test_it_costs_nothing_until_it_is_used(theirs: pytest.Pytester) -> None:
    run(
        theirs,
        """
        import sys

        def test_nothing():
            loaded = {name for name in sys.modules if name.startswith(("simulator", "gateway"))}
            assert loaded <= {"simulator", "simulator.plugin"}
            assert "numpy" not in sys.modules and "paho" not in sys.modules
        """,
    ).assert_outcomes(passed=1)
