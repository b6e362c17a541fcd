"""Whatever the interface is sent, it answers as its own document says, and never with an error."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests import Request
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from api.accounts.roles import Role
from api.app import create_app
from api.settings import Settings
from tests.integration.api.seed import NOW, Seed
from tests.support import contract
from tests.support.accounts import sign_in
from tests.support.database import register_devices

EXAMPLES = {GenerationMode.POSITIVE: 3, GenerationMode.NEGATIVE: 2}
SHARES = 3  # of the operations, so that several processes have something to do
BASE = "http://127.0.0.1/v1"
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def seed(database: str) -> Iterator[Seed]:
    found = Seed(database)
    yield found
    found.close()


@pytest.fixture
def here(database: str, seed: Seed) -> dict[str, list[Any]]:
    """What is there to be asked for, by the name of the parameter: a ticket of each sort."""
    names = [f"sl-{number:06d}" for number in range(1, 5)]
    first, second, third, fourth = register_devices(database, names).values()
    seed.healthy(NOW)
    seed.contact(names[0])
    seed.ride(first, start=NOW, stuck_at_s=20)
    seed.fault(second, "relay", at=NOW)
    seed.presence(third, online=True, at=NOW)
    seed.finding(third, "other_person", "signal", at=NOW)
    closed = seed.ticket(fourth, opened_at=NOW)
    seed.over(closed)
    tickets = [
        seed.ticket(first, opened_at=NOW),
        seed.repair(second, opened_at=NOW, priority=2),
        closed,
    ]
    cases = contract.add(seed, "GM0405", 1621, names[0])
    return {
        "name": [*names, "sl-999999"],
        "number": [*tickets, 999],
        "commission": [cases.commission, 999],
        "complaint": [cases.complaint, 999],
        "file": [cases.file, 999],
    }


@pytest.fixture
def client(database: str, here: dict[str, list[Any]]) -> Iterator[TestClient]:
    assert here
    app = create_app(Settings(database_url=database), now=lambda: NOW)
    with TestClient(
        app,
        base_url="http://127.0.0.1",
        raise_server_exceptions=False,
        follow_redirects=False,
        cookies=sign_in(database, Role.DESK).cookies,
    ) as found:
        app.state.broadcaster.close()  # streams end at once
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_every_answer_is_as_the_document_says(
    client: TestClient, here: dict[str, list[Any]], share: int
) -> None:
    schema = schemathesis.openapi.from_dict(client.get("/v1/openapi.json").json())
    wrong: list[str] = []
    asked = 0
    for found in list(schema.get_all_operations())[share::SHARES]:
        assert isinstance(found, Ok), found
        operation = found.ok()
        asked += 1
        for mode, count in EXAMPLES.items():
            wrong += judged(client, operation, mode, count, here)
    assert not wrong, f"{len(wrong)} wrong:\n\n" + "\n\n".join(wrong)
    assert asked > 50 / SHARES


def judged(
    client: TestClient,
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    count: int,
    here: dict[str, list[Any]],
) -> list[str]:
    """Return what is wrong with an operation's answers to ``count`` requests."""

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def ask(case: Case[Any], data: st.DataObject) -> None:
        if mode is GenerationMode.POSITIVE:
            # Else it would ask for what is not there, and learn little.
            for name in case.path_parameters.keys() & here.keys():
                if "clients" not in case.path:
                    case.path_parameters[name] = data.draw(st.sampled_from(here[name]))
        case.validate_response(send(client, case), checks=CHECKS)

    try:
        ask()
    except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - told together
        return [f"{operation.label} ({mode.value}): {error}"]
    return []


def send(client: TestClient, case: Case[Any]) -> Any:
    request: Any = Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
    # As it is: a client must not repair what is meant to be wrong.
    return client.request(
        request.method, request.url, headers=dict(request.headers), content=request.body
    )
