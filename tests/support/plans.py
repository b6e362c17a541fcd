"""How the database would go about a statement, and which tables it would read whole."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import psycopg

from tests.support.statements import Statement


def read_whole_by(
    connection: psycopg.Connection[Any],
    statements: Iterable[Statement],
    grows: Callable[[str], bool],
    *,
    prepared: bool = False,
) -> set[tuple[str, str]]:
    """Return which of ``statements`` would read a table whole that grows: its name, the table.

    ``prepared``: once their plan no longer depends on what they are about.
    """
    how = plan_once_prepared if prepared else plan
    return {
        (each.name, table)
        for each in statements
        for table in read_whole(how(connection, each))
        if grows(table)
    }


def plan(connection: psycopg.Connection[Any], statement: Statement) -> Any:
    """Return how the database goes about it; it is not carried out."""
    explain = f"EXPLAIN (FORMAT JSON) {statement.text}".encode()
    found = connection.execute(explain, statement.parameters).fetchone()
    assert found is not None
    return found[0][0]["Plan"]


def plan_once_prepared(connection: psycopg.Connection[Any], statement: Statement) -> Any:
    """Return how the database goes about it without a look at its parameters.

    It does so once the statement is prepared and this seems to be no worse. The statement is not
    carried out.
    """
    connection.execute("SET plan_cache_mode = force_generic_plan")
    try:
        return plan_prepared(connection, prepare(connection, "asked", statement))
    finally:
        connection.execute("DEALLOCATE asked")
        connection.execute("RESET plan_cache_mode")


def prepare(connection: psycopg.Connection[Any], name: str, statement: Statement) -> str:
    """Prepare a statement with parameters by name; return how it is called without any of them."""
    places: dict[str, str] = {}

    def numbered(place: re.Match[str]) -> str:
        if place[1] is None:
            return "%"
        return places.setdefault(place[1], f"${len(places) + 1}")

    numbers = re.sub(r"%%|%\((\w+)\)s", numbered, statement.text)
    connection.execute(f"PREPARE {name} AS {numbers}".encode())
    return f"{name} ({', '.join(['NULL'] * len(places))})" if places else name


def plan_prepared(connection: psycopg.Connection[Any], call: str) -> Any:
    """Return how the database goes about a prepared statement; it is not carried out."""
    found = connection.execute(f"EXPLAIN (FORMAT JSON) EXECUTE {call}".encode()).fetchone()
    assert found is not None
    return found[0][0]["Plan"]


def read_whole(node: Any) -> Iterator[str]:
    """Yield the tables that a plan reads from beginning to end."""
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for each in node.get("Plans", ()):
        yield from read_whole(each)
