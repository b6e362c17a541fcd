"""A small certificate authority: one key in a folder, and a certificate for each identity.

A device is known by the common name of its certificate; the broker takes that as the user name.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_VALIDITY: Final = timedelta(days=20 * 365)
VALIDITY: Final = timedelta(days=5 * 365)
# Clocks differ: a new certificate must not be refused as not valid yet.
BACKDATED: Final = timedelta(days=1)


class Authority:
    """Issues certificates into a folder: ``<name>.crt`` and ``<name>.key``, and its own ``ca.crt``.

    Args:
        directory: where the files are; made if missing, readable by its owner alone.
    """

    def __init__(
        self, directory: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
    ) -> None:
        self._directory = directory
        self._key = key
        self._certificate = certificate

    @classmethod
    def open(cls, directory: Path, *, now: datetime) -> Self:
        """Open the authority in ``directory``, or found it there.

        Raises:
            OSError: the folder cannot be read or written.
            ValueError: what is there is not an authority.
        """
        directory.mkdir(parents=True, exist_ok=True)
        key_path, certificate_path = directory / "ca.key", directory / "ca.crt"
        if key_path.exists() and certificate_path.exists():
            key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise ValueError(f"{key_path} is not a key of this authority")
            return cls(
                directory, key, x509.load_pem_x509_certificate(certificate_path.read_bytes())
            )
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Liftwacht CA")
        certificate = (
            _builder(name, name, key, now, CA_VALIDITY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs=True), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .sign(key, hashes.SHA256())
        )
        _write_key(key_path, key)
        _write(certificate_path, certificate)
        return cls(directory, key, certificate)

    def issue_client(self, name: str, *, now: datetime) -> bool:
        """Issue a client certificate for ``name``; False if it has one already."""
        return self._issue(name, ExtendedKeyUsageOID.CLIENT_AUTH, (), now)

    def issue_server(self, name: str, hosts: tuple[str, ...], *, now: datetime) -> bool:
        """Issue a server certificate for ``hosts`` (names, addresses); False if there is one."""
        return self._issue(name, ExtendedKeyUsageOID.SERVER_AUTH, hosts, now)

    def _issue(
        self, name: str, use: x509.ObjectIdentifier, hosts: tuple[str, ...], now: datetime
    ) -> bool:
        certificate_path = self._directory / f"{name}.crt"
        key_path = self._directory / f"{name}.key"
        if certificate_path.exists() and key_path.exists():
            return False
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _builder(_name(name), self._certificate.subject, key, now, VALIDITY)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        if hosts:
            names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        _write_key(key_path, key)
        # The certificate comes last: where there is one, the pair is complete.
        _write(certificate_path, builder.sign(self._key, hashes.SHA256()))
        return True


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    validity: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + validity)
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


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
