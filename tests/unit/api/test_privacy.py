"""What the privacy officer reads says what the code does, and all of it."""

from pathlib import Path

import msgspec
import pytest

from api.privacy import catalogue, data_act, documents
from api.privacy.catalogue import BadCatalogueError, Class
from api.privacy.retention import BY_NAME
from gateway.protocol.codec import TYPES
from gateway.protocol.topics import FOR_REGISTRAR, UPWARD

ROOT = Path(__file__).resolve().parents[3]


def test_documents_are_what_the_code_says() -> None:
    for path, text in documents.documents().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, "run make docs"


def test_every_field_that_a_device_tells_is_in_the_table() -> None:
    told = {each.kind: {one.name for one in each.attributes} for each in data_act.products()}
    about_aids = UPWARD - FOR_REGISTRAR
    assert set(told) == {kind.value for kind in about_aids}
    for kind in about_aids:
        fields = msgspec.structs.fields(TYPES[kind])
        assert {each.encode_name for each in fields} <= told[kind.value]
    assert "samples.position_mm" in told["status"]
    kinds = {each.kind: each for each in data_act.products()}
    assert "elke 15 minuten" in kinds["status"].frequency
    assert kinds["usage"].attributes[5].unit == "mm"
    assert all(0 < each.day_bytes < 200_000 for each in kinds.values())


def test_a_table_is_as_personal_as_its_most_personal_field() -> None:
    classes = {each.name: each.class_ for each in catalogue.load()}
    assert classes["client_contact"] is Class.PERSONAL
    assert classes["status"] is Class.PSEUDONYMOUS
    assert classes["shard"] is Class.NONE
    for table in catalogue.load():
        # What is said to be nobody's must have nobody in it.
        nobody = table.basis.startswith("Geen")
        people = {each.name for each in table.fields if each.class_ is Class.PERSONAL}
        assert not nobody or people <= {"made_by"}, table.name
        assert table.kept in BY_NAME


@pytest.mark.parametrize(
    "lines", ["unknown", "x q text", "x p", "x"], ids=["not common", "class", "no text", "nothing"]
)
def test_an_entry_that_says_nothing_is_refused(lines: str) -> None:
    text = (
        'bases = {task = "x"}\ncommon = {fields = ""}\n'
        f'[t]\npurpose = "x"\nbasis = "task"\nkept = "use"\nfields = "{lines}"\n'
    )
    with pytest.raises(BadCatalogueError):
        catalogue.parse(text)


def test_what_is_missing_is_named_both_ways() -> None:
    tables = catalogue.load()
    schema = {each.name: [one.name for one in each.fields] for each in tables}
    assert catalogue.missing(schema, tables) == ([], [])
    schema["client"] = [*schema["client"], "nickname"]
    assert catalogue.missing(schema, tables) == (["client.nickname"], [])
    schema["client"] = schema["client"][:-2]
    assert catalogue.missing(schema, tables) == ([], ["client.wholly_dependent"])
