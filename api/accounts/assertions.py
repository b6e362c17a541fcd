"""By what a client shows who it is: a JWT that it signs with its own key (RFC 7523); its keys."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from api.accounts.signing import LEAST_BITS

TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Signed with a key of the client's, never with a secret that we share, and never not at all.
ALGORITHMS: Final = ("RS256", "PS256", "ES256")
LASTS: Final = timedelta(hours=1)  # at most; what was shown is remembered for so long
LEEWAY: Final = timedelta(minutes=1)  # of its clock
MOST_BYTES: Final = 64 * 1024  # of a set of keys
_MOST_KEYS: Final = 10
_LONGEST: Final = 8_192  # an assertion
_LONGEST_LOGIN: Final = 64
_LEAST_JTI: Final = 16  # characters: 128 bits are not written in fewer
# What a public key may say; what else is there is not kept.
_PUBLIC: Final = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y", "x5c")
_SECRET: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class BadKeysError(ValueError):
    """Keys that are not taken. ``code``: ``keys``, or ``keys_private``: a private one is there."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class BadAssertionError(ValueError):
    """Nobody has shown who they are by this; says why, for the log and the client's people."""


class Claimed(NamedTuple):
    """Who somebody says that they are, before anything of it is known; and by which key."""

    client: str
    key: str | None


class Shown(NamedTuple):
    """What an assertion was, once it is known to be right."""

    jti: str
    expires_at: datetime


def public_keys(text: str | bytes) -> dict[str, Any]:
    """Return a JWK set as it is kept: public halves of keys that are good enough, with names.

    Raises:
        BadKeysError: it is none.
    """
    from joserfc.errors import JoseError  # noqa: PLC0415 - as in ``signing``
    from joserfc.jwk import ECKey, RSAKey  # noqa: PLC0415

    if len(text) > MOST_BYTES:
        raise BadKeysError("keys", "the set of keys is too large")
    try:
        found = json.loads(text)["keys"]
        keys = [{name: each[name] for name in _PUBLIC if name in each} for each in found]
        private = any(_SECRET & set(each) for each in found)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadKeysError("keys", "this is no JWK set") from None
    if private:
        raise BadKeysError("keys_private", "a private key is in it: make another pair of keys")
    names = [each.get("kid") for each in keys]
    if not keys or len(keys) > _MOST_KEYS or None in names or len(set(map(str, names))) < len(keys):
        raise BadKeysError("keys", f"1 to {_MOST_KEYS} keys, each with a kid of its own")
    for each in keys:
        try:
            match each.get("kty"):
                case "RSA" if _bits(each["n"]) >= LEAST_BITS and RSAKey.import_key(each):
                    pass
                case "EC" if each.get("crv") == "P-256" and ECKey.import_key(each):
                    pass
                case _:
                    raise BadKeysError("keys", f"RSA of {LEAST_BITS} bits or more, or EC P-256")
        except (JoseError, ValueError, TypeError, AttributeError, KeyError):
            raise BadKeysError("keys", f"the key {each['kid']!r} cannot be read") from None
        if each.get("use", "sig") != "sig" or each.get("alg", ALGORITHMS[0]) not in ALGORITHMS:
            raise BadKeysError("keys", f"the key {each['kid']!r} is not one to sign with here")
    return {"keys": keys}


def _bits(number: str) -> int:
    """Return how long a number is, written as in a JWK."""
    return int.from_bytes(urlsafe_b64decode(number + "==")).bit_length()


def claimed(assertion: str) -> Claimed:
    """Return who is said to show who they are. Nothing of it is known yet.

    Raises:
        BadAssertionError: it is no JWT, or names nobody.
    """
    from joserfc import jws  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415

    if len(assertion) > _LONGEST:
        raise BadAssertionError("it is too long")
    try:
        found = jws.extract_compact(assertion.encode("ascii"))
        claims, key = json.loads(found.payload), found.headers().get("kid")
    except (JoseError, ValueError, RecursionError):
        raise BadAssertionError("it is no signed JWT") from None
    client = claims.get("sub") if isinstance(claims, dict) else None
    if not isinstance(client, str) or not 0 < len(client) <= _LONGEST_LOGIN or "\x00" in client:
        raise BadAssertionError("it names no client")
    return Claimed(client, key if isinstance(key, str) else None)


def check(
    assertion: str,
    keys: Mapping[str, Any],
    said: Claimed,
    *,
    audiences: Collection[str],
    now: datetime,
) -> Shown:
    """Return what an assertion was, if it is right.

    Args:
        assertion: a signed JWT.
        keys: of the client that it names, as ``public_keys`` returns them.
        said: as ``claimed`` returns it.
        audiences: names of ours, any of which it must be meant for.
        now: aware.

    Raises:
        BadAssertionError: it is not signed by the client, not meant for us, or not of now.
    """
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415

    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=int(LEEWAY.total_seconds()),
        iss={"essential": True, "value": said.client},
        sub={"essential": True, "value": said.client},
        aud={"essential": True, "values": list(audiences)},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    claims = _signed(assertion, [each for each in keys["keys"] if said.key in (None, each["kid"])])
    try:
        registry.validate(claims)
    except JoseError as error:
        raise BadAssertionError(f"it is not right: {error}") from None
    jti = claims["jti"]
    if len(jti) < _LEAST_JTI:
        raise BadAssertionError("its jti is shorter than 128 bits")
    if claims["exp"] > (now + LASTS + LEEWAY).timestamp():
        raise BadAssertionError("it would last for more than an hour")
    return Shown(jti, datetime.fromtimestamp(claims["exp"], UTC) + LEEWAY)


def _signed(assertion: str, keys: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is signed with one of ``keys``.

    Raises:
        BadAssertionError: with none of them.
    """
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    for key in keys:
        known = KeySet.import_key_set({"keys": [dict(key)]})
        try:
            claims: dict[str, Any] = jwt.decode(assertion, known, list(ALGORITHMS)).claims
        except (JoseError, ValueError):
            continue
        return claims
    raise BadAssertionError("it is not signed with a key of the client's")
