"""GET /v1/live, from a process of its own."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from tests.integration.api.process import Service, service
from tests.integration.api.seed import Seed
from tests.support.accounts import sign_in
from tests.support.database import new_database


class Event(NamedTuple):
    name: str
    data: dict[str, Any]
    id: str


@pytest.fixture
def running(database: str) -> Iterator[Service]:
    with service(database) as found:
        yield found


def events(response: httpx.Response) -> Iterator[Event]:
    name, data, id_ = "", "", ""
    for line in response.iter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            data = value
        elif field == "id":
            id_ = value
        elif not line and name:
            yield Event(name, json.loads(data), id_)
            name, data, id_ = "", "", ""


def until(stream: Iterator[Event], name: str) -> Event:
    for event in stream:
        if event.name == name:
            return event
    raise AssertionError(f"the stream ended before {name}")


def follow(running: Service, last_id: str | None = None) -> Any:
    headers = running.desk.headers | ({"Last-Event-ID": last_id} if last_id else {})
    return httpx.stream("GET", f"{running.url}/v1/live", headers=headers, timeout=20)


def test_changes_arrive(running: Service, seed: Seed) -> None:
    with follow(running) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        stream = events(response)
        assert until(stream, "refresh")
        seed.notify('{"kind": "ticket", "ticket": 5}')
        seed.notify("not json")
        seed.notify('{"kind": "device", "device": "sl-000001"}')
        assert until(stream, "ticket").data == {"ticket": 5}
        assert until(stream, "device").data == {"device": "sl-000001"}


def test_what_was_missed_is_sent_on_reconnection(running: Service, seed: Seed) -> None:
    with follow(running) as response:
        stream = events(response)
        until(stream, "refresh")
        seed.notify('{"kind": "ticket", "ticket": 1}')
        last = until(stream, "ticket").id
    # Somebody else sees it arrive while we are away.
    with follow(running) as other:
        stream = events(other)
        until(stream, "refresh")
        seed.notify('{"kind": "ticket", "ticket": 2}')
        until(stream, "ticket")
    with follow(running, last) as response:
        assert until(events(response), "ticket").data == {"ticket": 2}


def test_who_comes_with_an_id_from_another_life_must_read_all_again(running: Service) -> None:
    with follow(running, "000000000000-7") as response:
        assert next(events(response)).name == "refresh"


def test_a_lost_database_connection_is_told_and_made_good(
    running: Service, database: str, seed: Seed
) -> None:
    with follow(running) as response:
        stream = events(response)
        until(stream, "refresh")
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'liftwacht-api-live'"
            )
        until(stream, "interrupted")
        until(stream, "refresh")
        seed.notify('{"kind": "ticket", "ticket": 9}')
        assert until(stream, "ticket").data == {"ticket": 9}


def test_it_stops_at_once_though_streams_are_open(running: Service) -> None:
    with follow(running) as first, follow(running) as second:
        until(events(first), "refresh")
        until(events(second), "refresh")
        code, took_s = running.stop()
    assert code == 0
    assert took_s < 3


def test_it_waits_for_a_database_that_comes_later(
    postgres_url: str, template_database: str
) -> None:
    with new_database(postgres_url, template_database) as url:
        later = url.replace("/test_", "/later_test_", 1)
        headers = sign_in(url).headers
        with service(later) as running:
            response = httpx.get(f"{running.url}/v1/tickets", headers=headers, timeout=60)
            assert response.status_code == 503
            assert response.headers["content-type"] == "application/problem+json"
            old, new = (urlsplit(found).path[1:] for found in (url, later))
            with psycopg.connect(postgres_url, autocommit=True) as connection:
                connection.execute(f"ALTER DATABASE {old} RENAME TO {new}".encode())
            with follow(running) as stream:
                until(events(stream), "refresh")
            response = httpx.get(f"{running.url}/v1/tickets", headers=headers, timeout=60)
            assert response.status_code == 200
            running.stop()
            with psycopg.connect(postgres_url, autocommit=True) as connection:
                connection.execute(f"ALTER DATABASE {new} RENAME TO {old}".encode())
