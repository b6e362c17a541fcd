"""The whole park out of one database and into another: the same, or a clear word why not."""

import csv
import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.handover.checking import UnreadablePackageError
from api.handover.exporting import NoSuchMunicipalityError, export
from api.handover.loading import Outcome, load
from api.handover.package import source
from ingest.storage.pool import connect
from tests.integration.api.seed import NOW, Seed
from tests.support.database import new_database, register_devices

KINDS = ("stairlift", "scooter", "wheelchair", "hoist")
PHOTO = b"\xff\xd8\xff a foot plate"
SIGNATURE = b"\x89PNG\r\n\x1a\n somebody"
REPORT = b"%PDF-1.7 rejected"


@pytest.fixture
def other_database(postgres_url: str, template_database: str) -> Iterator[str]:
    with new_database(postgres_url, template_database) as url:
        yield url


def park(database: str, seed: Seed) -> None:
    """Two aids of Hoorn with all that a logbook may have, and one of Medemblik."""
    first, second = register_devices(database, ["sl-000001", "rs-000002"]).values()
    register_devices(database, ["sl-medemblik"], municipality_code="GM0420", postcode4=1671)
    seed.run(
        "UPDATE device SET provision = 'Traplift, binnenbocht', serial_number = 'S,\"1\"',"
        " built_on = '2024-05-01', serviced_on = '2026-02-03', lent_on = '2024-06-01',"
        " empty_ma = 7000 WHERE device_id = %s",
        first,
    )
    seed.run(
        "UPDATE device SET client_id = NULL, retired_at = '2026-08-09 10:00+02',"
        " kind = 'wheelchair', seat_width_mm = 460 WHERE device_id = %s",
        second,
    )
    ticket = seed.repair(first, opened_at=NOW - timedelta(days=3))
    seed.event(ticket, "part_used", NOW, "bram", part="zekering", number=2)
    seed.event(ticket, "repaired", NOW, "bram", note='Zekering vervangen;\n"getest", goed')
    seed.event(ticket, "closed", NOW, "bram", outcome="repaired")
    seed.run(
        "UPDATE ticket SET repaired_at = %s, closed_at = %s, dedup_key = NULL",
        *(NOW, NOW),
    )
    for name, content, kind in (
        ("voetplank.jpg", PHOTO, "image/jpeg"),
        ("handtekening.png", SIGNATURE, "image/png"),
    ):
        number = seed.one(
            "INSERT INTO attachment (ticket_id, name, media_type, sha256, bytes, content,"
            " attached_at, actor) VALUES (%s, %s, %s, sha256(%s), %s, %s, %s, 'bram')"
            " RETURNING attachment_id",
            *(ticket, name, kind, content, len(content), content, NOW),
        )
        if content == SIGNATURE:
            seed.event(ticket, "signed", NOW, "bram", by="client", attachment=number)
    seed.run(
        "INSERT INTO aid_file (device_id, about, name, media_type, sha256, bytes, content,"
        " stored_at, actor) VALUES (%s, 'van eerder', 'rapport.pdf', 'application/pdf', sha256(%s),"
        " %s, %s, '2020-01-02 03:04:05.678901+00', 'x')",
        *(first, REPORT, len(REPORT), REPORT),
    )
    for sort, what in (("standard", "Hoofdsteun"), ("individual", "Besturing links")):
        seed.run(
            "INSERT INTO aid_adaptation (device_id, sort, description, public, fitted_on, at,"
            " actor) VALUES (%s, %s, %s, false, '2025-01-01', %s, 'x')",
            *(second, sort, what, NOW),
        )
    seed.run(
        "INSERT INTO aid_adaptation_removal (adaptation_id, removed_on, at, actor)"
        " SELECT min(adaptation_id), '2025-02-02', now(), 'x' FROM aid_adaptation"
    )
    seed.run(
        "INSERT INTO aid_remark (device_id, remark, noted_on, at, actor)"
        " VALUES (%s, E'Sleutel, links\\nen \"rechts\"', '2026-01-02', %s, 'x')",
        *(second, NOW),
    )
    seed.run(
        "INSERT INTO aid_maintenance (device_id, sort, done_on, work, at, actor)"
        " VALUES (%s, 'preventive', '2026-03-04', 'Servicebeurt', %s, 'x')",
        *(second, NOW),
    )
    seed.contact("sl-000001")


def out(database: str, path: Path, *, contacts: bool = False) -> Any:
    """Export the park of Hoorn."""
    with connect(database, application="test") as connection:
        return export(connection, "GM0405", path, contacts=contacts, now=NOW)


def back(database: str, path: Path, *, apply: bool = False) -> Outcome:
    with source(path) as package, connect(database, application="test") as connection:
        return load(connection, package, apply=apply, now=NOW)


def contents(path: Path) -> dict[str, str]:
    """The SHA-256 of every file but the description, which is dated."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if name != "datapackage.json"
        }


def test_out_and_in_and_out_is_the_same(
    database: str, other_database: str, seed: Seed, tmp_path: Path
) -> None:
    park(database, seed)
    first, again = tmp_path / "overdracht.zip", tmp_path / "again.zip"
    counts = out(database, first, contacts=True)
    assert list(counts.values()) == [2, 2, 3, 2, 2, 1, 2, 1]
    with pytest.raises(FileExistsError):
        out(database, first)
    with zipfile.ZipFile(first) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        described = json.loads(archive.read("datapackage.json"))
        for resource in described["resources"]:
            content = archive.read(resource["path"])
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert resource["bytes"] == len(content)
            header = content.decode().split("\n", 1)[0].split(",")
            assert header == [field["name"] for field in resource["schema"]["fields"]]
        assert "Sleutel: aid, reference." in archive.read("README.md").decode()
    assert PHOTO in whole
    assert SIGNATURE not in whole, "whoever signed is nobody else's business"
    assert b"medemblik" not in whole.lower()

    elsewhere = Seed(other_database)
    assert back(other_database, first).faults == []
    assert elsewhere.one("SELECT count(*) FROM device") == 0, "tried, and undone"
    assert back(other_database, first, apply=True).faults == []
    out(other_database, again, contacts=True)
    assert contents(again) == contents(first)
    assert elsewhere.row(
        "SELECT shard, client_number, retired_at IS NULL FROM device JOIN client USING (client_id)"
    ) == (seed.one("SELECT shard FROM device WHERE name = 'sl-000001'"), "C-SL-000001", True)
    trail = "SELECT array_agg(action ORDER BY audit_id) FROM audit"
    assert elsewhere.one(trail) == ["park_imported", "park_exported"]

    twice = back(other_database, first, apply=True)
    assert [str(each) for each in twice.faults] == [
        "aids.csv, row 2, column aid: rs-000002 is registered here already",
        "aids.csv, row 3, column aid: sl-000001 is registered here already",
    ]
    assert elsewhere.one("SELECT count(*) FROM device") == 2
    elsewhere.close()
    with pytest.raises(NoSuchMunicipalityError), connect(database, application="test") as own:
        export(own, "GM9999", tmp_path / "none", contacts=False, now=NOW)


def change(package: Path, name: str, how: Callable[[list[list[str]]], None]) -> None:
    """Change rows of a file, and say so in the description."""
    file = package / f"{name}.csv"
    with file.open(newline="") as lines:
        rows = list(csv.reader(lines))
    how(rows)
    with file.open("w", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)
    described = json.loads((package / "datapackage.json").read_text())
    for resource in described["resources"]:
        if resource["name"] == name:
            resource["bytes"] = file.stat().st_size
            resource["hash"] = f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    (package / "datapackage.json").write_text(json.dumps(described))


def test_what_is_wrong_is_told_by_file_and_row(
    database: str, other_database: str, seed: Seed, tmp_path: Path
) -> None:
    park(database, seed)
    good = tmp_path / "good"
    out(database, good)

    def broken(how: Callable[[Path], object]) -> list[str]:
        package = tmp_path / "broken"
        shutil.rmtree(package, ignore_errors=True)
        shutil.copytree(good, package)
        how(package)
        outcome = back(other_database, package, apply=True)
        return [str(each) for each in outcome.faults]

    def cell(name: str, row: int, column: int, value: str) -> Callable[[Path], None]:
        def write(rows: list[list[str]]) -> None:
            rows[row - 1][column] = value

        return lambda package: change(package, name, write)

    columns = (good / "aids.csv").read_text().split("\n")[0].split(",")
    built, width = columns.index("built_on"), columns.index("seat_width_mm")
    photo = next((good / "documents").glob("*/*.jpg")).relative_to(good)
    cases: list[tuple[Callable[[Path], object], str]] = [
        (lambda at: (at / "aids.csv").write_text("x"), "aids.csv: is not what its checksum says"),
        (lambda at: (at / "remarks.csv").unlink(), "remarks.csv: is missing"),
        (
            lambda at: (at / photo).write_bytes(b"\xff\xd8\xff another"),
            f"documents.csv, row 2, column sha256: {photo} is not what its checksum says",
        ),
        (
            cell("aids", 3, built, "mei 2024"),
            "aids.csv, row 3, column built_on: 'mei 2024' is no date",
        ),
        (
            cell("aids", 2, width, "0"),
            "aids.csv, row 2, column seat_width_mm: '0' is less than 1",
        ),
        (
            cell("aids", 2, 1, "fiets"),
            f"aids.csv, row 2, column kind: 'fiets' is none of {', '.join(KINDS)}",
        ),
        (cell("aids", 2, 0, ""), "aids.csv, row 2, column aid: is empty"),
        (
            cell("remarks", 2, 0, "sl-000009"),
            "remarks.csv, row 2, column aid: sl-000009 is not in aids.csv",
        ),
        (
            lambda at: change(at, "clients", lambda rows: rows.append(rows[1])),
            "clients.csv, row 4: is there twice",
        ),
        (
            lambda at: change(at, "clients", lambda rows: rows.append(["C-9"])),
            "clients.csv, row 4: 1 cells of 2",
        ),
        (
            lambda at: change(at, "clients", lambda rows: rows[0].reverse()),
            "clients.csv, row 1: the columns are to be client_number, wholly_dependent",
        ),
    ]
    for how, said in cases:
        assert broken(how)[0] == said
    assert all("C-RS" not in each for each in broken(cell("aids", 2, 1, "fiets")))
    with pytest.raises(UnreadablePackageError):
        broken(lambda at: (at / "datapackage.json").write_text('{"format": "other"}'))
    elsewhere = Seed(other_database)
    assert elsewhere.one("SELECT count(*) FROM device") == 0
    # A client of another municipality is not ours to take.
    where = "clients.csv, row 3, column client_number"
    elsewhere.run(
        "INSERT INTO client (client_number, municipality_code) VALUES ('C-SL-000001', 'GM0420')"
    )
    assert [str(each) for each in back(other_database, good, apply=True).faults] == [
        f"{where}: C-SL-000001 is a client of another municipality here"
    ]
    elsewhere.close()
