"""What a municipality's contract and the standard say about messages: configuration, never code.

The defaults are those of release 3.2 as its published schemas show them. They were read from
copies and not checked against the official files: see ``docs/figures.md``. Product codes,
categories, units and tariffs stand in each assignment, as the municipality gave it.
"""

from msgspec import Struct


class Contract(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to declare to a municipality.

    Attributes:
        agb_code: ours, eight digits.
        ok_codes: return codes that mean that a line is granted or has no remark.
        refused_codes: of a message as a whole: nothing in it was judged.
    """

    agb_code: str
    namespace: str = "http://www.istandaarden.nl/iwmo/3_2/{message}/schema"
    base_namespace: str = "http://www.istandaarden.nl/iwmo/3_2/basisschema/schema"
    version: str = "3"
    subversion: str = "2"
    code_323: str = "484"
    code_325: str = "485"
    base_schema_version: str = "1.0.0"
    message_schema_version: str = "1.0.0"
    ok_codes: tuple[str, ...] = ("0200", "8001")
    refused_codes: tuple[str, ...] = ("0001",)

    def of(self, message: str) -> str:
        """Return the namespace of a message: wmo323 or wmo325."""
        return self.namespace.format(message=message)
