"""docs/accounts.md says what the one table of permissions says."""

import os
import re
from pathlib import Path

from api.accounts.roles import PERMISSIONS, Permission, Role

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "accounts.md"
MARK = "<!-- permissions -->\n"


def table() -> str:
    rows = [
        ["permission", *Role],
        ["---"] * (1 + len(Role)),
        *(
            [f"`{each}`", *("•" if each in PERMISSIONS[role] else "" for role in Role)]
            for each in Permission
        ),
    ]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def test_the_table_is_the_code_s() -> None:
    """With LIFTWACHT_RECORD_PERMISSIONS=1 it is written anew."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, after = text.split(MARK)
    rest = re.sub(r"\A\n?(\|.*\n)*", "", after)
    expected = before + MARK + "\n" + table() + rest
    if os.environ.get("LIFTWACHT_RECORD_PERMISSIONS"):
        DOCUMENT.write_text(expected, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == expected
