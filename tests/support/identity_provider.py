"""A real OpenID provider, from ``tests/node``."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.timescale import NODE_DIRECTORY

SECRET = "shared with the provider alone"  # noqa: S105


@contextmanager
def identity_provider(back_to: str, people: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Run a provider that knows ``people`` by login, and give its issuer."""
    node = shutil.which("node")
    if node is None or not (NODE_DIRECTORY / "node_modules" / "oidc-provider").is_dir():
        pytest.fail("run 'npm ci' in tests/node first ('make test' does)")
    with subprocess.Popen(
        [node, "identity-provider.mjs", back_to, SECRET, json.dumps(people)],
        cwd=NODE_DIRECTORY,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield f"http://localhost:{json.loads(process.stdout.readline())['port']}"
        finally:
            process.terminate()


def configuration(file: Path, issuer: str, **more: Any) -> Path:
    """Write the configuration of that provider to ``file``."""
    provider = {
        "name": "city",
        "label": "Gemeente",
        "issuer": issuer,
        "client_id": "liftwacht",
        "client_secret": SECRET,
    }
    file.write_text(json.dumps([provider | more]))
    return file
