"""Turns templates and what goes into them into pages, in either language."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.breaches import words as breach_words
from api.desk import languages, words
from api.logbook import words as logbook_words
from api.misuse import words as misuse_words
from api.portal import words as portal_words
from api.privacy import words as privacy_words
from api.subjects import words as subject_words
from api.takeover import words as takeover_words
from api.web import TEMPLATES
from diagnostics import texts
from gateway.protocol.vocabulary import fault_of

ZONE = ZoneInfo("Europe/Amsterdam")
_WEEKDAY_SAYS_IT = timedelta(days=6)
_FAR_DAYS = 3_650.0  # no forecast says more


class Renderer:
    """One environment per language, made at start. They are the same for all of a process."""

    def __init__(self) -> None:
        self._environments = {language: _environment(language) for language in languages.LANGUAGES}

    def render(self, template: str, *, language: str, context: Mapping[str, Any]) -> str:
        """Return the page as HTML. ``context`` has ``now`` (aware) beside what is shown."""
        return self._environments[language].get_template(template).render(context)


def clock(span: timedelta) -> str:
    """Write a time span as on a clock: 04:09, 1:04:09, 2 d 01:04; never negative."""
    seconds = max(0, int(span.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours:02d}:{minutes:02d}"
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def day(at: datetime, days: float | None = 0.0, *, language: str) -> str:
    """Write the day that comes ``days`` after a moment; None: too far away to say."""
    if days is None or days > _FAR_DAYS:
        return "…"
    later = (at + timedelta(days=days)).astimezone(ZONE).date()
    return format_date(later, "d MMM yyyy", locale=language)


def last_day(due: datetime, *, language: str) -> str:
    """Write the last day on which something that is due is in time."""
    last = (due - timedelta(seconds=1)).astimezone(ZONE)
    return format_datetime(last, "EEE d MMM", locale=language)


@cache
def _environment(language: str) -> Environment:
    catalogue = languages.catalogue(language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    gettext: Callable[[str], str] = catalogue.gettext
    vocabularies = words.ALL | portal_words.ALL | misuse_words.ALL | logbook_words.ALL
    vocabularies = vocabularies | subject_words.ALL | breach_words.ALL | privacy_words.ALL
    vocabularies |= takeover_words.ALL

    def word(value: str | None, vocabulary: str) -> str:
        """Return a word of the vocabulary in the reader's language; one we lack as it is."""
        if value is None:
            return ""
        known = vocabularies[vocabulary].get(value)
        return gettext(known) if known else value.replace("_", " ")

    def moment(at: datetime, now: datetime | None = None) -> str:
        """Write a moment in Dutch time: the hour alone today, with the weekday this week."""
        at = at.astimezone(ZONE)
        if now is not None and at.date() == now.astimezone(ZONE).date():
            return format_datetime(at, "HH:mm", locale=language)
        if now is not None and abs(at - now) < _WEEKDAY_SAYS_IT:
            return format_datetime(at, "EEE HH:mm", locale=language)
        return format_datetime(at, "EEE d MMM HH:mm", locale=language)

    def seconds(at: datetime) -> str:
        """Write a moment to the second."""
        return format_datetime(at.astimezone(ZONE), "d MMM HH:mm:ss", locale=language)

    def date_of(at: date) -> str:
        """Write a day; of a moment, the one in Dutch time."""
        at = at.astimezone(ZONE) if isinstance(at, datetime) else at
        return format_date(at, "EEE d MMM yyyy", locale=language)

    def number(value: float, digits: int = 0) -> str:
        """Write a number as the reader's language does."""
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return format_decimal(value, pattern, locale=language)

    environment.filters |= {
        "word": word,
        "fault": lambda code: texts.fault(code, language) if code else "",
        "moment": moment,
        "seconds": seconds,
        "date": date_of,
        "iso_day": lambda on: format_date(
            date.fromisoformat(on), "EEE d MMM yyyy", locale=language
        ),
        "day": partial(day, language=language),
        "last_day": partial(last_day, language=language),
        "number": number,
        "percent": lambda share: format_percent(share, locale=language),
        "clock": clock,
        "fault_class": lambda code: fault_of(code).fault_class.value,
    }
    environment.globals |= {"language": language, "words": vocabularies}
    return environment
