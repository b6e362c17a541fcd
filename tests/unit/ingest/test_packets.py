"""Packets byte by byte, as the standard prints them."""

import pytest

from ingest.mqtt import packets
from ingest.mqtt.packets import MalformedPacketError, Parser


def test_connect_asks_for_a_session_that_stays() -> None:
    expected = b"\x10\x0e\x00\x04MQTT\x04\x00\x00\x14\x00\x02me"
    assert packets.connect("me", keepalive_s=20) == expected


def test_subscribe_asks_for_quality_of_service_1() -> None:
    expected = b"\x82\x0c\x00\x07\x00\x01a\x01\x00\x03b/+\x01"
    assert packets.subscribe(7, ["a", "b/+"]) == expected


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x10\x00", "type 0x10"),  # CONNECT: from clients only
        (b"\x20\x03\0\0\0", "type 0x20"),
        (b"\x34\x05\0\x01a\0\x01", "flags 0x4"),  # QoS 2, which we never asked for
        (b"\x32\x05\0\x01a\0\0", "number is 0"),
        (b"\x32\x02\0\x09", "message with flags"),
        (b"\x30\x01\0", "message with flags"),
        (b"\x30\x00", "message with flags"),
        (b"\x30\x03\0\x01\xff", "UTF-8"),
        (b"\x30\xff\xff\xff\xff", "four bytes"),
        (b"\x30\xff\xff\xff\x7f", "limit"),
    ],
)
def test_what_no_broker_sends_is_named(data: bytes, what: str) -> None:
    with pytest.raises(MalformedPacketError, match=what):
        Parser().feed(data)
