"""The bill of materials names what is pinned, with its hashes, and is valid CycloneDX."""

import json
import re
import subprocess
from pathlib import Path

from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator

REPOSITORY = Path(__file__).parents[2]
_PINNED = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


def test_every_pinned_package_is_in_it(tmp_path: Path) -> None:
    subprocess.run(["make", "-s", "sbom", f"SBOM={tmp_path}"], cwd=REPOSITORY, check=True)
    validator = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6)
    for part in ("server", "gateway"):
        text = (tmp_path / f"{part}.cdx.json").read_text()
        assert validator.validate_str(text) is None
        components = json.loads(text)["components"]
        pinned = set(_PINNED.findall((REPOSITORY / "requirements" / f"{part}.txt").read_text()))
        assert pinned
        assert {(each["name"].lower(), each["version"]) for each in components} == pinned
        for each in components:
            hashes = [
                hash_
                for found in each.get("externalReferences", ())
                for hash_ in found.get("hashes", ())
            ]
            assert any(hash_["alg"] == "SHA-256" for hash_ in hashes), each["name"]
