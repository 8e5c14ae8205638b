"""Choice of the language, formats of dates and numbers, and the catalogue: complete, and without unused messages."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

import crmgraph
from crmgraph.http.languages import (
    LANGUAGES,
    format_day,
    format_days,
    format_duration,
    format_number,
    marked,
    preferred_language,
    translations,
)
from tests.support.cases import cases

SERVING = Path(crmgraph.__file__).parent
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def test_preferred_language() -> None:
    rows = cases("serving/languages")
    assert [[header, preferred_language(header)] for header, _ in rows] == rows
    assert preferred_language(None) == "en"


def test_numbers_and_durations() -> None:
    assert (format_number(12345, "en"), format_number(12345, "es"), format_number(2.5, "es")) == (
        "12,345",
        "12,345",
        "2.5",
    )
    assert format_duration("P6M", "en") == "6 months"
    assert format_duration("P1Y2M10D", "es") == "1 año, 2 meses, 10 días"
    for other in ("PT5M", "P", "-P1Y", "soon"):
        assert format_duration(other, "en") == other


def test_days() -> None:
    assert format_day("2003-06", "es") == "junio de 2003"
    assert format_day("2005-03-09", "en") == "9 March 2005"
    for other in ("2010", "", "2003-13", "20030609", "soon", "2003-6x"):
        assert format_day(other, "en") == other
    for first, last, spanish, english in cases("serving/days"):
        assert (format_days(first, last, "es"), format_days(first, last, "en")) == (spanish, english)


def test_translations() -> None:
    english, spanish = translations("en"), translations("es")
    assert english.gettext("Findings") == marked("Findings") == "Findings"
    assert spanish.gettext("Findings") == "Hallazgos"
    assert spanish.ngettext("%(num)s action", "%(num)s actions", 1) == "%(num)s acción"
    assert spanish.ngettext("%(num)s action", "%(num)s actions", 3) == "%(num)s acciones"
    for language in LANGUAGES:
        assert translations(language).gettext("") == ""
        template = Environment(extensions=["jinja2.ext.i18n"])
        template.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
        assert template.from_string('{{ gettext("") }}').render() == ""


def _used() -> set[tuple[str, ...]]:
    messages = set()
    for _, _, message, _, _ in extract_from_dir(
        str(SERVING),
        method_map=[("**.py", "python"), ("site/templates/**.html", "jinja2.ext:babel_extract")],
        options_map={"site/templates/**.html": {"trim_blocks": "true", "newstyle_gettext": "true", "silent": "false"}},
        keywords={"_": None, "gettext": None, "ngettext": (1, 2), "marked": None},
        directory_filter=lambda folder: Path(folder).name not in ("static", "web", "locales", "share"),
    ):
        messages.add(message if isinstance(message, tuple) else (message,))
    return messages


def _catalogue(language: str) -> Catalog:
    with (SERVING / "site" / "locales" / language / "LC_MESSAGES" / "crmgraph.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _tuple(texts: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (texts or "",) if isinstance(texts, str | None) else tuple(texts)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_message_is_translated_and_none_is_left_over(language: str) -> None:
    catalogue = _catalogue(language)
    known = {_tuple(message.id): _tuple(message.string) for message in catalogue if message.id}
    used = _used()
    assert len(used) > 100
    # A word with a plural form is in the catalogue once, even if it is also used without the plural.
    assert used - known.keys() - {message[:1] for message in known if len(message) > 1} == set()
    assert known.keys() - used == set()
    assert [message for message, strings in known.items() if not all(strings)] == []
    assert not [message.id for message in catalogue if message.fuzzy and message.id]
    for message, strings in known.items():
        for string in strings:
            assert sorted(PLACEHOLDER.findall(string)) == sorted(PLACEHOLDER.findall(message[-1])), message
