"""The controller's board: what it tells the modem of the aid it drives, by its maker's ways."""

from collections.abc import Mapping
from functools import reduce
from itertools import compress, product
from operator import or_
from types import MappingProxyType

from msgspec import structs

from gateway.hal import ActiveFault, Reading
from gateway.protocol.vocabulary import Contacts, Landing, Seat, Signals
from simulator.hardware.aid import Aid
from simulator.hardware.breakdown import Breakdown
from simulator.hardware.makers import DEFAULT_PROFILE
from simulator.hardware.profile import COARSE_STEP_MM, SLOW_BUS_MS, Profile, Quirk

BATTERY_STEP_MV = 100  # assumed: resolution of the voltage measurement

# Looked up, since adding flags up is slow and every reading needs it.
_SIGNALS: Mapping[tuple[bool, ...], Signals] = MappingProxyType(
    {
        states: reduce(
            or_,
            compress(
                (
                    Signals.SOS,
                    Signals.CHARGING,
                    Signals.MAINS,
                    Signals.REFUSED,
                    Signals.OPENED,
                ),
                states,
            ),
            Signals.NONE,
        )
        for states in product((False, True), repeat=5)
    },
)


class Board:
    """One aid's board.

    Args:
        aid: what it drives.
        profile: its maker's; None: the usual one of this kind of aid.
        quirks: what this one lacks besides.
    """

    def __init__(
        self, aid: Aid, *, profile: Profile | None = None, quirks: frozenset[Quirk] = frozenset()
    ) -> None:
        self._aid = aid
        self.profile = profile or DEFAULT_PROFILE[aid.kind]
        if aid.kind not in self.profile.kinds:
            raise ValueError(f"{self.profile.name} is no controller of a {aid.kind}")
        self.quirks = quirks | self.profile.quirks
        self._answer: Reading | None = None
        self._answered_ms = 0

    def read(self, now_ms: int, *, signal_dbm: int | None = None) -> Reading:
        """Return what it says at ``now_ms``, with what the modem adds.

        Raises:
            OSError: its bus does not answer.
        """
        fresh = self._answer is not None and now_ms - self._answered_ms < SLOW_BUS_MS
        if Quirk.SLOW_BUS in self.quirks and fresh and Breakdown.BUS not in self._aid.broken:
            assert self._answer is not None  # noqa: S101 - else it would not be fresh
            return self._answer
        self._answer = reading_of(
            self._aid, profile=self.profile, quirks=self.quirks, signal_dbm=signal_dbm
        )
        self._answered_ms = now_ms
        return self._answer


def reading_of(
    aid: Aid,
    *,
    profile: Profile | None = None,
    quirks: frozenset[Quirk] = frozenset(),
    signal_dbm: int | None = None,
) -> Reading:
    """Return what ``aid``'s controller says now; ``signal_dbm`` is the modem's own.

    Raises:
        OSError: its bus does not answer.
    """
    if Breakdown.BUS in aid.broken:
        raise OSError("the controller does not answer")
    profile = profile or DEFAULT_PROFILE[aid.kind]
    best = aid.reading()
    battery_mv = round(aid.battery_v * 1000 / BATTERY_STEP_MV) * BATTERY_STEP_MV
    reading = structs.replace(
        best,
        current_ma=round(aid.current_a * 1000),
        battery_mv=battery_mv,
        seat=Seat.OCCUPIED if aid.occupied else Seat.EMPTY,
        signals=_signals(aid, best.signals, refused=Quirk.NO_REFUSED_SIGNAL not in quirks),
        faults=_faults(aid, profile, quirks),
        temperature_dc=round(aid.temperature_c * 10),
        cycles=aid.cycles,
        parameters=aid.parameters,
        hardware=aid.serial,
        signal_dbm=signal_dbm,
    )
    return structs.replace(reading, **_lacking(reading, quirks)) if quirks else reading


def _signals(aid: Aid, own: Signals, *, refused: bool) -> Signals:
    common = _SIGNALS[aid.sos, aid.charging, aid.mains_seen, refused and aid.refused, aid.opened]
    return common | own if own else common


def _faults(aid: Aid, profile: Profile, quirks: frozenset[Quirk]) -> tuple[ActiveFault, ...]:
    present = aid.conditions
    if not present:  # as mostly, and this is asked at every reading
        return ()
    if Quirk.NO_BELT_SWITCH in quirks:
        present.discard("belt_open")
    shown = profile.shown_as
    faults = {
        code: ActiveFault(code=shown.get(code, word), maker_code=code)
        for word, code in profile.codes.items()
        if word in present
    }
    return tuple(faults.values())[: 1 if profile.one_code_at_a_time else None]


def _lacking(reading: Reading, quirks: frozenset[Quirk]) -> dict[str, object]:
    """Return what these quirks change in ``reading``."""
    changes: dict[str, object] = {}
    for quirk in quirks:
        changes |= _UNKNOWN.get(quirk, {})
    if Quirk.COARSE_POSITION in quirks and reading.position_mm is not None:
        step = COARSE_STEP_MM
        changes = {"position_mm": reading.position_mm // step * step, "speed_mm_s": None} | changes
    if Quirk.NO_BELT_SWITCH in quirks:
        changes = {"contacts": reading.contacts & ~Contacts.SEAT_BELT} | changes
    if Quirk.NO_LOCATION in quirks:
        changes["signals"] = reading.signals & ~Signals.AWAY
    return changes


# What a quirk leaves unknown, whatever is so.
_UNKNOWN: Mapping[Quirk, Mapping[str, object]] = MappingProxyType(
    {
        Quirk.NO_SEAT_SENSOR: {"seat": Seat.UNKNOWN},
        Quirk.NO_LANDING_SWITCHES: {"landing": Landing.UNKNOWN},
        Quirk.NO_POSITION: {"position_mm": None, "speed_mm_s": None},
        Quirk.NO_CONTACTS: {"contacts": Contacts.NONE},
        Quirk.NO_COUNTERS: {"cycles": None, "odometer_m": None},
        Quirk.NO_IDENTITY: {"parameters": "", "hardware": ""},
        Quirk.NO_CURRENT: {"current_ma": None},
        Quirk.NO_LOCATION: {"cell": None},
    }
)
