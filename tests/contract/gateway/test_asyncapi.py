"""The published contract is what the code does, and is valid by AsyncAPI's own parser."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.protocol.asyncapi import document
from gateway.protocol.topics import Kind

REPOSITORY = Path(__file__).parents[3]
COMMITTED = REPOSITORY / "docs" / "protocol" / "asyncapi.json"
NODE = REPOSITORY / "tests" / "node"


def test_committed_document_is_what_the_code_generates() -> None:
    generated = subprocess.run(
        [sys.executable, "-m", "gateway.protocol.asyncapi"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert COMMITTED.read_text() == generated, (
        "run: python -m gateway.protocol.asyncapi > docs/protocol/asyncapi.json"
    )


def test_every_kind_has_a_channel_an_operation_and_a_message() -> None:
    content = document()
    for part in (content["channels"], content["operations"], content["components"]["messages"]):
        assert set(part) == {kind.value for kind in Kind}


def validate(path: Path) -> tuple[int, list[dict[str, object]]]:
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules" / "@asyncapi" / "parser").is_dir():
        pytest.skip("needs Node and `npm ci` in tests/node")
    run = subprocess.run(
        [node, str(NODE / "validate-asyncapi.mjs"), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout, run.stderr
    return run.returncode, json.loads(run.stdout)


def test_document_is_valid() -> None:
    code, findings = validate(COMMITTED)
    assert (code, findings) == (0, [])


def test_validator_would_find_an_error(tmp_path: Path) -> None:
    content = document()
    del content["channels"]["call"]["messages"]["call"]["$ref"]
    content["operations"]["call"]["channel"]["$ref"] = "#/channels/nowhere"
    broken = tmp_path / "asyncapi.json"
    broken.write_text(json.dumps(content))
    code, findings = validate(broken)
    assert code == 1
    assert findings
