"""Whether an address can be one, and what of it may be shown. Pure."""

import re
from typing import Final
from urllib.parse import urlsplit

import msgspec

_MAIL: Final = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")
_SCHEME: Final = re.compile(r"([a-z][a-z0-9]{1,20})://\S+")
# Of Apprise: what would have this machine, or its network, do something for whoever asks.
_OF_THIS_MACHINE: Final = frozenset(
    {
        *("json", "jsons", "xml", "xmls", "form", "forms", "syslog", "rsyslog", "dbus", "kde"),
        *("glib", "gnome", "macosx", "windows", "file", "mailto", "mailtos", "mqtt", "mqtts"),
        *("smtp", "smtps", "apprise", "apprises"),
    }
)
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class _Keys(msgspec.Struct):
    p256dh: str
    auth: str


class _Subscription(msgspec.Struct):
    endpoint: str
    keys: _Keys


def check_way(kind: str, address: str) -> None:
    """Check the address of a way.

    Raises:
        ValueError: it cannot be one, and why.
    """
    if kind == "email":
        if not _MAIL.fullmatch(address):
            raise ValueError("is not an e-mail address")
    elif kind == "push":
        try:
            endpoint = msgspec.json.decode(address, type=_Subscription).endpoint
        except msgspec.DecodeError as error:
            raise ValueError(f"is not a push subscription: {error}") from error
        if urlsplit(endpoint).scheme != "https":
            raise ValueError("is not a push subscription: its endpoint is not https")
    else:
        found = _SCHEME.fullmatch(address)
        if found is None:
            raise ValueError("is not an address of Apprise, as tgram://… or sms://…")
        if found[1] in _OF_THIS_MACHINE:
            raise ValueError(f"{found[1]}:// is not allowed here")


def check_webhook(url: str) -> None:
    """Check where events are to be posted.

    Raises:
        ValueError: it is not https, and not this machine.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.username:
        raise ValueError("is not https:// with a host, and without a password")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("is not https://")


def shown(kind: str, address: str) -> str:
    """Return what of an address may be shown: of those that hold secrets only the service."""
    if kind == "email":
        return address
    if kind == "push":
        endpoint = msgspec.json.decode(address).get("endpoint", "")
        return urlsplit(endpoint).hostname or "?"
    return address.partition("://")[0] + "://…"
