"""The decoder on whatever may come, and sets of numbers on whatever they hold."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gateway.protocol.codec import encode
from gateway.protocol.topics import FOR_REGISTRAR, UPWARD, Kind, topic_of
from ingest.decode import Accepted, Delivery, Rejected, decode
from ingest.sequences import from_multirange, to_multirange
from tests.support import telemetry as say

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GOOD = [
    encode(message)
    for message in (
        *(say.status(1, say.RIDING), say.fault(2), say.usage(3), say.call(4), say.reply(5)),
        say.condition(6),
        say.presence(),
    )
]


@given(topic=st.text(), payload=st.binary(max_size=300))
def test_anything_is_accepted_or_put_aside_as_it_came(topic: str, payload: bytes) -> None:
    decoded = decode(Delivery(topic, payload, NOW))
    assert isinstance(decoded, Rejected)
    assert (decoded.delivery.topic, decoded.delivery.payload) == (topic, payload)
    assert decoded.reason


@given(
    kind=st.sampled_from(sorted(UPWARD - FOR_REGISTRAR)),  # the registrar hears those
    good=st.sampled_from(GOOD),
    cut=st.integers(0, 400),
    put=st.binary(max_size=8),
)
def test_a_damaged_message_is_never_taken_for_another_devices(
    kind: Kind, good: bytes, cut: int, put: bytes
) -> None:
    payload = good[:cut] + put + good[cut + len(put) :]
    decoded = decode(Delivery(topic_of(say.DEVICE, kind), payload, NOW))
    if isinstance(decoded, Accepted):
        assert decoded.message.device == say.DEVICE
    else:
        assert decoded.reason in {"payload", "identity"}


@given(st.sets(st.integers(1, 500)))
def test_sets_of_numbers_survive_the_way_into_a_multirange_and_back(numbers: set[int]) -> None:
    assert from_multirange(to_multirange(numbers)) == numbers
