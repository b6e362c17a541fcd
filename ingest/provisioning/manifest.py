"""The list of aids to put into service: JSON lines, one aid each."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from gateway.protocol.messages import DeviceName

# Identities of the platform itself: a device of that name would have their rights at the broker.
PLATFORM_IDENTITIES = ("ingest", "diagnostics", "api", "registrar")
# A device whose calls are made to show that the chain works: ``liftwacht-diagnostics self-test``.
TEST_LIFT = "self-test"
# The nodes of JetStream, to whoever connects and to each other.
NODE = "nats"
RESERVED = frozenset({*PLATFORM_IDENTITIES, TEST_LIFT, NODE, "broker", "ca", "issuing"})


class ManifestError(Exception):
    """A line of the manifest is wrong; the text says which and how."""


class Aid(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An aid, where it is, and whose: a pseudonymous number, never a name."""

    device: DeviceName
    kind: Literal["stairlift", "scooter", "wheelchair", "hoist"]
    maker: str = ""
    model: str = ""
    serial_number: str = ""
    rail_length_mm: Annotated[int, Meta(gt=0)] | None = None
    municipality_code: Annotated[str, Meta(pattern=r"^GM[0-9]{4}$")]
    postcode4: Annotated[int, Meta(ge=1000, le=9999)]
    client_number: Annotated[str, Meta(pattern=r"^[A-Z0-9-]{3,32}$")] | None = None
    wholly_dependent: bool = True
    built_on: date | None = None
    serviced_on: date | None = None
    lent_on: date | None = None
    max_load_kg: Annotated[int, Meta(gt=0)] | None = None
    max_speed_mm_s: Annotated[int, Meta(gt=0)] | None = None
    max_incline_deg: Annotated[int, Meta(ge=0, le=90)] | None = None
    empty_ma: Annotated[int, Meta(gt=0)] | None = None
    tested_ma: Annotated[int, Meta(gt=0)] | None = None
    tested_kg: Annotated[int, Meta(gt=0)] | None = None


def read_manifest(path: Path) -> Iterator[Aid]:
    """Yield the aids listed in a file.

    Raises:
        ManifestError: a line is not an aid.
        OSError: the file cannot be read.
    """
    decoder = msgspec.json.Decoder(Aid)
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                aid = decoder.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise ManifestError(f"{path.name}, line {number}: {error}") from error
            if aid.device in RESERVED:
                raise ManifestError(f"{path.name}, line {number}: {aid.device!r} is reserved")
            yield aid
