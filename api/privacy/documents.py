"""Writes the data catalogue, the terms and the Data Act's table as documents.

``python -m api.privacy.documents``; a test fails when they are not what the code says.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from api.privacy import catalogue, data_act
from api.privacy.retention import KINDS

FOLDER: Final = "docs/privacy"
_GENERATED: Final = "<!-- Gemaakt door `make docs` uit de code: niet met de hand te wijzigen. -->\n"


def documents() -> dict[str, str]:
    """Return the documents by their path in the repository."""
    return {
        f"{FOLDER}/gegevenscatalogus.md": "\n".join(_catalogue()) + "\n",
        f"{FOLDER}/bewaartermijnen.md": "\n".join(_terms()) + "\n",
        f"{FOLDER}/data-act.md": "\n".join(_data_act()) + "\n",
    }


def _catalogue() -> Iterator[str]:
    tables = catalogue.load()
    yield "# Gegevenscatalogus\n"
    yield _GENERATED
    fields = sum(len(each.fields) for each in tables)
    yield f"{len(tables)} tabellen, {fields} velden. Doel, grondslag en termijn gelden voor elk"
    yield "veld van een tabel; per veld staat wat het is en hoe ver het tot een persoon leidt.\n"
    for table in tables:
        yield f"## `{table.name}`\n"
        yield f"{table.purpose}.\n"
        yield f"- Grondslag: {table.basis}"
        yield f"- Bewaard: {table.term} (`{table.kept}`)\n"
        yield from _table(
            ("veld", "wat", "soort"),
            (
                (f"`{each.name}`", each.what, catalogue.CLASSES[each.class_])
                for each in table.fields
            ),
        )


def _terms() -> Iterator[str]:
    yield "# Bewaartermijnen\n"
    yield _GENERATED
    yield from _table(
        ("soort", "wat", "termijn", "waarom", "grondslag"),
        ((f"`{each.name}`", each.what, each.term_text, each.why, each.basis) for each in KINDS),
    )


def _data_act() -> Iterator[str]:
    yield "# Wat een hulpmiddel vertelt (Data Act, artikel 3)\n"
    yield _GENERATED
    products = data_act.products()
    a_day = sum(each.day_bytes for each in products)
    yield f"Samen ongeveer {a_day / 1024:.0f} kB per dag, zonder de kop van het netwerk. Formaat:"
    yield "MessagePack of JSON over MQTT 5 met TLS: [asyncapi.json](../protocol/asyncapi.json).\n"
    for each in products:
        yield f"## `{each.kind}`: {each.about}\n"
        yield f"- Hoe vaak: {each.frequency}"
        yield (
            f"- Hoeveel: ongeveer {each.message_bytes} bytes per bericht,"
            f" {each.day_bytes} bytes per dag"
        )
        yield f"- Op het modem: {each.on_device}; op het platform: tabel `{each.table}`"
        yield f"- Bewaard: {each.kept}"
        yield f"- Toegang: {each.access}\n"
        yield from _table(
            ("gegeven", "wat", "soort", "eenheid", "altijd"),
            (
                (f"`{one.name}`", one.what, one.type, one.unit, "nee" if one.optional else "ja")
                for one in each.attributes
            ),
        )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


def main() -> None:
    """Write them anew."""
    root = Path(__file__).resolve().parents[2]
    for path, text in documents().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path} written\n")


if __name__ == "__main__":
    main()
