"""A repair quote (*reparatieofferte*): what a repair costs, to the cent. Pure.

VAT is worked out on the sum of each rate, and rounded there, half a cent up.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct

_CENT: Final = Decimal("0.01")
_LINES_AT_MOST: Final = 50


class LineKind(StrEnum):
    """What a line is for."""

    PART = "part"
    LABOUR = "labour"


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part, so many of it; or labour, so many hours. ``price``: of one, in euro without VAT."""

    kind: LineKind
    text: str
    amount: Decimal
    price: Decimal
    vat: Decimal

    def __post_init__(self) -> None:
        """Refuse what costs nothing, or less.

        Raises:
            ValueError: says what is wrong.
        """
        if not self.text.strip():
            raise ValueError("a line says what it is for")
        if not 0 < self.amount <= 1_000:
            raise ValueError(f"{self.text}: an amount of {self.amount}")
        if not 0 <= self.price <= 100_000 or self.price != self.price.quantize(_CENT):
            raise ValueError(f"{self.text}: a price of {self.price}")
        if not 0 <= self.vat <= 100:
            raise ValueError(f"{self.text}: VAT of {self.vat} percent")

    @property
    def net(self) -> Decimal:
        """The line's sum without VAT."""
        return _cents(self.amount * self.price)


class Totals(Struct, frozen=True, kw_only=True):
    """The sums. ``vat``: for each rate in percent, lowest first: what it is on, and how much."""

    net: Decimal
    vat: tuple[tuple[Decimal, Decimal, Decimal], ...]
    gross: Decimal


def totals(lines: Sequence[Line]) -> Totals:
    """Add up a quote.

    Raises:
        ValueError: there is nothing to add up, or far too much.
    """
    if not 1 <= len(lines) <= _LINES_AT_MOST:
        raise ValueError(f"a quote has 1 to {_LINES_AT_MOST} lines")
    base: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = line.vat.normalize()
        base[rate] = base.get(rate, Decimal(0)) + line.net
    vat = tuple((rate, base[rate], _cents(base[rate] * rate / 100)) for rate in sorted(base))
    net = sum(base.values(), Decimal(0))
    return Totals(net=net, vat=vat, gross=net + sum((part for *_, part in vat), Decimal(0)))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)
