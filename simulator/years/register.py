"""What the platform's register says of an aid, and from when."""

from datetime import date

from msgspec import Struct

from gateway.protocol.vocabulary import AidKind


class Register(Struct, frozen=True, kw_only=True):
    """An aid as it is registered, beside its messages: what detectors may know of it.

    Attributes:
        since_ms: from when this holds; the first of an aid from the beginning.
        built_on: when it was built; ``serviced_on`` last serviced; ``lent_on``: to this client.
        max_load_kg: by its specification; speed and incline likewise, of aids on wheels.
        empty_ma: mean current upwards, empty, as measured when it was delivered; ``tested_ma``:
            likewise with ``tested_kg`` on it. Of stairlifts and hoists that measure current.
    """

    device: str
    kind: AidKind
    profile: str
    maker: str
    since_ms: int
    postcode4: int
    client_number: str
    rail_length_mm: int | None = None
    built_on: date | None = None
    serviced_on: date | None = None
    lent_on: date | None = None
    max_load_kg: int | None = None
    max_speed_mm_s: int | None = None
    max_incline_deg: int | None = None
    empty_ma: int | None = None
    tested_ma: int | None = None
    tested_kg: int | None = None
