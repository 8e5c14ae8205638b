"""Languages: negotiation by Accept-Language, messages (gettext), and dates and numbers (Babel)."""

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
"""Locales for numbers, where they differ from those of the language: Spanish as in Latin America."""

_LOCALES = Path(__file__).parent.parent / "site" / "locales"
_WEIGHT = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)
_DURATION = re.compile(r"P(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<day>\d+)D)?")


def marked(message: str) -> str:
    """Return the message as it is: it marks an English text for translation, which happens when it is shown."""
    return message


class _Catalogue(Translations):
    """A catalogue of messages in which the empty message is empty; gettext has the head of the file there."""

    def gettext(self, message: str) -> str:
        """Return the message in this language; the empty one is empty."""
        return str(super().gettext(message)) if message else ""

    # By this name, that of Python 2, the templates call it.
    ugettext = gettext


@cache
def translations(language: str) -> NullTranslations:
    """Return the catalogue of this language; English is the language of the templates.

    It is compiled in memory, so that no compiled file can be out of date.
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
    """Return a number as this language writes it, Spanish as most of Latin America: 12,345.6."""
    return format_decimal(number, locale=_NUMBER_LOCALES.get(language, language))


def format_duration(duration: str, language: str) -> str:
    """Return a duration of whole years, months or days (XML Schema) in words: `P6M` is 6 months; others as they are."""
    found = _DURATION.fullmatch(duration)
    parts = found.groupdict() if found else {}
    said = [format_unit(int(n), f"duration-{unit}", locale=language) for unit, n in parts.items() if n is not None]
    return ", ".join(said) or duration


def format_day(day: str, language: str) -> str:
    """Return a month or day (XML Schema) in words: `2003-06` is June 2003; anything else as it is."""
    is_month = len(day) == len("2003-06")
    if not is_month and len(day) != len("2003-06-01"):
        return day
    try:
        known = date.fromisoformat(f"{day}-01" if is_month else day)
    except ValueError:
        return day
    if is_month:
        return format_skeleton("yMMMM", known, locale=language)
    # The English of the site is that of Britain.
    return format_date(known, "d MMMM y" if language == "en" else "long", locale=language)


def format_days(first: str, last: str, language: str) -> str:
    """Return a period of months or days (XML Schema) in words: 13–14 March 1996; either end may be unknown (empty)."""
    if first and last in ("", first):
        return format_day(first, language)
    if not first:
        until = translations(language).gettext("until %(day)s")
        return until % {"day": format_day(last, language)} if last else ""
    if len(first) == len("2003-06-01") and first[:7] == last[:7]:
        return f"{int(first[8:])}–{format_day(last, language)}"
    return f"{format_day(first, language)} – {format_day(last, language)}"
