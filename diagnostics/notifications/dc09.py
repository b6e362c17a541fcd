"""SIA DC-09 on the wire: what is sent to an alarm receiving centre, and what it answers. Pure.

A frame is ``LF crc 0len "id"seq Rrcvr Lpref #acct[data][extended]_timestamp CR``; with a key, all
after the first bracket is AES in CBC mode. Times are in UTC.
"""

import re
import string
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msgspec import Struct

_BLOCK: Final = 16
_NO_VECTOR: Final = modes.CBC(bytes(_BLOCK))  # as the standard says
_PADDING: Final = string.ascii_letters + string.digits
_CRC_POLYNOMIAL: Final = 0xA001
_TIME: Final = "%H:%M:%S,%m-%d-%Y"
_ANSWER: Final = re.compile(
    rb'"(?P<encrypted>\*?)(?P<kind>ACK|NAK|DUH|RSP)"(?P<sequence>\d{4})[^\[]*\[(?P<rest>.*)',
    re.DOTALL,
)
_STAMP: Final = re.compile(rb"_(\d\d:\d\d:\d\d,\d\d-\d\d-\d{4})")


class Account(Struct, frozen=True, kw_only=True):
    """Under which numbers a centre knows us; hexadecimal digits. ``key`` None: in the clear."""

    account: str
    line: str = "0"
    receiver: str | None = None
    key: str | None = None


class AnswerKind(StrEnum):
    """What a centre says to a message."""

    ACK = "ACK"  # taken
    NAK = "NAK"  # not taken: our clock differs too much, or it cannot read us
    DUH = "DUH"  # read, and not understood
    RSP = "RSP"  # taken, and something is asked of us


class Answer(Struct, frozen=True):
    """A centre's answer. ``at`` is the time on its clock, if it says."""

    kind: AnswerKind
    sequence: int
    at: datetime | None


def event(
    account: Account,
    *,
    sequence: int,
    code: str,
    zone: int,
    text: str,
    occurred_at: datetime,
    at: datetime,
    random: Callable[[int], int],
) -> bytes:
    """Return the frame of an event (SIA-DCS).

    Args:
        account: ours.
        sequence: 1 to 9999; a repetition has the same.
        code: of SIA DC-03.
        zone: by which a centre matches the end of a trouble to its beginning.
        text: for the operator.
        occurred_at: when it happened.
        at: now; a centre refuses what is not fresh.
        random: below a bound, for the padding.
    """
    plain = re.sub(r"[^\x20-\x7e]|[\[\]|^/]", " ", text)
    extended = f"[H{occurred_at.astimezone(UTC).strftime(_TIME)}]"
    data = f"#{account.account}|Nri0/{code}{zone:X}^{plain}^]{extended}"
    return _frame(account, "SIA-DCS", sequence, data=data, at=at, random=random)


def link_test(
    account: Account, *, sequence: int, at: datetime, random: Callable[[int], int]
) -> bytes:
    """Return the frame that says nothing but that we are there (NULL)."""
    return _frame(account, "NULL", sequence, data="]", at=at, random=random)


def answer(frame: bytes, account: Account) -> Answer:
    """Read what a centre answered.

    Raises:
        ValueError: it is no answer, was damaged, or is not encrypted although it should be.
    """
    body = frame.strip(b"\r\n")
    if len(body) < len('CCCC0LLL"ACK"') or body[:4].upper() != _crc(body[8:]):
        raise ValueError(f"not an answer, or damaged: {frame[:80]!r}")
    found = _ANSWER.match(body[8:])
    if found is None:
        raise ValueError(f"not an answer: {frame[:80]!r}")
    kind, rest = AnswerKind(found["kind"].decode()), found["rest"]
    if found["encrypted"]:
        rest = _decrypted(account, rest)
    elif account.key is not None and kind in (AnswerKind.ACK, AnswerKind.RSP):
        raise ValueError(f"{kind} in the clear, although a key is agreed on")
    stamp = _STAMP.search(rest)
    at = stamp and datetime.strptime(stamp[1].decode(), _TIME).replace(tzinfo=UTC)
    return Answer(kind, int(found["sequence"]), at)


def _frame(
    account: Account,
    name: str,
    sequence: int,
    *,
    data: str,
    at: datetime,
    random: Callable[[int], int],
) -> bytes:
    receiver = "" if account.receiver is None else f"R{account.receiver}"
    numbers = f"{sequence:04d}{receiver}L{account.line}#{account.account}"
    rest = f"{data}_{at.astimezone(UTC).strftime(_TIME)}"
    if account.key is None:
        body = f'"{name}"{numbers}[{rest}'.encode()
    else:
        padded = _padding(len(rest) + 1, random) + "|" + rest
        body = f'"*{name}"{numbers}[{_encrypted(account.key, padded.encode())}'.encode()
    return b"\n%s%04X%s\r" % (_crc(body), len(body), body)


def _padding(length: int, random: Callable[[int], int]) -> str:
    count = _BLOCK + -length % _BLOCK
    return "".join(_PADDING[random(len(_PADDING))] for _ in range(count))


def _encrypted(key: str, plain: bytes) -> str:
    encryptor = Cipher(algorithms.AES(bytes.fromhex(key)), _NO_VECTOR).encryptor()
    return (encryptor.update(plain) + encryptor.finalize()).hex().upper()


def _decrypted(account: Account, rest: bytes) -> bytes:
    if account.key is None:
        raise ValueError("the answer is encrypted, and no key is agreed on")
    decryptor = Cipher(algorithms.AES(bytes.fromhex(account.key)), _NO_VECTOR).decryptor()
    plain = decryptor.update(bytes.fromhex(rest.decode("ascii"))) + decryptor.finalize()
    if _STAMP.search(plain) is None:
        raise ValueError("the answer is encrypted with another key")
    return plain


def _crc(body: bytes) -> bytes:
    crc = 0
    for byte in body:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (_CRC_POLYNOMIAL if crc & 1 else 0)
    return b"%04X" % crc
