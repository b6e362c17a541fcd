"""The page behind an aid's label: for everybody, and nothing about a person."""

import io

from pypdf import PdfReader

from api.accounts.roles import Role
from tests.integration.api.conftest import serve
from tests.integration.api.seed import NOW, Seed
from tests.support.accounts import dressed, sign_in
from tests.support.database import as_user, register_devices

LABEL = "/v1/devices/sl-000001/label"
PHONE = "0800 - 00 00 00"


def known(seed: Seed) -> None:
    seed.run(
        "UPDATE device SET provision = 'Traplift', built_on = '2024-05-01', lent_on = '2025-02-03',"
        " serviced_on = '2026-01-02', postcode4 = 1695 WHERE name = 'sl-000001'"
    )
    for what, public in (("Draaiplateau", True), ("Beugel om haar prothese", False)):
        seed.run(
            "INSERT INTO aid_adaptation (device_id, sort, description, public, at, actor)"
            " SELECT device_id, 'individual', %s, %s, %s, 'x' FROM device WHERE name = 'sl-000001'",
            *(what, public, NOW),
        )
    seed.run(
        "INSERT INTO aid_remark (device_id, remark, noted_on, at, actor)"
        " SELECT device_id, 'Mevrouw is slechthorend', %s, %s, 'x' FROM device",
        *(NOW, NOW),
    )


async def test_whoever_holds_the_aid_may_read_what_it_is_and_no_more(
    database: str, seed: Seed
) -> None:
    register_devices(database, ["sl-000001", "sl-000002"])
    known(seed)
    url = as_user(database, "liftwacht_api")
    home = "https://hulp.example/"
    async with serve(url, public_url=home, service_phone=PHONE) as client:
        assert (await client.get(LABEL)).json()["url"] is None
        first = (await client.post(LABEL)).json()["url"]
        path = first.removeprefix("https://hulp.example")
        assert len(path) == len("/a/") + 22
        code = await client.get("/devices/sl-000001/label.svg")
        assert code.text.startswith("<svg")
        sheet = await client.post("/labels", data={"names": "sl-000001, SL-000002 sl-000001"})
        assert sheet.status_code == 200, sheet.text
        [page] = PdfReader(io.BytesIO(sheet.content)).pages
        printed = " ".join(page.extract_text().split())
        assert [printed.count(each) for each in ("sl-000001", "sl-000002", PHONE)] == [1, 1, 2]
        assert seed.one("SELECT count(*) FROM aid_label") == 2
        assert (await client.post("/labels", data={"names": "sl-000009"})).status_code == 404

        desk = dict(client.cookies)
        dressed(client, None)
        shown = await client.get(path)
        assert shown.status_code == 200
        for text in ("Traplift", "Testmaker", "05-2024", "Draaiplateau", "2 jan 2026", PHONE):
            assert text in shown.text, text
        assert "2 jan 2027" in shown.text, "by when it is to be serviced"
        for secret in ("C-SL", "prothese", "slechthorend", "Hoorn", "1695", "3 feb 2025"):
            assert secret not in shown.text, secret
        assert shown.headers["X-Robots-Tag"].startswith("noindex")
        assert "Year and month built" in (await client.get(f"{path}?lang=en")).text
        assert (await client.get("/a/sl-000001")).status_code == 404

        client.cookies.update(desk)
        second = (await client.post(LABEL)).json()["url"]
        assert second != first
        assert (await client.get(path)).status_code == 404, "the label before is good no more"
        path = second.removeprefix("https://hulp.example")
        assert (await client.get(path)).status_code == 200
        assert (await client.delete(LABEL)).json()["url"] is None
        assert PHONE in (await client.get(path)).text, "what to do is told all the same"
        dressed(client, sign_in(database, Role.MUNICIPALITY, login="els"))
        assert (await client.post(LABEL)).status_code == 403

        seen = {(await client.get(f"/a/{number:022}")).status_code for number in range(70)}
        assert seen == {404, 429}, "nobody tries one after the other"
