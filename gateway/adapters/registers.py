"""How a reading stands in 16-bit registers: one map for both ends of a bus, versioned.

Modbus carries it whole (``gateway.adapters.modbus``), CAN in frames (``gateway.adapters.can``).
Documented for makers of controllers in ``docs/simulator/workbench.md``. Big-endian throughout.
A later version only appends; a reader takes any map of at least its own length and version.

Resolution: numbers in the units of ``gateway.hal.Reading``, cut to the range of their registers;
at most ``MAX_FAULTS`` faults, maker's codes of ``MAKER_CODE_BYTES`` bytes of UTF-8, and a fault
that is not of the vocabulary becomes ``OTHER_FAULT``, with its maker's code.
"""

import struct
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from msgspec import structs

from gateway.hal import ActiveFault, Notice, Reading
from gateway.protocol.vocabulary import Contacts, Demand, Landing, Mode, Seat, Signals

MAGIC: Final = 0x4C57  # "LW": so that a wrong address or device is not taken for a lift
VERSION: Final = 1
MAX_FAULTS: Final = 6
MAKER_CODE_BYTES: Final = 16
FALLBACK_BYTES: Final = 128

# What the modem writes: a notice by its number, and what it would send by telephone.
NOTICE_AT: Final = 200
FALLBACK_AT: Final = 201  # its length in bytes, then the text
FALLBACK_COUNT: Final = 1 + FALLBACK_BYTES // 2
NOTICES: Final = (
    Notice.CALLING,
    Notice.HELP_COMING,
    Notice.ANSWERED,
    Notice.RELEASED,
    Notice.FALLBACK,
    Notice.IDENTIFY,
)  # number 1 is the first; append only

# Number 1 is the first; append only. 0: none.
FAULT_CODES: Final = (
    *("power_down", "battery_low", "battery_flat", "no_charge", "overspeed_governor"),
    *("seat_turned", "key_off", "final_limit", "footrest_up_edge", "footrest_down_edge"),
    *("carriage_up_edge", "carriage_down_edge", "belt_open", "armrest_open", "hinge_rail"),
    *("powered_step", "over_current", "relay", "brake", "joystick"),
    *("controller", "charger", "seat_sensor", "over_voltage", "drive_hot"),
    *("motor", "inhibited", "overload", "emergency_stop", "actuator"),
)
OTHER: Final = 0xFFFF
OTHER_FAULT: Final = "other"
_NUMBER_OF_FAULT: Final = {code: number for number, code in enumerate(FAULT_CODES, start=1)}


class MapError(OSError):
    """What was read is not a reading in a version that we know."""


class Field(NamedTuple):
    """One entry of the map. ``form`` is a letter of ``struct``; the lowest value means None."""

    name: str
    form: str
    at: int
    unit: str

    @property
    def size(self) -> int:
        """How many registers it takes."""
        return struct.calcsize(">" + self.form) // 2


def _laid_out(first: int, *entries: tuple[str, str, str]) -> tuple[Field, ...]:
    found, at = [], first
    for name, form, unit in entries:
        found.append(Field(name, form, at, unit))
        at += found[-1].size
    return tuple(found)


# What changes while it moves comes first, and is what a fast frame carries.
HEADER: Final = 3  # magic, version, life: one more at every refresh
NUMBERS: Final = _laid_out(
    HEADER,
    ("position_mm", "i", "mm from the bottom end"),
    ("speed_mm_s", "h", "mm/s, up or forward positive"),
    ("current_ma", "i", "mA"),
    ("battery_mv", "i", "mV at the terminals"),
    ("seat", "H", "0 unknown, 1 empty, 2 occupied"),
    ("demand", "H", "0 none, 1 up, 2 down"),
    ("mode", "H", "0 normal, 1 service, 2 hand-wound"),
    ("landing", "H", "0 unknown, 1 between, 2 bottom, 3 top, 4 middle"),
    ("contacts", "I", "bits of Contacts"),
    ("signals", "I", "bits of Signals"),
    ("load_kg", "h", "kg"),
    ("incline_deg", "h", "degrees, nose up positive"),
    ("odometer_m", "i", "m"),
    ("cycles", "i", "starts of the drive"),
    ("temperature_dc", "h", "0.1 degrees Celsius"),
    ("signal_dbm", "h", "dBm"),
)
TEXTS: Final = _laid_out(
    NUMBERS[-1].at + NUMBERS[-1].size,
    ("parameters", "32s", "UTF-8, padded with 0"),
    ("hardware", "32s", "UTF-8, padded with 0"),
    ("cell", "12s", "geohash, padded with 0; FFFF first: none"),
)
FAULTS_AT: Final = TEXTS[-1].at + TEXTS[-1].size
_FAULT_FORM: Final = f"H{MAKER_CODE_BYTES}s"
FAULT_COUNT: Final = struct.calcsize(">" + _FAULT_FORM) // 2
COUNT: Final = FAULTS_AT + 1 + MAX_FAULTS * FAULT_COUNT  # at most 125: one Modbus request

_NONE: Final = {"h": -(2**15), "i": -(2**31)}
_HIGHEST: Final = {"h": 2**15 - 1, "i": 2**31 - 1, "H": 2**16 - 1, "I": 2**32 - 1}
_ENUMS: Final = {
    "seat": Seat,
    "demand": Demand,
    "mode": Mode,
    "landing": Landing,
    "contacts": Contacts,
    "signals": Signals,
}
_NUMBERS: Final = struct.Struct(">" + "".join(field.form for field in NUMBERS))
_TEXTS: Final = struct.Struct(">" + "".join(field.form for field in TEXTS))
_FAULTS: Final = struct.Struct(">H" + _FAULT_FORM * MAX_FAULTS)
_NO_CELL: Final = b"\xff\xff"


def encode(reading: Reading, *, life: int = 0) -> list[int]:
    """Return ``COUNT`` registers, each 0 to 65535. ``life`` counts refreshes, modulo 65536."""
    numbers = [number(field, getattr(reading, field.name)) for field in NUMBERS]
    cell = _NO_CELL if reading.cell is None else _text(reading.cell, TEXTS[2])
    faults: list[int | bytes] = []
    for fault in reading.faults[:MAX_FAULTS]:
        faults += [
            _NUMBER_OF_FAULT.get(fault.code, OTHER),
            _cut(fault.maker_code, MAKER_CODE_BYTES),
        ]
    faults += [0, b""] * (MAX_FAULTS - len(faults) // 2)
    body = (
        struct.pack(">3H", MAGIC, VERSION, life & 0xFFFF)
        + _NUMBERS.pack(*numbers)
        + _TEXTS.pack(_text(reading.parameters, TEXTS[0]), _text(reading.hardware, TEXTS[1]), cell)
        + _FAULTS.pack(min(len(reading.faults), MAX_FAULTS), *faults)
    )
    return registers_of(body)


def decode(registers: Sequence[int]) -> Reading:
    """Return the reading in ``registers``. Words that we do not know count as unknown.

    Raises:
        MapError: too few of them, another device's, or an older version of the map.
    """
    if len(registers) < COUNT:
        raise MapError(f"{len(registers)} registers, expected {COUNT}")
    body = bytes_of(registers)
    magic, version, _ = struct.unpack_from(">3H", body)
    if magic != MAGIC:
        raise MapError(f"no lift: begins with {magic:#06x}, not {MAGIC:#06x}")
    if version < VERSION:
        raise MapError(f"version {version} of the map, expected {VERSION} or later")
    values = _NUMBERS.unpack_from(body, HEADER * 2)
    found: dict[str, Any] = {
        field.name: value_of(field, raw) for field, raw in zip(NUMBERS, values, strict=True)
    }
    parameters, hardware, cell = _TEXTS.unpack_from(body, TEXTS[0].at * 2)
    count, *faults = _FAULTS.unpack_from(body, FAULTS_AT * 2)
    found["parameters"], found["hardware"] = _read(parameters), _read(hardware)
    found["cell"] = None if cell.startswith(_NO_CELL) else _read(cell)
    found["faults"] = tuple(
        ActiveFault(_code(faults[2 * place]), _read(faults[2 * place + 1]))
        for place in range(min(count, MAX_FAULTS))
    )
    return Reading(**found)


def life_of(registers: Sequence[int]) -> int:
    """Return the count of refreshes: a controller that hangs behind its bus repeats it."""
    return registers[2]


def number(field: Field, value: int | None) -> int:
    """Return ``value`` as it stands in the registers of ``field``."""
    if value is None:
        return _NONE[field.form]
    lowest = _NONE[field.form] + 1 if field.form in _NONE else 0
    return max(lowest, min(int(value), _HIGHEST[field.form]))


def value_of(field: Field, raw: int) -> Any:
    """Return what ``raw`` means; a word of an enumeration that we do not know is its first."""
    if (kind := _ENUMS.get(field.name)) is None:
        return None if raw == _NONE[field.form] else raw
    try:
        return kind(raw)
    except ValueError:
        return kind(0)


def as_carried(reading: Reading) -> Reading:
    """Return ``reading`` in the resolution of the map: what arrives at the other end."""
    changes = {f.name: value_of(f, number(f, getattr(reading, f.name))) for f in NUMBERS}
    changes |= {f.name: _read(_text(getattr(reading, f.name), f)) for f in TEXTS[:2]}
    if reading.cell is not None:
        changes["cell"] = _read(_text(reading.cell, TEXTS[2]))
    changes["faults"] = tuple(
        ActiveFault(
            fault.code if fault.code in _NUMBER_OF_FAULT else OTHER_FAULT,
            _read(_cut(fault.maker_code, MAKER_CODE_BYTES)),
        )
        for fault in reading.faults[:MAX_FAULTS]
    )
    return structs.replace(reading, **changes)


def notice_number(notice: Notice) -> int:
    """Return the number of ``notice``."""
    return NOTICES.index(notice) + 1


def notice_of(number_: int) -> Notice | None:
    """Return the notice of that number; None: a later version's."""
    return NOTICES[number_ - 1] if 0 < number_ <= len(NOTICES) else None


def fallback_registers(text: str) -> list[int]:
    """Return the text for the telephone: its length, then itself (``FALLBACK_COUNT`` in all)."""
    cut = _cut(text, FALLBACK_BYTES)
    return [len(cut), *registers_of(cut.ljust(FALLBACK_BYTES, b"\0"))]


def fallback_of(registers: Sequence[int]) -> str:
    """Return the text that ``fallback_registers`` made."""
    return bytes_of(registers[1:])[: registers[0]].decode(errors="replace")


def registers_of(body: bytes) -> list[int]:
    """Return bytes as registers, two in each."""
    return list(struct.unpack(f">{len(body) // 2}H", body))


def bytes_of(registers: Sequence[int]) -> bytes:
    """Return registers as bytes."""
    return struct.pack(f">{len(registers)}H", *registers)


def _code(number_: int) -> str:
    return FAULT_CODES[number_ - 1] if 0 < number_ <= len(FAULT_CODES) else OTHER_FAULT


def _text(value: str, field: Field) -> bytes:
    return _cut(value, field.size * 2)


def _cut(text: str, size: int) -> bytes:
    """Return ``text`` in at most ``size`` bytes of UTF-8, no character cut through."""
    return text.encode(errors="replace")[:size].decode(errors="ignore").encode()


def _read(body: bytes) -> str:
    return body.rstrip(b"\0").decode(errors="replace")
