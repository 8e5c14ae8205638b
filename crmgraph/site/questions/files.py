"""The answer to a question of the library as a file: in the syntaxes of the endpoint, as a workbook, or as a graph."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crmgraph.exporting.workbooks import MEDIA_TYPE, Note, write_workbook
from crmgraph.http.languages import marked, translations
from crmgraph.library import LibraryQuestion
from crmgraph.site.base.site import JSON_RESULTS, Site
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS, Format, Question
from crmgraph.sparql.results import write_result_set
from crmgraph.storing.states import name_of

__all__ = ["ANSWERS", "OFFERED", "WORKBOOK", "Asked", "answer_file", "file_name"]

WORKBOOK = Format("xlsx", "XLSX", MEDIA_TYPE, "xlsx", "")
ANSWERS = (*RESULT_FORMATS, WORKBOOK, *GRAPH_FORMATS)
"""The forms of an answer."""

OFFERED = tuple(
    next(form for form in ANSWERS if form.short == short)
    for short in ("csv", "xlsx", "json", "ttl", "rdf", "jsonld", "xml", "tsv")
)
"""Those that a page offers, the usual ones first."""

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_LONGEST_IN_NAME, _LONGEST_NAME = 60, 150
_ANSWER, _ABOUT = marked("Answer"), marked("About the answer")


@dataclass(frozen=True)
class Asked:
    """A question with its values, what it and they are in words, in which language, and the path of its answer."""

    question: LibraryQuestion
    values: Mapping[str, str]
    sentence: str
    called: Mapping[str, str]
    language: str
    path: str

    @property
    def query(self) -> str:
        """The query with the values."""
        return self.question.with_values(self.values)


def file_name(question: LibraryQuestion, values: Mapping[str, str], form: Format) -> str:
    """What a file with this answer is called: by the question, the values other than its defaults, and the language.

    It has ASCII letters, digits, dots and hyphens only, which every system takes.
    """
    changed = [each for each in question.parameters if values.get(each.name, each.default) != each.default]
    said = [_plain(values[each.name])[:_LONGEST_IN_NAME] for each in changed if each.name != "lang"]
    spoken = [values.get(each.name, each.default) for each in question.parameters if each.name == "lang"]
    stem = "-".join(each.strip("-.") for each in (question.name, *said, *spoken) if each.strip("-."))
    return f"{stem[:_LONGEST_NAME]}.{form.extension}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9.]+", "-", letters)


def answer_file(site: Site, asked: Asked, form: Format, seconds: float) -> tuple[bytes, str]:
    """The answer in one of the forms, and its media type. Raises AnswerError where there is none."""
    is_ours = form == WORKBOOK or form in GRAPH_FORMATS
    query = Question(
        asked.query,
        result_type=JSON_RESULTS if is_ours else form.media_type,
        graph_type=form.media_type if form in GRAPH_FORMATS else None,
        prefixes=site.names.prefixes(),
    )
    answer = site.ask(query, seconds)
    if answer.media_type != JSON_RESULTS or not is_ours:
        return answer.body, answer.media_type
    if form == WORKBOOK:
        return _workbook(site, asked, answer.body), form.media_type
    return write_result_set(answer.body, form.media_type, site.names.prefixes()), form.media_type


def _workbook(site: Site, asked: Asked, body: bytes) -> bytes:
    say = translations(asked.language).gettext
    headings = {name: meaning[asked.language] for name, meaning in asked.question.columns.items()}
    return write_workbook(body, (say(_ANSWER), say(_ABOUT)), headings, _notes(site, asked), asked.language)


def _notes(site: Site, asked: Asked) -> Sequence[Note]:
    messages, language, question = translations(asked.language), asked.language, asked.question
    address = site.names.base + asked.path.removeprefix("/")
    column = messages.gettext("Column")
    return (
        Note(messages.gettext("Question"), asked.sentence),
        Note(messages.gettext("What it answers"), question.explanation[language]),
        *(Note(each.description[language].rstrip("."), asked.called[each.name]) for each in question.parameters),
        Note(messages.gettext("Address"), address, address),
        Note(messages.gettext("Dataset"), name_of(site.state)),
        Note(messages.gettext("Date"), datetime.now(UTC).date().isoformat()),
        Note(messages.gettext("Licence"), f"CC BY 4.0 ({_LICENCE})", _LICENCE),
        *(Note(f"{column} {name}", meaning[language]) for name, meaning in question.columns.items()),
        Note(messages.gettext("Query"), asked.query),
    )
