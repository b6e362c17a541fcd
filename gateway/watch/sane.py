"""Replaces what no sensor can mean: one mad value must not cost the whole message."""

import re
from typing import Final

from msgspec import structs

from gateway.hal import ActiveFault, Reading
from gateway.protocol.vocabulary import FAULTS

# The bounds of the messages that carry them.
_BOUNDS: Final = {
    "position_mm": (-10_000, 1_000_000),
    "speed_mm_s": (-10_000, 10_000),
    "current_ma": (-200_000, 200_000),
    "battery_mv": (0, 100_000),
    "load_kg": (0, 1_000),
    "incline_deg": (-90, 90),
    "odometer_m": (0, 2**31 - 1),
    "cycles": (0, 2**31 - 1),
    "temperature_dc": (-600, 1_500),
    "signal_dbm": (-200, 0),
}
_NAME_LENGTH: Final = 32
# Some 5 km: nothing finer leaves the modem, whatever its receiver knows.
_CELL_LENGTH: Final = 5
_CODE: Final = re.compile(r"[a-z0-9_]{1,48}")
_CELL: Final = re.compile(rf"[0-9a-z]{{1,{_CELL_LENGTH}}}")


def sane(reading: Reading) -> Reading:
    """Return ``reading`` with nothing in it that a message cannot carry."""
    # By far the most are as they should be, which must be seen quickly.
    position_mm, speed_mm_s = reading.position_mm, reading.speed_mm_s
    current_ma, battery_mv = reading.current_ma, reading.battery_mv
    load_kg, incline_deg = reading.load_kg, reading.incline_deg
    odometer_m, cycles = reading.odometer_m, reading.cycles
    temperature_dc, signal_dbm, cell = reading.temperature_dc, reading.signal_dbm, reading.cell
    plain = (
        not reading.faults
        and (position_mm is None or -10_000 <= position_mm <= 1_000_000)
        and (speed_mm_s is None or -10_000 <= speed_mm_s <= 10_000)
        and (current_ma is None or -200_000 <= current_ma <= 200_000)
        and (battery_mv is None or 0 <= battery_mv <= 100_000)
        and (load_kg is None or 0 <= load_kg <= 1_000)
        and (incline_deg is None or -90 <= incline_deg <= 90)
        and (odometer_m is None or 0 <= odometer_m < 2**31)
        and (cycles is None or 0 <= cycles < 2**31)
        and (temperature_dc is None or -600 <= temperature_dc <= 1_500)
        and (signal_dbm is None or -200 <= signal_dbm <= 0)
        and (cell is None or _CELL.fullmatch(cell) is not None)
        and len(reading.parameters) <= _NAME_LENGTH
        and len(reading.hardware) <= _NAME_LENGTH
    )
    return reading if plain else _mended(reading)


def _mended(reading: Reading) -> Reading:
    changes: dict[str, object] = {}
    for name, (low, high) in _BOUNDS.items():
        value = getattr(reading, name)
        if value is not None and not low <= value <= high:
            changes[name] = None
    if any(f.code not in FAULTS or len(f.maker_code) > _NAME_LENGTH for f in reading.faults):
        changes["faults"] = tuple(
            ActiveFault(
                f.code if _CODE.fullmatch(f.code) else "unknown", f.maker_code[:_NAME_LENGTH]
            )
            for f in reading.faults
        )
    for name in ("parameters", "hardware"):
        if len(text := getattr(reading, name)) > _NAME_LENGTH:
            changes[name] = text[:_NAME_LENGTH]
    if reading.cell is not None:
        cell = reading.cell[:_CELL_LENGTH].lower()
        if cell != reading.cell or not _CELL.fullmatch(cell):
            changes["cell"] = cell if _CELL.fullmatch(cell) else None
    return structs.replace(reading, **changes) if changes else reading
