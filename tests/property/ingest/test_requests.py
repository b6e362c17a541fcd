"""A request for a certificate, garbled in any way, is refused: it must not end the registrar."""

import base64
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from ingest.provisioning.authority import RequestError, read_request

NAME = "sl-000001"
GOOD = (
    x509.CertificateSigningRequestBuilder()
    .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]))
    .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    .public_bytes(Encoding.DER)
)
P256 = bytes.fromhex("2a8648ce3d030107")
EC_KEY = bytes.fromhex("2a8648ce3d0201")
VERSION_1 = bytes.fromhex("020100")


def pem(der: bytes) -> str:
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n"


def test_a_good_one_is_read() -> None:
    assert read_request(pem(GOOD)).name == NAME


@pytest.mark.parametrize("part", [P256, EC_KEY, VERSION_1])
def test_a_curve_a_key_or_a_version_that_nobody_knows_is_refused(part: bytes) -> None:
    assert GOOD.count(part) == 1
    with pytest.raises(RequestError):
        read_request(pem(GOOD.replace(part, part[:-1] + b"\x63")))


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=1))))
def test_any_garbling_is_refused_or_harmless(changes: list[tuple[int, bytes]]) -> None:
    garbled = bytearray(GOOD)
    for at, byte in changes:
        garbled[at : at + 1] = byte
    with suppress(RequestError):
        assert read_request(pem(bytes(garbled))).name == NAME
