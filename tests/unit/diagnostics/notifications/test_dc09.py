"""Frames of SIA DC-09, read by somebody else's receiver."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pysiaalarm.account import SIAAccount
from pysiaalarm.event import SIAEvent
from pysiaalarm.utils.enums import ResponseType

from diagnostics.notifications import dc09
from diagnostics.notifications.dc09 import Account, AnswerKind

TEXT_KEY = "0123456789ABCDEF"  # as the receiver wants it; we keep its bytes in hexadecimal
NOW = datetime.now(UTC).replace(microsecond=0)
PLAIN = Account(account="1234", line="1")
SECRET = Account(account="00AB", line="0", receiver="2", key=TEXT_KEY.encode().hex().upper())
# In earnest 40 s back and 20 s ahead; here as long as a run of all tests may take.
FRESH = (7200, 7200)
ACCOUNTS = {
    "1234": SIAAccount("1234", allowed_timeband=FRESH),
    "00AB": SIAAccount("00AB", TEXT_KEY, allowed_timeband=FRESH),
}


def event(account: Account, **changes: Any) -> bytes:
    arguments: dict[str, Any] = {
        "sequence": 9999,
        "code": "QA",
        "zone": 0x1F,
        "text": "sl-000001 [1621]|^/ é",
        "occurred_at": NOW - timedelta(minutes=1),
        "at": NOW,
        "random": lambda bound: bound - 1,
    }
    return dc09.event(account, **arguments | changes)


def read(frame: bytes) -> SIAEvent:
    return SIAEvent.from_line(frame.decode("ascii").strip(), ACCOUNTS)


@pytest.mark.parametrize("account", [PLAIN, SECRET])
def test_a_receiver_reads_and_acknowledges_an_event(account: Account) -> None:
    frame = event(account)
    assert (frame[:1], frame[-1:]) == (b"\n", b"\r")
    assert (b"sl-000001" in frame) == (account.key is None)
    found = read(frame)
    assert found.valid_message
    assert (found.code, found.sequence, found.account) == ("QA", "9999", account.account)
    assert found.message == "1F^sl-000001  1621      ^"
    assert found.timestamp == NOW
    assert found.response is ResponseType.ACK
    answer = dc09.answer(found.create_response(), account)
    assert (answer.kind, answer.sequence) == (AnswerKind.ACK, 9999)


@pytest.mark.parametrize("account", [PLAIN, SECRET])
def test_a_receiver_acknowledges_a_link_test(account: Account) -> None:
    frame = dc09.link_test(account, sequence=1, at=NOW, random=lambda _: 0)
    found = read(frame)
    assert (found.code, found.sequence) == ("RP", "0001")
    assert dc09.answer(found.create_response(), account).kind is AnswerKind.ACK


def test_a_receiver_whose_clock_differs_says_so() -> None:
    found = read(event(PLAIN, at=NOW - timedelta(days=1)))
    assert found.response is ResponseType.NAK
    answer = dc09.answer(found.create_response(), PLAIN)
    assert answer.kind is AnswerKind.NAK
    assert answer.at is not None
    assert abs(answer.at - NOW) < timedelta(hours=2)


def test_a_receiver_that_does_not_know_a_code_says_so() -> None:
    found = read(event(PLAIN, code="QQ"))
    assert dc09.answer(found.create_response(), PLAIN).kind is AnswerKind.DUH


@pytest.mark.parametrize(
    ("frame", "account", "what"),
    [
        (b"", PLAIN, "damaged"),
        (b'\n00000010"ACK"0001L0#1234[]\r', PLAIN, "damaged"),
        (read(event(PLAIN)).create_response(), SECRET, "in the clear"),
        (read(event(SECRET)).create_response(), PLAIN, "no key"),
        (
            read(event(SECRET)).create_response(),
            Account(account="00AB", key="FF" * 16),
            "another key",
        ),
    ],
)
def test_what_is_no_good_answer_is_none(frame: bytes, account: Account, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        dc09.answer(frame, account)


def test_a_bit_on_the_way_is_noticed() -> None:
    frame = bytearray(event(PLAIN))
    frame[-9] ^= 1
    assert not read(bytes(frame)).valid_message
