"""The schema that migrations make is the one on record, so that no change goes unnoticed.

After a new migration, look at the difference and write the files anew:
``LIFTWACHT_RECORD_SCHEMA=1 pytest tests/integration/ingest/test_schema.py``.
"""

import os
from pathlib import Path

import pytest

from tests.support.schema import describe


@pytest.mark.parametrize(
    "engine", ["plain", pytest.param("timescale", marks=pytest.mark.timescale)]
)
def test_migrated_is_the_schema_on_record(engine: str, request: pytest.FixtureRequest) -> None:
    fixture = {"plain": "database", "timescale": "timescale_database"}[engine]
    migrated = describe(request.getfixturevalue(fixture))
    record = Path(__file__).with_name(f"schema.{engine}.txt")
    if os.environ.get("LIFTWACHT_RECORD_SCHEMA"):
        record.write_text(migrated)
    assert migrated == record.read_text()


def test_both_engines_have_the_same_tables_and_columns() -> None:
    def tables(engine: str) -> set[str]:
        record = Path(__file__).with_name(f"schema.{engine}.txt").read_text()
        return {
            line
            for line in record.splitlines()
            if line.startswith(("table ", "column ", "view ride_day"))
            and "usage_received_day" not in line
        }

    assert tables("plain") == tables("timescale")
