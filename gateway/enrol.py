"""Putting a modem into service: a code that is typed in, for a certificate that is its own.

Over HTTPS, since without a certificate the broker is not to be had. The code is read from standard
input: what stands on a command line, others can read.
"""

import json
import ssl
import urllib.error
import urllib.request
from typing import Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from gateway.config import Config, ConfigError
from gateway.identity import IdentityError, IdentityFile

TIMEOUT_S: Final = 30
MAX_ANSWER_BYTES: Final = 64 * 1024
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class EnrolError(Exception):
    """The modem was not enrolled; the text says why, without the code."""


class Enrolment(Struct, frozen=True):
    """What the platform answers. Both texts are PEM."""

    device: str
    certificate: str
    authority: str


def identity_of(config: Config) -> IdentityFile:
    """Return where the modem's identity is.

    Raises:
        ConfigError: key and certificate are not one file.
    """
    tls = config.link.tls
    if tls is None or tls.key is not None:
        raise ConfigError("link.tls needs a certificate and no key: both are in that file")
    return IdentityFile(tls.certificate)


def enrol(config: Config, *, url: str, code: str) -> None:
    """Get a certificate for a key made here, and the authority that the broker is signed by.

    Asked again with the same code, it goes on where it was: an answer may be lost on the way.

    Raises:
        ConfigError: this modem keeps its identity otherwise.
        EnrolError: the platform refuses, or cannot be reached.
    """
    identity = identity_of(config)
    assert config.link.tls is not None  # noqa: S101 - identity_of has looked
    try:
        csr = identity.request(config.device)
        answer = _post(url.rstrip("/") + "/v1/enrolments", {"code": code.strip(), "csr": csr})
        if answer.device != config.device:
            raise EnrolError(f"this code is for {answer.device}, and this modem is {config.device}")
        identity.install(answer.certificate)
        identity.confirm()
        config.link.tls.ca.write_text(answer.authority, encoding="ascii")
    except (IdentityError, OSError) as error:
        raise EnrolError(str(error)) from error


def checked_url(url: str) -> str:
    """Return ``url`` if nobody on the way can read along: https, or this machine.

    Raises:
        ValueError: it is another.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url
    raise ValueError("the address must begin with https://")


def _post(url: str, body: dict[str, str]) -> Enrolment:
    try:
        request = urllib.request.Request(  # noqa: S310 - checked just here
            checked_url(url),
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )
        context = ssl.create_default_context()
        with urllib.request.urlopen(  # noqa: S310 - likewise
            request, timeout=TIMEOUT_S, context=context
        ) as answer:
            return msgspec.json.decode(answer.read(MAX_ANSWER_BYTES), type=Enrolment)
    except urllib.error.HTTPError as error:
        with error:
            raise EnrolError(_why(error)) from error
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise EnrolError(str(error)) from error


def _why(error: urllib.error.HTTPError) -> str:
    try:
        found = json.loads(error.read(MAX_ANSWER_BYTES))
        return f"{error.code}: {found['detail']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"
