"""Our keys: they sign the access tokens that we give, and say whether one was given by us."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

# What the profile of the Dutch government has everybody support.
ALGORITHM: Final = "RS256"
LEAST_BITS: Final = 2048
_TYPE: Final = "at+jwt"  # RFC 9068: nothing else that we sign can be taken for one
_PEM: Final = re.compile(
    rb"-----BEGIN (?:RSA )?PRIVATE KEY-----.+?-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL
)


class SigningKeys:
    """RSA keys of a PEM file: the first signs, all are believed. Without a file nothing is signed.

    Raises:
        ValueError: the file cannot be read, or has no key that is good enough; says no key.
    """

    def __init__(self, file: Path | None) -> None:
        # Loaded where they are needed: a tenth of what the service takes to start.
        self._pems = () if file is None else _read(file)

    def __bool__(self) -> bool:
        """Whether anything can be signed."""
        return bool(self._pems)

    @cached_property
    def _set(self) -> Any:
        from joserfc.jwk import KeySet, RSAKey  # noqa: PLC0415

        return KeySet(
            [
                RSAKey.import_key(pem, {"alg": ALGORITHM, "use": "sig", "kid": _name(pem)})
                for pem in self._pems
            ]
        )

    def public(self) -> dict[str, Any]:
        """Return the public halves, as a JWK set (RFC 7517)."""
        return dict(self._set.as_dict(private=False))

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return an access token (RFC 9068)."""
        from joserfc import jwt  # noqa: PLC0415

        key = self._set.keys[0]
        header = {"alg": ALGORITHM, "typ": _TYPE, "kid": key.kid}
        return jwt.encode(header, dict(claims), key, algorithms=[ALGORITHM])

    def read(
        self, token: str, *, issuer: str, audience: str, now: datetime
    ) -> Mapping[str, Any] | None:
        """Return what an access token says; None if it is none of ours, or is over."""
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.errors import JoseError  # noqa: PLC0415

        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=0,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            jti={"essential": True},
        )
        try:
            decoded = jwt.decode(token, self._set, algorithms=[ALGORITHM])
            registry.validate(decoded.claims)
        except (JoseError, ValueError):
            return None
        claims: Mapping[str, Any] = decoded.claims
        return claims if decoded.header.get("typ") == _TYPE else None


def new_key() -> str:
    """Return a new key, as PEM."""
    from joserfc.jwk import RSAKey  # noqa: PLC0415

    return RSAKey.generate_key(3072).as_pem(private=True).decode()


def _name(pem: bytes) -> str:
    from joserfc.jwk import RSAKey  # noqa: PLC0415

    return RSAKey.import_key(pem).thumbprint()


def _read(file: Path) -> tuple[bytes, ...]:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_private_key,
    )

    try:
        pems = tuple(_PEM.findall(file.read_bytes()))
        keys = [load_pem_private_key(pem, None) for pem in pems]
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"{file.name}: cannot be read: {type(error).__name__}") from None
    if not keys or not all(
        isinstance(key, RSAPrivateKey) and key.key_size >= LEAST_BITS for key in keys
    ):
        raise ValueError(f"{file.name}: needs RSA keys of {LEAST_BITS} bits or more, as PEM")
    return pems
