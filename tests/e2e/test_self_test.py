"""The test lift calls through every part, and nobody is disturbed."""

from pathlib import Path

import pytest

from ingest.provisioning.manifest import TEST_LIFT
from tests.support.platform import Platform, eventually
from tests.support.rota import on_call


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_test_lift_calls_is_answered_and_closes_its_ticket_by_itself(tmp_path: Path) -> None:
    with Platform(tmp_path, [], {"LIFTWACHT_SELF_TEST_EVERY_S": "2"}) as platform:
        on_call(platform.database_url)
        probe = platform.add(
            "self-test",
            "diagnostics",
            "self-test",
            environment=platform.environment(TEST_LIFT) | {"LIFTWACHT_DATABASE_URL": ""},
        )
        done = "SELECT *, heard_at - called_at AS took FROM self_test ORDER BY ended_at"
        # The second one shows that the lift heard of the end of the first.
        first, second, *_ = eventually(
            lambda: (found := platform.rows(done))[1:] and found, what="two self-tests"
        )
        for test in (first, second):
            assert test["heard_at"] is not None
            assert 0 < test["took"].total_seconds() < 10
        tickets = platform.rows("SELECT test, closed_at FROM ticket ORDER BY ticket_id")
        assert all(ticket["test"] for ticket in tickets)
        assert tickets[0]["closed_at"] is not None
        assert platform.rows("SELECT FROM escalation") == []
        channels = platform.rows("SELECT DISTINCT channel FROM notification")
        assert channels == [{"channel": "lift"}]
        # The desk's own role does not see them at all.
        assert platform.get("/v1/tickets")["items"] == []
        assert platform.get("/v1/devices")["items"] == []
        assert platform.rows("SELECT FROM analysis_state") == []
        assert probe.stop() == 0
