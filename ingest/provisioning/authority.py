"""A small certificate authority: a root that may leave, and the authority that issues.

A device is known by the common name of its certificate; the broker takes that as the user name.
Everybody trusts the root (``ca.crt``) alone. Certificates are signed by the issuing authority
(``issuing.crt``), whose own comes along behind each of them; with the root's key the issuing one
can be replaced, so the root's key (``ca.key``) is needed once, and belongs off the machine.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final, NamedTuple, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_VALIDITY: Final = timedelta(days=20 * 365)
ISSUING_VALIDITY: Final = timedelta(days=10 * 365)
# Of what runs in the data centre, and of simulated modems, which renew nothing.
VALIDITY: Final = timedelta(days=2 * 365)
# Of a modem, which renews at half of it: it may be without power for the other half.
DEVICE_VALIDITY: Final = timedelta(days=180)
# Clocks differ: a new certificate must not be refused as not valid yet.
BACKDATED: Final = timedelta(days=1)
# A broker refuses everybody once its list is out of date: better an old one than no call at all.
CRL_VALIDITY: Final = timedelta(days=5 * 365)
MAX_REQUEST_BYTES: Final = 4096

_PEM: Final = serialization.Encoding.PEM
_CLIENT: Final = ExtendedKeyUsageOID.CLIENT_AUTH
_SERVER: Final = ExtendedKeyUsageOID.SERVER_AUTH


class RequestError(ValueError):
    """A request for a certificate cannot be granted; the text says why."""


class Issued(NamedTuple):
    """A certificate that was just signed.

    Attributes:
        name: the common name.
        serial: hexadecimal, lower case.
        key_hash: SHA-256 of the public key.
        not_before: from when it is good.
        not_after: until when.
        chain: the certificate and the issuing authority's, PEM.
    """

    name: str
    serial: str
    key_hash: bytes
    not_before: datetime
    not_after: datetime
    chain: str


class Request(NamedTuple):
    """A request whose own signature is right: its maker has the private key."""

    name: str
    public_key: ec.EllipticCurvePublicKey
    key_hash: bytes


class Authority:
    """Issues certificates into a folder: ``<name>.crt`` and ``<name>.key``, and ``ca.crt``.

    Args:
        directory: where certificates go.
        key: of the issuing authority.
        certificate: of the issuing authority.
    """

    def __init__(
        self, directory: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
    ) -> None:
        self._directory = directory
        self._key = key
        self._certificate = certificate

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        now: datetime,
        keys: Path | None = None,
        passphrase: bytes | None = None,
    ) -> Self:
        """Open the authority whose certificates are in ``directory``, or found it there.

        Args:
            directory: certificates; made if missing.
            now: the present.
            keys: the folder with the authority's own keys; None: the same. Readable by its owner.
            passphrase: what seals those keys; None: they stand in the clear.

        Raises:
            OSError: a folder cannot be read or written.
            ValueError: what is there is not an authority, or the passphrase is wrong.
        """
        directory.mkdir(parents=True, exist_ok=True)
        keys = keys or directory
        if not keys.exists():
            keys.mkdir(parents=True, mode=0o700)
        root_path, issuing_path = directory / "ca.crt", directory / "issuing.crt"
        if not root_path.exists():
            _found_root(root_path, keys / "ca.key", now, passphrase)
        root = x509.load_pem_x509_certificate(root_path.read_bytes())
        if not issuing_path.exists() or not (keys / "issuing.key").exists():
            root_key = _load_key(keys / "ca.key", passphrase)
            _found_issuing(issuing_path, keys / "issuing.key", root, root_key, now, passphrase)
        certificate = x509.load_pem_x509_certificate(issuing_path.read_bytes())
        try:
            certificate.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise ValueError(f"{issuing_path} was not signed by {root_path}") from error
        return cls(directory, _load_key(keys / "issuing.key", passphrase), certificate)

    def issue_client(self, name: str, *, now: datetime) -> Issued | None:
        """Make a key and a client certificate for ``name``; None if it has one already."""
        return self._issue(name, [_CLIENT], (), now)

    def issue_server(self, name: str, hosts: tuple[str, ...], *, now: datetime) -> Issued | None:
        """Make a server certificate for ``hosts`` (names, addresses); None if there is one."""
        return self._issue(name, [_SERVER], hosts, now)

    def issue_node(self, name: str, hosts: tuple[str, ...], *, now: datetime) -> Issued | None:
        """Make a certificate for servers that connect to each other; None if there is one."""
        return self._issue(name, [_SERVER, _CLIENT], hosts, now)

    def sign(
        self, request: Request, name: str, *, now: datetime, validity: timedelta = DEVICE_VALIDITY
    ) -> Issued:
        """Certify that whoever has the key of ``request`` is ``name``.

        Raises:
            RequestError: it asks to be somebody else.
        """
        if request.name != name:
            raise RequestError(f"it asks to be {request.name!r}, and is {name!r}")
        return self._sign(name, request.public_key, [_CLIENT], (), now, validity)

    def revocations(self, revoked: Iterable[tuple[str, datetime]], *, now: datetime) -> bytes:
        """Return the list of certificates that are good no more (serial, since when), PEM."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._certificate.subject)
            .last_update(now - BACKDATED)
            .next_update(now + CRL_VALIDITY)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        for serial, at in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(int(serial, 16))
                .revocation_date(at)
                .build()
            )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(_PEM)

    def _issue(
        self,
        name: str,
        uses: Sequence[x509.ObjectIdentifier],
        hosts: tuple[str, ...],
        now: datetime,
    ) -> Issued | None:
        certificate_path = self._directory / f"{name}.crt"
        key_path = self._directory / f"{name}.key"
        if certificate_path.exists() and key_path.exists():
            return None
        key = ec.generate_private_key(ec.SECP256R1())
        issued = self._sign(name, key.public_key(), uses, hosts, now, VALIDITY)
        _write_key(key_path, key, None)
        # The certificate comes last: where there is one, the pair is complete.
        certificate_path.write_text(issued.chain, encoding="ascii")
        return issued

    def _sign(  # noqa: PLR0917 - what a certificate consists of
        self,
        name: str,
        public_key: ec.EllipticCurvePublicKey,
        uses: Sequence[x509.ObjectIdentifier],
        hosts: tuple[str, ...],
        now: datetime,
        validity: timedelta,
    ) -> Issued:
        not_after = min(now + validity, self._certificate.not_valid_after_utc)
        builder = (
            _builder(_name(name), self._certificate.subject, public_key, now, not_after)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        if hosts:
            names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        return Issued(
            name=name,
            serial=f"{certificate.serial_number:x}",
            key_hash=_key_hash(public_key),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            chain=(certificate.public_bytes(_PEM) + self._certificate.public_bytes(_PEM)).decode(),
        )


def read_request(text: str) -> Request:
    """Read a request for a certificate (PKCS #10, PEM), and check that its maker has the key.

    Raises:
        RequestError: it is no such request, or asks for a key of another kind than P-256.
    """
    if len(text) > MAX_REQUEST_BYTES:
        raise RequestError("it is too long")
    try:
        request = x509.load_pem_x509_csr(text.encode("ascii"))
        right = request.is_signature_valid
        key = request.public_key()
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise RequestError("it is not a request for a certificate") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise RequestError("its key is not on the curve P-256")
    if not right:
        raise RequestError("it is not signed with its own key")
    names = request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(names) != 1 or len(list(request.subject)) != 1:
        raise RequestError("its subject is not a single common name")
    return Request(str(names[0].value), key, _key_hash(key))


def read_issued(path: Path) -> Issued:
    """Read a certificate that was issued into a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is none of ours.
    """
    chain = path.read_text(encoding="ascii")
    certificate = x509.load_pem_x509_certificate(chain.encode())
    key = certificate.public_key()
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not isinstance(key, ec.EllipticCurvePublicKey) or len(names) != 1:
        raise ValueError(f"{path} is not a certificate of ours")
    return Issued(
        name=str(names[0].value),
        serial=f"{certificate.serial_number:x}",
        key_hash=_key_hash(key),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        chain=chain,
    )


def _found_root(path: Path, key_path: Path, now: datetime, passphrase: bytes | None) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Liftwacht CA")
    certificate = (
        _builder(name, name, key.public_key(), now, now + CA_VALIDITY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_key_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_key(key_path, key, passphrase)
    path.write_bytes(certificate.public_bytes(_PEM))


def _found_issuing(  # noqa: PLR0917 - two certificates and where they go
    path: Path,
    key_path: Path,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    passphrase: bytes | None,
) -> None:
    if root_key.public_key() != root.public_key():
        raise ValueError(f"{path.with_name('ca.crt')} belongs to another key")
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints).value
    if constraints.path_length == 0:
        raise ValueError(f"{path.with_name('ca.crt')} may not have an issuing authority: too old")
    key = ec.generate_private_key(ec.SECP256R1())
    # A name of its own: after a change the list of one must not be taken for the other's.
    name = _name(f"Liftwacht issuing {x509.random_serial_number():08x}"[:40])
    certificate = (
        _builder(name, root.subject, key.public_key(), now, now + ISSUING_VALIDITY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    _write_key(key_path, key, passphrase)
    path.write_bytes(certificate.public_bytes(_PEM))


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
    not_after: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(not_after)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _key_hash(key: ec.EllipticCurvePublicKey) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(
        key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return digest.finalize()


def _load_key(path: Path, passphrase: bytes | None) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=passphrase)
    except TypeError as error:  # sealed and no passphrase, or the other way round
        raise ValueError(f"{path}: {error}") from error
    except ValueError as error:
        raise ValueError(f"{path} cannot be opened: is the passphrase right?") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} is not a key of this authority")  # noqa: TRY004 - a file's fault
    return key


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey, passphrase: bytes | None) -> None:
    sealing: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        sealing = serialization.BestAvailableEncryption(passphrase)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, sealing))
