"""A package as a folder or a zip: written from the beginning to the end, read file by file."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Protocol

DESCRIPTION: Final = "datapackage.json"
_PACKED: Final = (".csv", ".json", ".md")  # photographs are small already
_A_PIECE: Final = 1 << 20


class Written(NamedTuple):
    """What was written: how many bytes, and their SHA-256 in hexadecimal."""

    bytes: int
    sha256: str


class Sink:
    """Takes what is written, counts it and works out its checksum."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._bytes = 0

    def write(self, piece: bytes | bytearray | memoryview) -> None:
        """Write a piece."""
        self._file.write(piece)
        self._digest.update(piece)
        self._bytes += len(piece)

    @property
    def written(self) -> Written:
        """What has been written so far."""
        return Written(self._bytes, self._digest.hexdigest())


class Target(Protocol):
    """Where a package goes."""

    def file(self, name: str) -> Any:
        """Return a context manager with the sink of a file; one at a time."""


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def file(self, name: str) -> Iterator[Sink]:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            yield Sink(file)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def file(self, name: str) -> Iterator[Sink]:
        # Without the time of day, the same content gives the same bytes.
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(_PACKED) else zipfile.ZIP_STORED
        with self._archive.open(entry, "w", force_zip64=True) as file:
            yield Sink(file)


@contextmanager
def target(path: Path) -> Iterator[Target]:
    """Make a package at ``path``: a zip if it is called so, else a folder. Whole, or not at all.

    Raises:
        FileExistsError: something is there already.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists already")
    partial = path.with_name(path.name + ".partial")
    if path.suffix == ".zip":
        try:
            with zipfile.ZipFile(partial, "w") as archive:
                yield _Zip(archive)
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)
    else:
        partial.mkdir()
        yield _Folder(partial)
        partial.rename(path)


class Source(NamedTuple):
    """Where a package comes from. ``open``: a file by its name; KeyError or OSError: it lacks."""

    open: Callable[[str], IO[bytes]]

    def checksum(self, name: str) -> Written:
        """Return the size and the checksum of a file."""
        digest, size = hashlib.sha256(), 0
        with self.open(name) as file:
            while piece := file.read(_A_PIECE):
                digest.update(piece)
                size += len(piece)
        return Written(size, digest.hexdigest())


@contextmanager
def source(path: Path) -> Iterator[Source]:
    """Open the package at ``path``.

    Raises:
        OSError: there is none.
        zipfile.BadZipFile: it is neither a folder nor a zip.
    """
    if path.is_dir():
        yield Source(lambda name: (path / name).open("rb"))
    else:
        with zipfile.ZipFile(path) as archive:
            yield Source(archive.open)
