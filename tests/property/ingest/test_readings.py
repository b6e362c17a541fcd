"""Readings decoded quickly are what the contract makes of them, and so is what is wrong."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.protocol import codec
from gateway.protocol.codec import Encoding, encode
from gateway.protocol.errors import ProtocolError
from gateway.protocol.messages import Status
from gateway.protocol.topics import Kind
from ingest.readings import decode_status
from tests.support import telemetry as say

GOOD = say.status(1, say.RIDING, msgspec.structs.replace(say.STUCK, fault="relay"), say.PARKED)

texts = (
    st.sampled_from(["", "relay", say.DEVICE, say.OUTBOX, say.OUTBOX + "\n", say.OUTBOX.upper()])
    | st.from_regex(r"\A[a-z0-9_]{1,49}\Z")
    | st.text(max_size=40)
)


def outcome(decode: Any, *arguments: Any) -> Any:
    """Return what a decoder gives, or how it refuses, as plain values."""
    try:
        message = decode(*arguments)
    except ProtocolError as error:
        return error.reason, str(error)
    assert isinstance(message, Status)
    return msgspec.to_builtins(message)


@given(
    device=st.just(say.DEVICE) | texts,
    outbox=st.just(say.OUTBOX) | texts,
    faults=st.lists(st.none() | texts, min_size=1, max_size=3),
    encoding=st.sampled_from(Encoding),
)
def test_any_words_are_judged_as_by_the_contract(
    device: str, outbox: str, faults: list[str | None], encoding: Encoding
) -> None:
    samples = [msgspec.structs.replace(say.RIDING, fault=fault) for fault in faults]
    try:
        payload = encode(say.status(1, *samples, device=device, outbox=outbox), encoding)
    except UnicodeEncodeError:  # half of a pair: no message can say that
        return
    for _ in range(2):  # the first time, and as known
        quick = outcome(decode_status, payload, say.DEVICE)
        assert quick == outcome(codec.decode, Kind.STATUS, payload)


@given(
    encoding=st.sampled_from(Encoding),
    cut=st.integers(0, 400),
    put=st.binary(max_size=8),
)
def test_anything_else_is_judged_as_by_the_contract(
    encoding: Encoding, cut: int, put: bytes
) -> None:
    good = encode(GOOD, encoding)
    payload = good[:cut] + put + good[cut + len(put) :]
    quick = outcome(decode_status, payload, say.DEVICE)
    assert quick == outcome(codec.decode, Kind.STATUS, payload)


@pytest.mark.parametrize("samples", [0, 600, 601])
def test_bounds_on_the_number_of_samples_hold(samples: int) -> None:
    payload = encode(msgspec.structs.replace(GOOD, samples=(say.RIDING,) * samples))
    quick = outcome(decode_status, payload, say.DEVICE)
    assert quick == outcome(codec.decode, Kind.STATUS, payload)
    assert isinstance(quick, dict) == (samples == 600)


def test_what_is_too_large_is_not_even_read() -> None:
    payload = b" " * codec.MAX_PAYLOAD_BYTES + encode(GOOD, Encoding.JSON)
    assert outcome(decode_status, payload, say.DEVICE)[0] == "too_large"
