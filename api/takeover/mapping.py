"""Which column of their list is which field of ours: a TOML file. See docs/takeover.md."""

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from api.takeover.plausible import RANGES
from gateway.protocol.topics import DEVICE_NAME_PATTERN

TEXTS: Final = ("provision", "maker", "model", "serial_number")
SIZES: Final = ("rail_length_mm", "seat_width_mm", "seat_depth_mm", "seat_height_mm")
DAYS: Final = ("built_on", "first_used_on", "lent_on", "serviced_on")
LISTS: Final = ("standard_adaptations", "individual_adaptations", "remarks")
NEEDED: Final = ("number", "kind", "postcode4")
FIELDS: Final = (*NEEDED, "client_number", *TEXTS, *SIZES, "max_load_kg", *DAYS, *LISTS)
_KINDS: Final = ("stairlift", "scooter", "wheelchair", "hoist")
UNITS: Final = {"mm": 1, "cm": 10, "m": 1000}
_LONGEST: Final = {"provision": 120}
_EXAMPLE: Final = date(2024, 12, 31)  # shows how a format writes days


class BadMappingError(ValueError):
    """The mapping cannot be used; says why."""


class Mapped(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping as the file has it.

    Attributes:
        columns: our field to their heading.
        sheet: its name; None: the first.
        name: how an aid is called here, with ``{number}`` for theirs.
        dates: formats of ``strptime`` that are tried one after the other.
        unit: of sizes: mm, cm or m.
        kinds: their word to ours.
        separator: between the items of a list.
    """

    columns: dict[str, str]
    kinds: dict[str, str] = {}
    sheet: str | None = None
    name: str = "{number}"
    dates: Sequence[str] = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%m-%Y", "%Y")
    unit: str = "mm"
    separator: str = ";"


class Fault(Struct, frozen=True):
    """What is wrong with a cell: a word of ``words.FAULTS``, with what it is about.

    ``odd``: it may be meant, and is read in.
    """

    field: str
    value: str
    what: str
    about: str = ""
    odd: bool = False


def read(content: str) -> Mapped:
    """Return a mapping.

    Raises:
        BadMappingError: why it cannot be used.
    """
    try:
        found = msgspec.convert(tomllib.loads(content), Mapped)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadMappingError(str(error)) from error
    unknown = sorted(set(found.columns) - set(FIELDS))
    missing = [name for name in NEEDED if name not in found.columns]
    if unknown or missing:
        said = ", ".join([*(f"no field {each}" for each in unknown), *missing])
        raise BadMappingError(f"columns: {said}" + (" must be there" if missing else ""))
    if "{number}" not in found.name or found.unit not in UNITS:
        raise BadMappingError("name needs {number}; unit is mm, cm or m")
    if not set(found.kinds.values()) <= set(_KINDS):
        raise BadMappingError(f"kinds: ours are {', '.join(_KINDS)}")
    return found


def convert(
    mapping: Mapped, cells: Mapping[str, Any], today: date
) -> tuple[dict[str, Any], list[Fault]]:
    """Return what a row says, by our fields, as JSON would have it; and what is wrong or odd.

    Args:
        mapping: theirs to ours.
        cells: by our field, as Excel has them; what is empty is None.
        today: nothing that has happened lies after it.
    """
    told: dict[str, Any] = {}
    faults: list[Fault] = []
    for field in mapping.columns:
        cell = cells.get(field)
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            if field in NEEDED:
                faults.append(Fault(field, "", "empty"))
            continue
        try:
            told[field] = _value(mapping, field, cell, today)
        except _WrongError as error:
            faults.append(Fault(field, text_of(cell)[:80], error.what, error.about))
            continue
        limits = RANGES.get(field)
        if limits and not limits.usual_least <= told[field] <= limits.usual_most:
            usual = _span(mapping, field, limits.usual_least, limits.usual_most)
            faults.append(Fault(field, text_of(cell)[:80], "odd_number", usual, odd=True))
    if "number" in told:
        told["name"] = mapping.name.format(number=_plain(told["number"]))
        if re.fullmatch(DEVICE_NAME_PATTERN, told["name"]) is None or len(told["name"]) > 32:
            faults.append(Fault("number", told["number"], "no_name", told["name"]))
    return told, faults


def text_of(cell: Any) -> str:
    """Return a cell as text: Excel makes a number of what looks like one."""
    if isinstance(cell, datetime | date):
        return f"{cell:%d-%m-%Y}"
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


class _WrongError(ValueError):
    def __init__(self, what: str, about: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.about = about


def _plain(number: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", number.lower()).strip("-")


def _value(  # noqa: C901, PLR0911 - a line or two for each kind of field
    mapping: Mapped, field: str, cell: Any, today: date
) -> Any:
    text = text_of(cell)
    if "\x00" in text or len(text) > 2_000:
        raise _WrongError("too_long")
    if field in DAYS:
        day = _day(mapping, cell)
        if not date(1980, 1, 1) <= day <= today:
            raise _WrongError("not_then")
        return day.isoformat()
    if field in RANGES:
        return _measure(mapping, field, cell)
    if field in LISTS:
        return [each.strip()[:300] for each in text.split(mapping.separator) if each.strip()]
    if field == "kind":
        kind = {**{each: each for each in _KINDS}, **mapping.kinds}.get(text)
        if kind is None:
            raise _WrongError("unknown_kind", ", ".join(mapping.kinds or _KINDS))
        return kind
    if field == "postcode4":
        if re.fullmatch(r"[1-9][0-9]{3}( ?[A-Za-z]{2})?", text) is None:
            raise _WrongError("no_postcode")
        return int(text[:4])
    if field == "client_number":
        if re.fullmatch(r"[A-Z0-9-]{3,32}", text.upper()) is None:
            raise _WrongError("no_client")
        return text.upper()
    if len(text) > _LONGEST.get(field, 60):
        raise _WrongError("too_long")
    return text


def _day(mapping: Mapped, cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in mapping.dates:
        try:
            return datetime.strptime(text_of(cell), form).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    raise _WrongError("no_date", ", ".join(_EXAMPLE.strftime(form) for form in mapping.dates))


def _measure(mapping: Mapped, field: str, cell: Any) -> int:
    try:
        number = float(str(cell).replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _WrongError("no_number")
    found = round(number * _unit(mapping, field)[0])
    limits = RANGES[field]
    if not limits.least <= found <= limits.most:
        raise _WrongError("impossible", _span(mapping, field, limits.least, limits.most))
    return found


def _span(mapping: Mapped, field: str, least: int, most: int) -> str:
    """Return a range in the unit of their list."""
    times, unit = _unit(mapping, field)
    return f"{least / times:g}-{most / times:g} {unit}"


def _unit(mapping: Mapped, field: str) -> tuple[int, str]:
    """Return how many of the register's one of theirs is, and what theirs is called."""
    return (UNITS[mapping.unit], mapping.unit) if field in SIZES else (1, "kg")
