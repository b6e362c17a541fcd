"""Ground truth, written beside a run: what really was the matter, to judge verdicts by.

One JSON object a line. An episode stands there twice: when it begins (``until`` null) and when it
has ended; the later line counts.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct, structs

from simulator.scenarios.durations import duration_ms
from simulator.scenarios.model import Scenario
from simulator.scenarios.setups import profile_name


class Episode(Struct, frozen=True, kw_only=True, rename={"began": "from"}):
    """What was the matter with one device. Times are true wall time, RFC 3339 in UTC.

    Attributes:
        began: ``from`` on paper: since when the rider needed help (an emergency), or since when
            it looked like it (no emergency).
        until: when it ended, or null while it lasts.
        what: name of the scenario.
        emergency: whether there must be a ticket; false: there must be none.
        reasons: at least one of these is a right reason.
        within_ms: how long the ticket may take.
        finding: the word of the platform's catalogue that must be found; "": none.
        forbidden: words that must not be found, though it looks like them.
        behaviour: which way of using, misusing or failing: training and testing keep them apart.
        profile: the controller's; line: the quality of the data line.
        allowed: words that may be found as well, or not: what it brings about besides.
        fails: when the aid can no longer do its work, if it will.
    """

    device: str
    began: str
    until: str | None
    what: str
    emergency: bool
    reasons: tuple[str, ...] = ()
    within_ms: int | None = None
    finding: str = ""
    forbidden: tuple[str, ...] = ()
    behaviour: str = ""
    profile: str = ""
    line: str = ""
    allowed: tuple[str, ...] = ()
    fails: str | None = None


def rfc3339(wall_ms: int) -> str:
    """Return a time as text, UTC, to the millisecond."""
    moment = datetime.fromtimestamp(wall_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def episodes(scenario: Scenario, *, device: str, began_wall_ms: int) -> tuple[Episode, ...]:
    """Return the open episodes of ``scenario`` begun at ``began_wall_ms``.

    One about the emergency (or that there is none), and one for each thing to be found besides.
    """
    expect = scenario.expect
    since_ms = duration_ms(expect.since) if expect.since else 0
    not_found = set(expect.excluded)
    if not expect.emergency:
        not_found.add(scenario.emergency_word)
    common = Episode(
        device=device,
        began=rfc3339(began_wall_ms + since_ms),
        until=None,
        what=scenario.name,
        emergency=expect.emergency,
        reasons=expect.reasons,
        within_ms=duration_ms(expect.within) if expect.within else None,
        finding=scenario.emergency_word if expect.emergency else "",
        forbidden=tuple(sorted(not_found)),
        behaviour=scenario.name,
        profile=profile_name(scenario.setup),
        allowed=expect.finds,
    )
    besides = (
        structs.replace(
            common, emergency=False, reasons=(), within_ms=None, finding=word, allowed=()
        )
        for word in expect.finds
    )
    return (common, *besides)


def ended(open_episode: Episode, *, until_wall_ms: int) -> Episode:
    """Return ``open_episode`` with its end."""
    return structs.replace(open_episode, until=rfc3339(until_wall_ms))


class TruthFile:
    """Appends episodes to a file, each written out at once: a run may end at any moment."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("ab")

    def write(self, record: Episode) -> None:
        """Append ``record``."""
        self._file.write(msgspec.json.encode(record) + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
