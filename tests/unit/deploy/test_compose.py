"""docker-compose.yml and the image, as far as can be told without a Docker engine."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.__main__ import KEEP_ALIVE_S
from api.settings import Settings
from benchmarks.emergency import LOG_SIZES
from diagnostics.settings import DiagnosticsSettings, SelfTestSettings
from ingest.provisioning.authority import Authority
from ingest.provisioning.manifest import NODE
from ingest.settings import IngestSettings, RegistrarSettings
from tests.support.broker import REPOSITORY

BIN = Path(sys.executable).parent
COMPOSE = REPOSITORY / "docker-compose.yml"
Service = dict[str, Any]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return found


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Service]:
    found: dict[str, Service] = compose["services"]
    return found


def run(*command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=REPOSITORY,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_what_the_compose_specification_says() -> None:
    checked = run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)
    assert checked.returncode == 0, checked.stdout


def test_the_image_passes_the_linter() -> None:
    checked = run(BIN / "hadolint", "deploy/Dockerfile")
    assert checked.returncode == 0, checked.stdout


def test_the_proxy_takes_its_configuration() -> None:
    checked = run(
        BIN / "caddy", "validate", "--config", "deploy/caddy/Caddyfile", PUBLIC_HOST="x.example"
    )
    assert checked.returncode == 0, checked.stderr


def test_the_proxy_gives_up_an_idle_connection_before_the_service_does() -> None:
    adapted = run(BIN / "caddy", "adapt", "--config", "deploy/caddy/Caddyfile", PUBLIC_HOST="x.nl")
    idle = re.findall(r'"idle_timeout":(\d+)', adapted.stdout)
    nanoseconds = min(map(int, idle))  # the other is for whoever comes from outside
    assert len(idle) == 2, adapted.stdout
    assert nanoseconds / 1e9 < KEEP_ALIVE_S - 5


def test_no_service_may_more_than_it_needs(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name
        assert {"mem_limit", "cpus", "pids_limit"} <= service.keys(), name
        assert "network_mode" not in service, name
        assert "privileged" not in service, name
        # The database's image gives up root by itself; the passwords' reads a file of another's.
        user = service.get("user", "root")
        assert user not in ("root", "0") or name in ("database", "passwords"), name
        for secret, value in service.get("environment", {}).items():
            assert not re.search("PASSWORD|TOKEN|SECRET", secret) or re.search(
                r"^/run/secrets/|^$|_(FILE|KEYS):?$", f"{value}"
            ), f"{name}: {secret} is in the environment"


def test_whoever_stays_says_whether_it_is_well(services: dict[str, Service]) -> None:
    staying = {name for name, service in services.items() if service["restart"] != "no"}
    assert {"migrate", "passwords", "provision"}.isdisjoint(staying)
    assert {name for name in staying if "healthcheck" not in services[name]} == set()


def test_what_it_names_exists(compose: dict[str, Any], services: dict[str, Service]) -> None:
    for name, service in services.items():
        for waited_for in service.get("depends_on", {}):
            assert waited_for in services, name
        for secret in service.get("secrets", []):
            assert secret in compose["secrets"], name
        for network in service["networks"]:
            assert network in compose["networks"], name
        for source in (volume.split(":")[0] for volume in service.get("volumes", [])):
            if source.startswith("./"):
                assert (REPOSITORY / source).exists(), f"{name}: {source}"
            elif not source.startswith("$"):
                assert source in compose["volumes"], f"{name}: {source}"
    prepared = (REPOSITORY / "deploy" / "compose" / "prepare").read_text()
    for secret in compose["secrets"]:
        assert secret.partition(".")[0] in prepared, f"nothing makes {secret}"


def test_it_can_start(services: dict[str, Service]) -> None:
    """Nobody waits for somebody who waits for them, or for the health of one who has none."""
    started: list[str] = []
    waiting = dict(services)
    while waiting:
        ready = [
            name
            for name, service in waiting.items()
            if set(service.get("depends_on", {})) <= set(started)
        ]
        assert ready, f"they wait for each other: {sorted(waiting)}"
        started += ready
        for name in ready:
            del waiting[name]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[other], f"{name} waits for {other}"
            # Who is always there cannot wait for one that is there at times.
            others = services[other].get("profiles", [])
            assert others in ([], service.get("profiles")), f"{name} waits for {other}"


def test_the_nodes_of_jetstream_know_each_other_and_take_their_configuration(
    services: dict[str, Service], tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    nodes = {name: each for name, each in services.items() if name.startswith("nats-")}
    told = services["provision"]["command"]
    hosts = [word.partition("=")[2] for word in told if word.startswith("--node-host=")]
    assert len(nodes) == 3
    assert hosts == list(nodes)
    authority = Authority.open(tmp_path, now=now)
    assert authority.issue_node(NODE, tuple(hosts), now=now)
    stores = set()
    for name, node in nodes.items():
        environment = node["environment"]
        assert environment["NATS_NAME"] == name
        assert environment["NATS_LISTEN"].endswith(":4222")
        assert (
            environment["NATS_ROUTES"] == f"[{', '.join(f'nats-route://{n}:6222' for n in nodes)}]"
        )
        (store,) = {each.split(":")[0] for each in node["volumes"] if each.endswith(":/store")}
        stores.add(store)
        here = {
            key: value.replace("/certificates", str(tmp_path)).replace("/store", str(tmp_path))
            for key, value in environment.items()
        }
        checked = run(BIN / "nats-server", "--config", "deploy/nats/node.conf", "-t", **here)
        assert checked.returncode == 0, checked.stderr
    assert len(stores) == 3
    bridge = services["bridge"]["environment"]
    assert bridge["LIFTWACHT_NATS_URL"] == ",".join(f"tls://{name}:4222" for name in nodes)
    shared = {"LIFTWACHT_MQTT_URL", "LIFTWACHT_MQTT_CERT", "LIFTWACHT_DATABASE_URL"}
    assert {bridge[key] for key in shared} == {
        services["ingest"]["environment"][key] for key in shared
    }


def test_the_processes_know_what_they_are_told(services: dict[str, Service]) -> None:
    known = {f"LIFTWACHT_{name.upper()}" for name in _settings()}
    commands: set[tuple[str, ...]] = set()
    for name, service in services.items():
        if not service["image"].startswith("liftwacht:"):
            continue
        unknown = {key for key in service.get("environment", {}) if key not in known}
        assert not unknown, f"{name}: {unknown}"
        program, *rest = service["command"]
        verbs = [word for word in rest[:1] if not word.startswith("-")]
        commands.add((program, *verbs))
    assert len(commands) >= 6
    for program, *verbs in commands:
        shown = run(BIN / program, *verbs, "--help")
        assert shown.returncode == 0, f"{program} {verbs}: {shown.stderr}"


def _settings() -> Iterator[str]:

    models = (Settings, DiagnosticsSettings, SelfTestSettings, IngestSettings, RegistrarSettings)
    for model in models:
        yield from model.model_fields


def test_the_database_keeps_as_much_of_its_log_as_the_figures_rest_on(
    services: dict[str, Service],
) -> None:
    told = {word.removeprefix("-c") for word in services["database"]["command"]}
    assert {f"{name}={size}" for name, size in LOG_SIZES.items()} < told


def test_images_are_pinned_by_what_the_registry_says(tmp_path: Path) -> None:
    # There is no engine here: this one knows a digest for every image.
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\nprintf "sha256:%064d" 7\n')
    docker.chmod(0o755)
    written = tmp_path / ".env"
    written.write_text("PUBLIC_HOST=desk.example.nl\nCADDY_IMAGE=old\n")
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = run(REPOSITORY / "deploy/compose/pin-images", written, PATH=path)
    assert done.returncode == 0, done.stderr
    lines = written.read_text().splitlines()
    assert "PUBLIC_HOST=desk.example.nl" in lines
    assert sum(line.startswith("CADDY_IMAGE=") for line in lines) == 1
    for name, image in re.findall(r"\$\{(\w+_IMAGE):-([^}]+)\}", COMPOSE.read_text()):
        assert f"{name}={image}@sha256:{7:064d}" in lines
