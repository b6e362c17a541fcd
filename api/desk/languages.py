"""Dutch first, English available: gettext catalogues, read from their .po files once."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from fastapi import Request, Response

DEFAULT: Final = "nl"
LANGUAGES: Final = ("nl", "en")
_COOKIE: Final = "liftwacht_language"
_A_YEAR_S: Final = 365 * 86_400
_LOCALE = Path(__file__).parent.parent / "locale"


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the translations into ``language``; English is what the source is written in."""
    path = _LOCALE / language / "LC_MESSAGES" / "api.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def choose(asked: str | None, remembered: str | None, accepted: str | None) -> str:
    """Choose the language of an answer.

    Args:
        asked: for by ``?lang=``.
        remembered: from the cookie.
        accepted: the Accept-Language header.
    """
    for wish in (asked, remembered):
        if wish in LANGUAGES:
            return wish
    return negotiate_locale(_accepted(accepted or ""), LANGUAGES, sep="-") or DEFAULT


def of(request: Request) -> str:
    """Return the language of the answer to ``request``."""
    return choose(
        request.query_params.get("lang"),
        request.cookies.get(_COOKIE),
        request.headers.get("accept-language"),
    )


def remember(request: Request, response: Response, language: str) -> None:
    """Let the browser keep the language that was asked for."""
    if request.query_params.get("lang") == language:
        response.set_cookie(_COOKIE, language, max_age=_A_YEAR_S, httponly=True, samesite="strict")


def _accepted(header: str) -> list[str]:
    weighted = []
    for part in header.split(","):
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if tag and weight > 0:
            weighted.append((weight, tag))
    # Stable: of equals, the first named comes first.
    return [tag for _, tag in sorted(weighted, key=lambda each: -each[0])]
