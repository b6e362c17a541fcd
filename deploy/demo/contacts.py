"""The demo's clients: invented people, the same ones every time.

The names are the commonest of the country; streets are numbered out of any real street's range,
and no telephone number begins with 06-000 or is given out in 0999.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

_FIRST = ("Annie", "Corrie", "Gerrit", "Hendrik", "Jan", "Johanna", "Kees", "Maria", "Piet", "Wil")
_LAST = (
    *("Bakker", "De Boer", "De Jong", "De Vries", "Dekker", "Jansen", "Kok", "Meijer", "Mulder"),
    *("Peters", "Smit", "Van Dijk", "Van den Berg", "Visser", "Vos"),
)
_STREETS = (
    "Dorpsstraat",
    "Kerkstraat",
    "Molenweg",
    "Noorderdijk",
    "Populierenlaan",
    "Schoolstraat",
)
_TOWNS = {
    "GM0498": "Hoogkarspel",
    "GM0388": "Enkhuizen",
    "GM0405": "Hoorn",
    "GM1598": "Avenhorn",
    "GM0420": "Medemblik",
    "GM0432": "Opmeer",
    "GM0532": "Bovenkarspel",
    "GM0637": "Zoetermeer",
}


def contacts(manifest: Path) -> Iterator[dict[str, Any]]:
    """Yield a contact for each client of the fleet."""
    seen = set()
    for line in manifest.read_text(encoding="utf-8").splitlines():
        aid = json.loads(line)
        number = aid.get("client_number")
        if number is None or number in seen:
            continue
        seen.add(number)
        random = Random(number)  # noqa: S311 - invented people
        index = len(seen)
        name = f"{random.choice(_FIRST)} {random.choice(_LAST)}"
        yield {
            "clientNumber": number,
            "name": name,
            "street": f"{random.choice(_STREETS)} {random.randint(9_000, 9_999)}",
            "postcode": f"{aid['postcode4']}{random.choice('XZ')}{random.choice('XZ')}",
            "town": _TOWNS.get(aid["municipality_code"], ""),
            "phone": f"06-{index * 2 - 1:08d}",
            "contactName": f"{random.choice(_FIRST)} {name.split(' ', 1)[1]}",
            "contactPhone": f"06-{index * 2:08d}",
            "keySafe": random.choice(
                ("", f"Links van de voordeur, code {random.randint(0, 9999):04d}")
            ),
            "neighbour": random.choice(("", "De buren rechts hebben een sleutel")),
            "remarks": random.choice(("", "", "Hardhorend: lang laten bellen", "Hond in huis")),
        }


def prepare(manifest: Path, root: Path, environment: Mapping[str, str]) -> None:
    """Load those that are not there yet."""
    subprocess.run(
        [sys.executable, "-m", "api", "contacts", "load"],
        check=True,
        cwd=root,
        env=os.environ | environment,
        input="\n".join(json.dumps(each) for each in contacts(manifest)),
        text=True,
    )
