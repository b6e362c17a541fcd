"""The broker's access list knows every kind of message, and who may send it."""

import pytest

from gateway.protocol.topics import DOWNWARD, FOR_REGISTRAR, PREFIX, UPWARD, Kind
from ingest.provisioning.broker import DEFAULT_DIRECTORY

RULES = (DEFAULT_DIRECTORY / "acl").read_text().splitlines()


@pytest.mark.parametrize("kind", sorted(UPWARD))
def test_every_aid_may_send_what_goes_up_and_who_it_is_for_may_read_it(kind: Kind) -> None:
    assert f"pattern write {PREFIX}/+/%u/{kind.value}" in RULES
    reader = "registrar" if kind in FOR_REGISTRAR else "ingest"
    of_reader = RULES[RULES.index(f"user {reader}") :]
    rights = of_reader[1 : of_reader.index("")]
    assert f"topic read {PREFIX}/+/+/{kind.value}" in rights


@pytest.mark.parametrize("kind", sorted(DOWNWARD))
def test_every_aid_may_only_read_what_comes_down(kind: Kind) -> None:
    assert f"pattern read {PREFIX}/+/%u/{kind.value}" in RULES
    assert f"pattern write {PREFIX}/+/%u/{kind.value}" not in RULES
