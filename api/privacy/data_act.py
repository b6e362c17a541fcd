"""What the connected product tells (Data Act, art. 3): from the structs of the wire, in Dutch.

Names, types and limits come from the protocol, what they mean from the data catalogue, how often
from the modem's own settings, and how much from messages that are encoded here.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from api.accounts.roles import PERMISSIONS, Permission, Role
from api.privacy import catalogue
from api.privacy.retention import BY_NAME
from gateway.protocol.codec import TYPES, Encoding, encode
from gateway.protocol.messages import (
    Call,
    Condition,
    FaultEdge,
    Presence,
    Reply,
    Sample,
    Status,
    Usage,
)
from gateway.protocol.topics import FOR_REGISTRAR, RELIABLE, UPWARD, Kind
from gateway.protocol.vocabulary import (
    CallPhase,
    CallReason,
    Demand,
    Direction,
    Edge,
    Landing,
    LoadClass,
    Mode,
    Seat,
)
from gateway.watch.settings import CallSettings, ConditionSettings, SamplingSettings

_DAY_MS: Final = 86_400_000
RIDES_A_DAY: Final = 8  # an assumption: 4 to 12 are usual
RIDE_MS: Final = 40_000
_SAMPLING: Final = SamplingSettings()
_TABLES: Final[Mapping[Kind, str]] = {
    Kind.STATUS: "status",
    Kind.FAULT: "fault",
    Kind.USAGE: "usage",
    Kind.CONDITION: "condition",
    Kind.CALL: "call",
    Kind.REPLY: "reply",
    Kind.PRESENCE: "presence",
}
_ABOUT: Final[Mapping[Kind, str]] = {
    Kind.STATUS: "Meetwaarden: af en toe in rust, vaak tijdens een rit",
    Kind.FAULT: "Een storing komt of verdwijnt",
    Kind.USAGE: "Samenvatting van één rit, tocht of tilbeurt",
    Kind.CONDITION: "Wat het hulpmiddel op een dag meemaakte",
    Kind.CALL: "Noodoproep, herhaling, einde of proef",
    Kind.REPLY: "Antwoord op een opdracht van de servicedesk",
    Kind.PRESENCE: "Verbonden of niet, en hoe het er dan voor staat",
}
# What has another name in the database, or is not stored as such.
_ELSEWHERE: Final[Mapping[str, str]] = {
    "device": "naam van het modem",
    "outbox": "kenmerk van het geheugen van het modem",
    "time_ms": "tijd volgens het modem",
    "offset_ms": "tijd sinds het begin van het bericht",
    "samples": "de meetwaarden, zie de volgende regels",
    "since_ms": "sinds wanneer",
}
_UNITS: Final = (
    ("_mm_s", "mm/s"),
    ("_mm", "mm"),
    ("_ma", "mA"),
    ("_mv", "mV"),
    ("_ms", "ms"),
    ("_dc", "0,1 °C"),
    ("_kg", "kg"),
    ("_dbm", "dBm"),
    ("_deg", "graden"),
    ("_m", "m"),
)
_TYPES: Final = {
    "IntType": "getal",
    "StrType": "tekst",
    "BoolType": "ja of nee",
    "EnumType": "woord uit een lijst",
    "LiteralType": "woord uit een lijst",
    "VarTupleType": "rij",
    "StructType": "meetwaarden",
}
_ROLES: Final[Mapping[Role, str]] = {
    Role.DESK: "servicedesk",
    Role.MECHANIC: "monteur",
    Role.MANAGER: "leidinggevende",
    Role.MACHINE: "systeem met een kenmerk dat dit toestaat",
}


class Attribute(Struct, frozen=True, kw_only=True):
    """One thing that is told."""

    name: str
    what: str
    type: str
    unit: str
    optional: bool


class Product(Struct, frozen=True, kw_only=True):
    """One kind of message."""

    kind: str
    about: str
    frequency: str
    message_bytes: int
    day_bytes: int
    on_device: str
    table: str
    kept: str
    access: str
    attributes: Sequence[Attribute]


def products() -> tuple[Product, ...]:
    """Return all that a device tells of its aid, in the order of the protocol."""
    return tuple(_product(kind) for kind in Kind if kind in UPWARD - FOR_REGISTRAR)


def _product(kind: Kind) -> Product:
    table = next(each for each in catalogue.load() if each.name == _TABLES[kind])
    frequency, a_day = _frequency(kind)
    size = len(encode(_EXAMPLES[kind], Encoding.MSGPACK))
    return Product(
        kind=kind.value,
        about=_ABOUT[kind],
        frequency=frequency,
        message_bytes=size,
        day_bytes=round(size * a_day) + (_parked_bytes() if kind is Kind.STATUS else 0),
        on_device="op schijf tot het platform bevestigt" if kind in RELIABLE else "niet bewaard",
        table=table.name,
        kept=BY_NAME[table.kept].term_text,
        access=_access(),
        attributes=tuple(_attributes(kind, table)),
    )


def _frequency(kind: Kind) -> tuple[str, float]:
    """Return how often it comes, in words and a day."""
    minutes = _SAMPLING.parked_interval_ms // 60_000
    hours = CallSettings().test_interval_ms // 3_600_000
    riding = RIDES_A_DAY * RIDE_MS / _SAMPLING.batch_ms
    days = ConditionSettings().period_ms / _DAY_MS
    return {
        Kind.STATUS: (
            (
                f"in rust elke {minutes} minuten; tijdens een rit"
                f" {1000 // _SAMPLING.riding_read_ms} metingen per seconde, verstuurd per"
                f" {_SAMPLING.batch_ms // 1000} seconden"
            ),
            riding,
        ),
        Kind.FAULT: ("bij elke storing, en als die voorbij is", 1.0),
        Kind.USAGE: (f"na elke rit (gerekend met {RIDES_A_DAY} per dag)", float(RIDES_A_DAY)),
        Kind.CONDITION: ("eenmaal per dag", 1 / days),
        Kind.CALL: (
            f"bij nood, herhaald tot er antwoord is; elke {hours} uur een proef",
            24 / hours,
        ),
        Kind.REPLY: ("na een opdracht", 0.1),
        Kind.PRESENCE: ("als de verbinding komt of gaat", 2.0),
    }[kind]


def _parked_bytes() -> int:
    """Return what readings of a parked aid take a day: one each."""
    one = encode(Status(samples=(_SAMPLE,), **_NUMBERED), Encoding.MSGPACK)
    return len(one) * (_DAY_MS // _SAMPLING.parked_interval_ms)


def _access() -> str:
    roles = [_ROLES[role] for role in _ROLES if Permission.READ_TELEMETRY in PERMISSIONS[role]]
    return (
        f"{', '.join(roles)}; gemeente: alleen wat bij een melding of zaak hoort; cliënt: op"
        " verzoek, van de tijd dat het hulpmiddel zijn of haar bruikleen was"
    )


def _attributes(kind: Kind, table: catalogue.Table) -> Iterator[Attribute]:
    known = {each.name: each.what for each in table.fields}
    info: Any = msgspec.inspect.type_info(TYPES[kind])
    for field in info.fields:
        yield _attribute(field, known, "")
        inner: Any = msgspec.inspect.type_info(Sample)
        if field.encode_name == "samples":
            for each in inner.fields:
                yield _attribute(each, known, "samples.")


def _attribute(field: Any, known: Mapping[str, str], prefix: str) -> Attribute:
    name = field.encode_name
    optional, type_ = _type_of(field.type)
    return Attribute(
        name=prefix + name,
        what=_ELSEWHERE[name] if name in _ELSEWHERE else known[name],
        type=_TYPES[type_],
        unit=next((unit for end, unit in _UNITS if name.endswith(end)), ""),
        optional=optional or not field.required,
    )


def _type_of(info: Any) -> tuple[bool, str]:
    """Return whether it may be unknown, and what it is."""
    if isinstance(info, msgspec.inspect.UnionType):
        rest = [each for each in info.types if not isinstance(each, msgspec.inspect.NoneType)]
        return True, _type_of(rest[0])[1]
    return False, type(info).__name__


_SAMPLE: Final = Sample(
    0, 900, 120, 9_000, 25_100, Seat.OCCUPIED, Demand.UP, Mode.NORMAL, Landing.BETWEEN
)
_ID: Final = "0123456789abcdef" * 2
_NUMBERED: Final[dict[str, Any]] = {
    "device": "sl-000001",
    "outbox": _ID,
    "seq": 100_000,
    "time_ms": 1_800_000_000_000,
}
# As they are in use, with what a modem usually knows.
_EXAMPLES: Final[Mapping[Kind, Any]] = {
    Kind.STATUS: Status(
        samples=(_SAMPLE,) * (_SAMPLING.batch_ms // _SAMPLING.riding_read_ms), **_NUMBERED
    ),
    Kind.FAULT: FaultEdge(
        code="carriage_up_edge", edge=Edge.RAISED, sample=_SAMPLE, maker_code="9", **_NUMBERED
    ),
    Kind.USAGE: Usage(
        duration_ms=RIDE_MS,
        distance_mm=4_700,
        direction=Direction.UP,
        start_landing=Landing.BOTTOM,
        end_landing=Landing.TOP,
        mean_current_ma=9_000,
        peak_current_ma=14_000,
        load_class=LoadClass.NORMAL,
        seat=Seat.OCCUPIED,
        battery_before_mv=26_000,
        battery_after_mv=25_500,
        min_battery_mv=24_800,
        boarding_ms=15_000,
        presses=1,
        trips=0,
        profile_ma=(9_000,) * 8,
        **_NUMBERED,
    ),
    Kind.CONDITION: Condition(
        period_ms=_DAY_MS,
        battery_rest_mv=26_300,
        battery_min_mv=24_800,
        battery_max_mv=27_600,
        charging_ms=3_600_000,
        mains_ms=_DAY_MS,
        seat_ms=600_000,
        temperature_min_dc=170,
        temperature_max_dc=220,
        cycles=20_000,
        odometer_m=50_000,
        parameters=_ID,
        hardware="123456",
        signal_dbm=-80,
        **_NUMBERED,
    ),
    Kind.CALL: Call(
        call_id=_ID,
        reason=CallReason.TEST,
        phase=CallPhase.RAISED,
        since_ms=1_800_000_000_000,
        sample=_SAMPLE,
        **_NUMBERED,
    ),
    Kind.REPLY: Reply(command_id=_ID, outcome="done", **_NUMBERED),
    Kind.PRESENCE: Presence(
        device="sl-000001",
        session=100,
        online=True,
        time_ms=1_800_000_000_000,
        reason="connected",
        outbox=_ID,
        head_seq=100_000,
        sample=_SAMPLE,
        firmware="1.0.0",
    ),
}
