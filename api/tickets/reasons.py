"""A detector's reasons with the sentences that they make."""

from collections.abc import Sequence
from typing import Any

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
