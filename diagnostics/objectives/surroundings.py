"""What no statement can find out: space on disks, and when certificates end."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

# Of the rest, a certificate for each aid, the first to end counts.
NAMED: Final = frozenset({"ca", "broker", "nats", "ingest", "diagnostics", "self-test"})
_DAY: Final = timedelta(days=1)


def disks(paths: Sequence[Path]) -> Iterator[tuple[str, str, float]]:
    """Yield which share of each disk is free; one that cannot be looked at has none."""
    for path in paths:
        try:
            usage = shutil.disk_usage(path)
        except OSError:
            yield "disk_free", str(path), 0.0
        else:
            yield "disk_free", str(path), usage.free / usage.total


def certificates(files: Iterable[Path], now: datetime) -> Iterator[tuple[str, str, float]]:
    """Yield for how many days certificates hold. One that cannot be read holds no more.

    Reads every file: once an hour is enough, and not in the thread that hears calls.
    """
    from cryptography import x509  # noqa: PLC0415 - few processes watch certificates

    ends: dict[str, float] = {}
    for file in files:
        try:
            end = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
            days = (end - now) / _DAY
        except (OSError, ValueError):
            days = 0.0
        label = file.stem if file.stem in NAMED else "aids"
        ends[label] = min(days, ends.get(label, days))
    for label, days in ends.items():
        yield "certificate_days", label, days


class Surroundings:
    """What one process watches.

    Args:
        disks: any path on each.
        files: certificates.
        folder: with more of them, which come and go.
    """

    def __init__(
        self, *, disks: Sequence[Path] = (), files: Sequence[Path] = (), folder: Path | None = None
    ) -> None:
        self._disks = disks
        self._files = files
        self._folder = folder

    def look(self, now: datetime) -> list[tuple[str, str, float]]:
        """Return what there is to see: (name, label, value)."""
        found = list(disks(self._disks))
        if self._folder is not None:
            found += certificates(sorted(self._folder.glob("*.crt")), now)
        elif self._files:
            found += certificates(self._files, now)
        return found
