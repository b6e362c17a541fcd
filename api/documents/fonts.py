"""The one family that documents are set in, from a wheel: never what a machine happens to have."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import typst

FAMILY: Final = "Source Sans Pro"
_FACES: Final = ("Regular", "It", "Bold", "BoldIt")


@cache
def fonts() -> "typst.Fonts":
    """Return regular, italic, bold and both, and nothing else."""
    import typst  # noqa: PLC0415 - as in ``pdf``

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[_folder().name]
    )


@cache
def _folder() -> "TemporaryDirectory[str]":
    # The wheel's own folder has each face twice, and which is found first depends on the disk: the
    # same document would not be the same bytes everywhere. It lasts as long as the process.
    folder = TemporaryDirectory(prefix="liftwacht-fonts-")
    shipped = files("font_source_sans_pro") / "files"
    for face in _FACES:
        name = f"SourceSansPro-{face}.ttf"
        (Path(folder.name) / name).write_bytes((shipped / name).read_bytes())
    return folder
