"""Logging of every process: one line per event on standard error, configured once.

A terminal gets lines to read, whatever collects them JSON. What is bound (``bound(device=…)``)
stands in each line until the end of its block, in tasks begun there too. Secrets never do.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

Form = Literal["auto", "json", "text"]

_BOUND: ContextVar[Mapping[str, Any]] = ContextVar("liftwacht_bound", default=MappingProxyType({}))

# Whatever an exception or a neighbour's message quotes.
_SECRETS: Final = re.compile(
    r"(?P<address>://[^\s/:@]*:)[^\s/@]+(?=@)"
    r"|(?P<header>\b(?:authorization|cookie)['\"]?\s*[:=]\s*['\"]?)[^'\"\n]+"
    r"|(?P<bearer>\bbearer )\S+"
    r"|(?P<named>\b(?:password|passwd|secret|token|api_?key)['\"]?\s*[:=]\s*['\"]?)[^\s'\",;&]+"
    r"|(?P<webhook>\bwhsec_)[A-Za-z0-9+/=_-]+",
    re.IGNORECASE,
)
# They log each request with its whole address, at a level that is of interest elsewhere.
_TALKATIVE: Final = ("httpx", "httpx2", "urllib3", "apprise")


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Have ``fields`` stand in every line that is logged within; None leaves one out."""
    given = {name: value for name, value in fields.items() if value is not None}
    token = _BOUND.set({**_BOUND.get(), **given})
    try:
        yield
    finally:
        _BOUND.reset(token)


def redacted(text: str) -> str:
    """Return ``text`` with what looks like a secret blotted out."""
    return _SECRETS.sub(_blot, text)


def configure(process: str, level: str = "INFO", form: Form = "auto") -> None:
    """Set up logging for this process.

    Args:
        process: what to call it in each line.
        level: the least level to show, by its name.
        form: of the lines; ``auto``: text for a terminal, JSON for anything else.
    """
    text = sys.stderr.isatty() if form == "auto" else form == "text"
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Text(process) if text else _Json(process))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Json(logging.Formatter):
    """One object a line."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": _at(record),
            "level": record.levelname,
            "process": self._process,
            "logger": record.name,
            "message": redacted(record.getMessage()),
            **{name: _plain(value) for name, value in _BOUND.get().items()},
        }
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        return msgspec.json.encode(line).decode()


class _Text(logging.Formatter):
    """A line to read; a traceback below it."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        told = "".join(f" {name}={_plain(value)}" for name, value in _BOUND.get().items())
        line = (
            f"{_at(record)} {record.levelname} {self._process} {record.name}:"
            f" {redacted(record.getMessage())}{told}"
        )
        if record.exc_info:
            line += "\n" + redacted(self.formatException(record.exc_info))
        return line


def _at(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | bool) else redacted(str(value))


def _blot(found: re.Match[str]) -> str:
    return next(before for before in found.groups() if before is not None) + "***"
