"""What each detector is for, as facts in which it finds something: one module per detector.

A module ``tests/support/tales/<name of the detector>.py`` defines ``tales() -> list[Tale]``. Every
word of the catalogue that the detector finds must be certain in one of them; the generic checks
of ``tests/contract/diagnostics`` then run over them too. Keep them short: hundreds of facts.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from msgspec import Struct

from diagnostics.detectors.contract import Aid
from diagnostics.facts import Fact


class Tale(Struct, frozen=True, kw_only=True):
    """What one aid says, oldest received first.

    Attributes:
        finds: words of the catalogue that must be found certain in it, by this detector.
        until: seconds since the start until when timers are served.
    """

    name: str
    aid: Aid
    facts: Sequence[Fact]
    until: float
    finds: frozenset[str] = frozenset()


def tales_of(detector: str) -> list[Tale]:
    """Return the tales of a detector; none: nobody has written its module."""
    name = f"{__name__}.{detector}"
    if find_spec(name) is None:
        return []
    tales: list[Tale] = import_module(name).tales()
    return tales
