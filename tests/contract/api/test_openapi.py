"""The interface keeps to the Dutch API design rules, and to its own document."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
# Run where it lies: it has a licence of its own and is not copied into the repository.
RULES = ROOT.parent / "shared" / "standards" / "nlgov-api-design-rules.yaml"
SPECTRAL = ROOT / "tests" / "node" / "node_modules" / ".bin" / "spectral"

CASE_ACTIONS = (
    *("accept", "reject", "visit", "quote", "client-side", "note", "decide", "close"),
    *("files", "support-file"),
)
ACTIONS = (
    *("assign", "under-way", "on-site", "nobody-near", "close", "change-priority", "appointment"),
    *("agree-later", "pause", "resume", "part", "sign", "offer-swap", "answer-swap"),
    *("report-calamity", "defect", "link", "merge", "split", "attachments"),
)


@pytest.fixture(scope="module")
def document() -> Any:
    app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"))
    return app.state.interface.openapi()


@pytest.mark.skipif(not RULES.exists(), reason=f"{RULES.name} is not in ../shared/standards")
def test_spectral_finds_no_error_against_the_nlgov_rules(document: Any, tmp_path: Path) -> None:
    if not SPECTRAL.exists():
        pytest.fail("run 'npm ci' in tests/node first ('make test' does)")
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document))
    found = subprocess.run(
        [SPECTRAL, "lint", "--ruleset", RULES, "--format", "json", "--quiet", file],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert json.loads(found.stdout or "[]") == [], found.stdout
    assert found.returncode == 0, found.stderr


@pytest.mark.skipif(not RULES.exists(), reason=f"{RULES.name} is not in ../shared/standards")
def test_spectral_would_find_an_error(document: Any, tmp_path: Path) -> None:
    if not SPECTRAL.exists():
        pytest.fail("run 'npm ci' in tests/node first ('make test' does)")
    broken = json.loads(json.dumps(document))
    del broken["paths"]["/devices"]["get"]["responses"]["200"]["headers"]
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(broken))
    found = subprocess.run(
        [SPECTRAL, "lint", "--ruleset", RULES, "--format", "json", file],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "nlgov:missing-header" in found.stdout
    assert found.returncode == 1


def test_names_are_lower_camel_case(document: Any) -> None:
    for name, schema in document["components"]["schemas"].items():
        for property_ in schema.get("properties", {}):
            assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", property_), f"{name}.{property_}"


def test_every_answer_that_is_no_success_is_a_problem(document: Any) -> None:
    count = 0
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["operationId"]
            for status, response in operation["responses"].items():
                if status >= "400":
                    count += 1
                    assert list(response["content"]) == ["application/problem+json"], (
                        path,
                        method,
                        status,
                    )
            assert "422" not in operation["responses"]
    assert count > 20


def test_the_whole_interface_is_there(document: Any) -> None:
    assert set(document["paths"]) == {
        "/health",
        "/devices",
        "/devices/{name}",
        "/devices/{name}/telemetry",
        "/devices/{name}/orders",
        "/devices/{name}/logbook",
        "/devices/{name}/logbook/document",
        "/devices/{name}/label",
        "/inspections",
        "/devices/{name}/register",
        "/devices/{name}/adaptations",
        "/devices/{name}/adaptations/{number}/removal",
        "/devices/{name}/remarks",
        "/devices/{name}/maintenance",
        "/tickets",
        "/tickets/{number}",
        "/tickets/{number}/acknowledge",
        "/tickets/{number}/note",
        "/tickets/{number}/confirm-release",
        "/tickets/{number}/repaired",
        *(f"/tickets/{{number}}/{action}" for action in ACTIONS),
        "/tickets/{number}/attachments/{attachment}",
        "/clients/{number}/contact",
        "/visits/sync",
        "/visits/{number}/photos",
        "/findings",
        "/enrolments",
        "/security-events",
        "/security-events/{number}/reviews",
        "/incidents",
        "/rota",
        "/rota/rotations",
        "/rota/rotations/{number}/end",
        "/rota/overrides",
        "/rota/swaps",
        "/ways",
        "/ways/order",
        "/ways/{number}",
        "/ways/{number}/tests",
        "/quiet-hours",
        "/test-messages/{number}",
        "/webhooks",
        "/webhooks/{number}",
        "/webhooks/{number}/secrets",
        "/webhooks/{number}/tests",
        "/tickets/{number}/deliveries",
        "/commissions",
        "/commissions/mix",
        "/commissions/{commission}",
        "/commissions/{commission}/events",
        "/commissions/{commission}/files",
        "/commissions/{commission}/files/{file}",
        "/failing-types",
        "/rejections",
        "/complaints",
        "/complaints/figures",
        "/complaints/{complaint}",
        "/complaints/{complaint}/take-up",
        "/complaints/{complaint}/handle",
        "/survey",
        "/survey/invitations",
        "/survey/answers",
        "/billing/proposals",
        "/billing/declarations",
        "/billing/declarations/{number}/message",
        "/billing/answers",
        "/billing/rejected",
        "/billing/rejected/{number}/settle",
        "/indicators",
        "/indicators/{key}/cases",
        "/reports",
        "/reports/{number}/workbook",
        "/reports/{number}/summary",
        "/file-comparisons",
        "/file-comparisons/{number}/workbook",
        "/live",
        "/privacy/retention",
        "/privacy/holds",
        "/privacy/holds/{number}",
        "/privacy/catalogue",
        "/privacy/data-act",
        "/privacy/looks",
        "/subject-requests",
        "/subject-requests/{number}",
        "/subject-requests/{number}/events",
        "/subject-requests/{number}/package",
        "/breaches",
        "/breaches/{number}",
        "/breaches/{number}/events",
        "/breaches/{number}/report-form",
        "/samples",
        "/samples/workbook",
        "/samples/comparisons",
        "/misuse-cases",
        "/misuse-cases/figures",
        "/misuse-cases/{number}",
        *(f"/misuse-cases/{{number}}/{action}" for action in CASE_ACTIONS),
        "/misuse-cases/{number}/files/{file}",
    }
    assert document["servers"][0]["url"] == "/v1"


def test_nothing_of_the_rules_is_in_the_repository() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git work tree")
    listed = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "nlgov-api-design-rules" not in listed.stdout
