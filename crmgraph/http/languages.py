"""The two languages of the site: negotiation by Accept-Language, translations, and formats of dates and numbers."""

import re
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from babel.units import format_unit

LANGUAGES = {"es": "Español", "en": "English"}
_FALLBACK = "en"
_NUMBER_LOCALES = {"es": "es_419"}
"""Locale for numbers by language, if it is not the language itself: Spanish as in Latin America."""

_LOCALES = Path(__file__).parent.parent / "site" / "locales"
_WEIGHT = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)
_DURATION = re.compile(r"P(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<day>\d+)D)?")


def marked(message: str) -> str:
    """Return the English message unchanged; the call marks it for extraction into the catalogue of translations."""
    return message


class _Catalogue(Translations):
    """A gettext catalogue in which the translation of "" is ""; gettext itself would return the file's header."""

    def gettext(self, message: str) -> str:
        """Return the translation of a message."""
        return str(super().gettext(message)) if message else ""

    # Jinja calls the method by its name in Python 2.
    ugettext = gettext


@cache
def translations(language: str) -> NullTranslations:
    """Return the catalogue of translations for this language; that for English, the source language, is empty.

    The .po file is compiled in memory, so that there is no compiled file that could be outdated.
    """
    catalogue = _LOCALES / language / "LC_MESSAGES" / "crmgraph.po"
    if not catalogue.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with catalogue.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return _Catalogue(compiled, domain="crmgraph")


def preferred_language(accept_language: str | None) -> str:
    """Return the language of the site that an Accept-Language header prefers (RFC 9110, section 12.5.4), or English."""
    liking: dict[str, float] = {}
    for part in (accept_language or "").lower().replace(" ", "").split(","):
        tag, is_weighed, weight = part.partition(";q=")
        language = re.split("[-;]", tag)[0]
        quality = min(float(weight), 1.0) if _WEIGHT.fullmatch(weight) else float(not is_weighed)
        liking[language] = max(quality, liking.get(language, 0.0))
    scores = {known: liking.get(known, liking.get("*", 0.0)) for known in LANGUAGES}
    best = max(scores, key=lambda known: (scores[known], known == _FALLBACK))
    return best if scores[best] else _FALLBACK


def format_number(number: float, language: str) -> str:
    """Return a number in the format of this language; Spanish as in most of Latin America: 12,345.6."""
    return format_decimal(number, locale=_NUMBER_LOCALES.get(language, language))


def format_duration(duration: str, language: str) -> str:
    """Return an XML Schema duration in years, months and days as text: `P6M` is "6 months". Others are unchanged."""
    found = _DURATION.fullmatch(duration)
    parts = found.groupdict() if found else {}
    said = [format_unit(int(n), f"duration-{unit}", locale=language) for unit, n in parts.items() if n is not None]
    return ", ".join(said) or duration


def format_day(day: str, language: str) -> str:
    """Return an XML Schema month or day as text: `2003-06` is "June 2003". Other values are unchanged."""
    is_month = len(day) == len("2003-06")
    if not is_month and len(day) != len("2003-06-01"):
        return day
    try:
        known = date.fromisoformat(f"{day}-01" if is_month else day)
    except ValueError:
        return day
    if is_month:
        return format_skeleton("yMMMM", known, locale=language)
    # British English: day before month.
    return format_date(known, "d MMMM y" if language == "en" else "long", locale=language)


def format_days(first: str, last: str, language: str) -> str:
    """Return a period between two months or days as text: 13–14 March 1996. Either end may be empty (unknown)."""
    if first and last in ("", first):
        return format_day(first, language)
    if not first:
        until = translations(language).gettext("until %(day)s")
        return until % {"day": format_day(last, language)} if last else ""
    if len(first) == len("2003-06-01") and first[:7] == last[:7]:
        return f"{int(first[8:])}–{format_day(last, language)}"
    return f"{format_day(first, language)} – {format_day(last, language)}"
