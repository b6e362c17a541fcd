"""A detector's reasons with the sentences that they make."""

from collections.abc import Sequence
from typing import Any

from api.queries import Row
from api.tickets.schemas import Reason
from diagnostics.texts import sentence


def reasons_of(stored: Sequence[dict[str, Any]]) -> list[Reason]:
    """Return stored reasons (``{"code": …, parameters}``) with their sentences, each once."""
    found: list[Reason] = []
    for each in stored:
        code = each["code"]
        parameters = {name: value for name, value in each.items() if name != "code"}
        text = {language: sentence(code, parameters, language) for language in ("nl", "en")}
        reason = Reason(code=code, parameters=parameters, text=text)
        if reason not in found:
            found.append(reason)
    return found


def explained(found: Row) -> Row:
    """Return a row of a finding with its reasons, and what else it could be, in sentences."""
    return found | {
        "reasons": reasons_of(found["reasons"]),
        "otherwise": reasons_of(found["otherwise"]),
    }
