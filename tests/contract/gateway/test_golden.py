"""Version 1 on the wire, byte for byte: what these files hold must be understood for ever.

A file is never changed: a message that would no longer match is a new version of the protocol, or
(an optional field more) a further example under a new name.
"""

from pathlib import Path

import pytest

from gateway.protocol.codec import Encoding, decode, encode, kind_of
from gateway.protocol.messages import Call
from gateway.protocol.topics import Kind
from tests.support.messages import examples

GOLDEN = Path(__file__).parent / "golden" / "v1"
SUFFIXES = {Encoding.JSON: "json", Encoding.MSGPACK: "msgpack"}
NAMES = sorted(examples())


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("name", NAMES)
def test_bytes_to_message_and_message_to_bytes(name: str, encoding: Encoding) -> None:
    message = examples()[name]
    golden = (GOLDEN / f"{name}.{SUFFIXES[encoding]}").read_bytes()
    assert decode(kind_of(message), golden) == message
    assert encode(message, encoding) == golden


def test_every_file_is_tested_and_every_kind_has_one() -> None:
    files = {path.name for path in GOLDEN.iterdir()}
    assert files == {f"{name}.{suffix}" for name in NAMES for suffix in SUFFIXES.values()}
    assert {kind_of(message) for message in examples().values()} == set(Kind)


def test_a_reason_to_call_that_a_later_modem_knows_is_understood() -> None:
    golden = (GOLDEN / "call.json").read_bytes()
    assert golden.count(b'"drive_refused"') == 1
    call = decode(Kind.CALL, golden.replace(b'"drive_refused"', b'"smoke"'))
    assert isinstance(call, Call)
    assert call.reason == "smoke"


@pytest.mark.parametrize("name", NAMES)
def test_fields_that_a_later_modem_adds_are_ignored(name: str) -> None:
    message = examples()[name]
    golden = (GOLDEN / f"{name}.json").read_bytes()
    longer = golden[:-1] + b',"added_later":{"x":[1,2]}}'
    assert decode(kind_of(message), longer) == message


def test_elements_that_a_later_modem_appends_to_a_sample_are_ignored() -> None:
    message = examples()["fault"]
    golden = (GOLDEN / "fault.json").read_bytes()
    assert golden.count(b'"footrest_up_edge"]') == 1
    longer = golden.replace(b'"footrest_up_edge"]', b'"footrest_up_edge",17,null]')
    assert decode(Kind.FAULT, longer) == message
