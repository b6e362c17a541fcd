"""Reads the municipality's answer, iWmo 325: which lines are granted, and which are not. Pure."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError, fromstring

from msgspec import Struct

from api.billing.settings import Contract

MOST_BYTES = 20 * 1024 * 1024


class BadAnswerError(ValueError):
    """It is no answer to that declaration, or contradicts itself; says how."""


class Answer(Struct, frozen=True, kw_only=True):
    """What a municipality answered.

    Attributes:
        number: of the declaration; None: the message was refused as a whole.
        identification: of the message that it answers.
        codes: of the message and the declaration.
        lines: return codes by reference, of those that are in it.
    """

    identification: str
    number: str | None
    codes: tuple[str, ...]
    submitted_cents: int | None
    granted_cents: int | None
    lines: Mapping[str, tuple[str, ...]]


class Settled(Struct, frozen=True, kw_only=True):
    """What becomes of the lines of a declaration: return codes of those rejected, by reference."""

    granted: tuple[str, ...]
    rejected: Mapping[str, tuple[str, ...]]


def read(content: bytes, contract: Contract) -> Answer:
    """Return the answer.

    Raises:
        BadAnswerError: it is no iWmo 325 of the version agreed.
    """
    if len(content) > MOST_BYTES:
        raise BadAnswerError("the file is larger than 20 MB")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise BadAnswerError("the file has a document type, which no message has")
    try:
        root = fromstring(content)  # noqa: S314 - without entities there is nothing to expand
    except ParseError as error:
        raise BadAnswerError(f"this is no XML: {error}") from error
    its, base = f"{{{contract.of('wmo325')}}}", f"{{{contract.base_namespace}}}"
    if root.tag != f"{its}Bericht":
        raise BadAnswerError(f"this is {root.tag}, and not a wmo325 of {contract.of('wmo325')}")
    header = root.find(f"{its}Header")
    code = None if header is None else header.findtext(f"{its}BerichtCode")
    if header is None or code != contract.code_325:
        raise BadAnswerError(f"BerichtCode is {code}, not {contract.code_325}")
    identification = header.findtext(f"{its}DeclaratieIdentificatie/{base}Identificatie") or ""
    answer = root.find(f"{its}DeclaratieAntwoord")
    if answer is None:
        return Answer(
            identification=identification,
            number=None,
            codes=_codes(header, its),
            submitted_cents=None,
            granted_cents=None,
            lines={},
        )
    lines: dict[str, tuple[str, ...]] = {}
    for line in answer.iter(f"{its}Prestatie"):
        reference = line.findtext(f"{its}ProductReferentie/{base}ReferentieNummer") or ""
        if reference in lines:
            raise BadAnswerError(f"ProductReferentie {reference} is in it twice")
        lines[reference] = _codes(line, its)
    return Answer(
        identification=identification,
        number=answer.findtext(f"{its}DeclaratieNummer"),
        codes=(*_codes(header, its), *_codes(answer, its)),
        submitted_cents=_cents(answer, f"{its}TotaalIngediendBedrag", base),
        granted_cents=_cents(answer, f"{its}TotaalToegekendBedrag", base),
        lines=lines,
    )


def settle(amounts: Mapping[str, int], answer: Answer, contract: Contract) -> Settled:
    """Return what becomes of the lines of a declaration.

    A line that is not in the answer is granted, if the sum that was granted says so too: nothing is
    taken as paid for on a guess.

    Args:
        amounts: what was declared, in cents, by reference.
        answer: to that declaration.
        contract: which codes mean what.

    Raises:
        BadAnswerError: it names lines that were not declared, or the sums do not add up.
    """
    if answer.number is None or set(answer.codes) & set(contract.refused_codes):
        return Settled(granted=(), rejected=dict.fromkeys(amounts, answer.codes))
    unknown = sorted(answer.lines.keys() - amounts.keys())
    if unknown:
        raise BadAnswerError(f"ProductReferentie {unknown[0]} was not declared")
    rejected = {
        reference: codes
        for reference, codes in answer.lines.items()
        if not codes or set(codes) - set(contract.ok_codes)
    }
    granted = tuple(reference for reference in amounts if reference not in rejected)
    whole = sum(amounts.values())
    if answer.submitted_cents != whole:
        raise BadAnswerError(
            f"TotaalIngediendBedrag is {answer.submitted_cents}, declared were {whole} cents"
        )
    sum_granted = sum(amounts[reference] for reference in granted)
    if answer.granted_cents != sum_granted:
        raise BadAnswerError(
            f"TotaalToegekendBedrag is {answer.granted_cents}; the lines that are not rejected"
            f" come to {sum_granted} cents"
        )
    return Settled(granted=granted, rejected=rejected)


def _codes(of: Element, its: str) -> tuple[str, ...]:
    found = of.findall(f"{its}RetourCodes/{its}RetourCode")
    return tuple(code.text or "" for code in found)


def _cents(of: Element, name: str, base: str) -> int | None:
    text = of.findtext(f"{name}/{base}TotaalBedrag")
    if text is None or not text.isdigit():
        raise BadAnswerError(f"{name.rpartition('}')[2]} is {text!r}, no amount in cents")
    return -int(text) if of.findtext(f"{name}/{base}DebetCredit") == "C" else int(text)
