"""Which months are declared, the message, and what an answer comes to."""

from datetime import date
from xml.etree.ElementTree import fromstring

import pytest

from api.billing import message323, message325
from api.billing.message323 import Line
from api.billing.message325 import BadAnswerError
from api.billing.months import Assignment, due_by, span
from api.billing.settings import Contract
from api.kpi.periods import named

CONTRACT = Contract(agb_code="12345678")
IWMO = "http://www.istandaarden.nl/iwmo/3_2/basisschema/schema"


def assignment(begins: str, ends: str | None = None, kind: str = "maintenance") -> Assignment:
    return Assignment(
        assignment_id=1,
        client_id=1,
        client_number="C-1",
        kind=kind,
        number="20072",
        product_category="xx",  # whatever the municipality assigned
        product_code="xxxxx",
        unit="xx",
        tariff_cents=1_250,
        begins_on=date.fromisoformat(begins),
        ends_on=date.fromisoformat(ends) if ends else None,
    )


@pytest.mark.parametrize(
    ("begins", "ends", "kind", "month", "expected"),
    [
        ("2026-07-12", None, "maintenance", "2026-07", None),
        ("2026-07-12", None, "maintenance", "2026-08", ("2026-08-01", "2026-08-31")),
        ("2026-07-01", None, "maintenance", "2026-07", ("2026-07-01", "2026-07-31")),
        ("2026-07-12", "2026-09-03", "maintenance", "2026-09", ("2026-09-01", "2026-09-03")),
        ("2026-07-12", "2026-09-03", "maintenance", "2026-10", None),
        ("2026-07-12", None, "delivery", "2026-08", ("2026-07-12", "2026-07-12")),
        ("2026-07-12", None, "delivery", "2026-07", None),
        ("2026-07-12", None, "delivery", "2026-09", None),
        ("2026-12-31", None, "delivery", "2027-01", ("2026-12-31", "2026-12-31")),
        ("2026-08-01", None, "delivery", "2026-08", ("2026-08-01", "2026-08-01")),
    ],
)
def test_which_months_are_declared(
    begins: str, ends: str | None, kind: str, month: str, expected: tuple[str, str] | None
) -> None:
    found = span(assignment(begins, ends, kind), named(month))
    assert found == (expected and tuple(map(date.fromisoformat, expected)))
    assert due_by(named("2026-09")) == date(2026, 10, 30)


def line(reference: str, client: int = 1, cents: int = 1_250) -> Line:
    return Line(
        reference=reference,
        client_id=client,
        number="20072",
        product_category="xx",
        product_code="xxxxx",
        unit="xx",
        tariff_cents=cents,
        begins_on=date(2026, 9, 1),
        ends_on=date(2026, 9, 30),
        amount_cents=cents,
    )


def test_the_message_is_as_the_schema_orders_it() -> None:
    lines = [line("R1"), line("R2", 2), line("R3", cents=5_000)]
    made = message323.message(
        CONTRACT,
        "GM0405",
        number="L000001",
        month=named("2026-09"),
        made_on=date(2026, 10, 5),
        lines=lines,
        bsns={1: "999900006", 2: "999900018"},
    )
    root = fromstring(made)  # noqa: S314 - we made it
    its = f"{{{CONTRACT.of('wmo323')}}}"
    plain = [each.tag.partition("}")[2] for each in root.iter()]
    assert plain[:9] == [
        *("Bericht", "Header", "BerichtCode", "BerichtVersie", "BerichtSubversie"),
        *("Afzender", "Ontvanger", "BerichtIdentificatie", "Identificatie"),
    ]
    performance = root.find(f".//{its}Prestatie")
    assert performance is not None
    assert [each.tag.partition("}")[2] for each in performance] == [
        *("ProductReferentie", "ToewijzingNummer", "ProductCategorie", "ProductCode"),
        *("ProductPeriode", "GeleverdVolume", "Eenheid", "ProductTarief", "IngediendBedrag"),
    ]
    assert root.findtext(f".//{{{IWMO}}}TotaalBedrag") == "7500"
    assert root.findtext(f".//{its}Ontvanger") == "0405"
    clients = root.findall(f".//{its}Client")
    assert [len(each.findall(f".//{its}Prestatie")) for each in clients] == [2, 1]
    with pytest.raises(LookupError, match="1 clients"):
        message323.message(
            CONTRACT,
            "GM0405",
            number="L1",
            month=named("2026-09"),
            made_on=date(2026, 10, 5),
            lines=lines,
            bsns={1: "999900006"},
        )


def answered(
    lines: str = "", granted: str = "7500", submitted: str = "7500", header: str = "0200"
) -> bytes:
    space = CONTRACT.of("wmo325")
    amount = "<b:TotaalBedrag>{}</b:TotaalBedrag><b:DebetCredit>D</b:DebetCredit>"
    return f"""<a:Bericht xmlns:a="{space}" xmlns:b="{IWMO}"><a:Header>
<a:BerichtCode>485</a:BerichtCode><a:DeclaratieIdentificatie><b:Identificatie>L000001</b:Identificatie>
</a:DeclaratieIdentificatie><a:RetourCodes><a:RetourCode>{header}</a:RetourCode></a:RetourCodes></a:Header>
<a:DeclaratieAntwoord><a:DeclaratieNummer>L000001</a:DeclaratieNummer>
<a:TotaalIngediendBedrag>{amount.format(submitted)}</a:TotaalIngediendBedrag>
<a:TotaalToegekendBedrag>{amount.format(granted)}</a:TotaalToegekendBedrag>
<a:Clienten><a:Client><a:Prestaties>{lines}</a:Prestaties></a:Client></a:Clienten>
</a:DeclaratieAntwoord></a:Bericht>""".encode()


def one(reference: str, *codes: str) -> str:
    said = "".join(f"<a:RetourCode>{code}</a:RetourCode>" for code in codes)
    return (
        f"<a:Prestatie><a:ProductReferentie><b:ReferentieNummer>{reference}</b:ReferentieNummer>"
        f"</a:ProductReferentie><a:RetourCodes>{said}</a:RetourCodes></a:Prestatie>"
    )


AMOUNTS = {"R1": 1_250, "R2": 1_250, "R3": 5_000}


@pytest.mark.parametrize(
    ("content", "granted", "rejected"),
    [
        (answered(), ["R1", "R2", "R3"], {}),
        (answered(one("R1", "0200"), header="8001"), ["R1", "R2", "R3"], {}),
        (
            answered(one("R2", "9307", "9340") + one("R1", "0200"), granted="6250"),
            ["R1", "R3"],
            {"R2": ("9307", "9340")},
        ),
        (answered(header="0001"), [], dict.fromkeys(AMOUNTS, ("0001",))),
    ],
)
def test_what_an_answer_comes_to(
    content: bytes, granted: list[str], rejected: dict[str, tuple[str, ...]]
) -> None:
    settled = message325.settle(AMOUNTS, message325.read(content, CONTRACT), CONTRACT)
    assert list(settled.granted) == granted
    assert settled.rejected == rejected


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no", "no XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        (b"<Bericht/>", "not a wmo325"),
        (answered().replace(b">485<", b">484<"), "BerichtCode is 484"),
        (answered(one("R9", "9307")), "R9 was not declared"),
        (answered(one("R1", "9307") * 2), "in it twice"),
        (answered(submitted="1"), "declared were 7500"),
        (answered(one("R1", "9307")), "come to 6250"),
        (answered(granted="veel"), "no amount"),
    ],
)
def test_an_answer_that_contradicts_itself_settles_nothing(content: bytes, said: str) -> None:
    with pytest.raises(BadAnswerError, match=said):
        message325.settle(AMOUNTS, message325.read(content, CONTRACT), CONTRACT)
