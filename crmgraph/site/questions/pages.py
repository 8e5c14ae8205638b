"""The library of questions as RDF: each an executable of SHACL, which is how SPARQL examples are commonly shared."""

import re
import shlex
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Triple
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.errors import CrmgraphError, UsageError
from crmgraph.exporting.workbooks import MEDIA_TYPE, Note, write_workbook
from crmgraph.http.errors import problem_of
from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.http.openapi import ALWAYS, content, refusals
from crmgraph.library import ANY, LibraryQuestion, Parameter, is_unread, resolve_values, values_query
from crmgraph.namespaces import PREFIXES, Names
from crmgraph.site.base.links import language_of, links_of
from crmgraph.site.base.parameters import LANGUAGE, check_parameters, seconds_for, spoken
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import (
    GRAPHS,
    HTML,
    JSON,
    QUERY,
    NothingKnownError,
    asked,
    by_suffix,
    chosen,
    data,
    rows_as_json,
    written,
)
from crmgraph.site.base.site import JSON_RESULTS, Site
from crmgraph.site.charts.answers import answer_chart, answer_network
from crmgraph.site.charts.layout import vertical_heading
from crmgraph.site.questions.answers import PARAMETERS, Arrangement, evaluate, layout_of
from crmgraph.site.questions.forms import (
    Allowed,
    Given,
    allowed_in,
    choose_questions,
    form_of,
    good_questions,
    instead_of,
    read_given,
    rows,
    sentence,
    strange_in,
    unclear_in,
    value_names,
)
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS, Format, Question
from crmgraph.sparql.formats import media_types
from crmgraph.sparql.results import write_result_set
from crmgraph.sparql.states import name_of
from crmgraph.wording import Bilingual

__all__ = [
    "ANSWERS",
    "INDEX_PARAMETERS",
    "OFFERED",
    "WORKBOOK",
    "Asked",
    "about_library",
    "answer_file",
    "file_name",
    "operation",
    "question_page",
    "questions_page",
    "what_is_asked",
]

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct"}


def about_library(questions: Iterable[LibraryQuestion], names: Names) -> Iterator[Triple]:
    """What each question asks in words, its query, and where it is answered."""
    endpoint = NamedNode(names.base + "sparql")
    for question in questions:
        iri = NamedNode(f"{names.base}queries/{question.name}")
        form = next((each for each in _FORMS if each in question.text), "SELECT")
        yield Triple(iri, _TYPE, _sh("SPARQLExecutable"))
        yield Triple(iri, _TYPE, _sh(f"SPARQL{form.capitalize()}Executable"))
        for language, words in question.title.items():
            yield Triple(iri, NamedNode(PREFIXES["rdfs"] + "label"), Literal(words, language=language))
        for language, words in question.explanation.items():
            yield Triple(iri, NamedNode(PREFIXES["rdfs"] + "comment"), Literal(words, language=language))
        yield Triple(iri, NamedNode(PREFIXES["dcterms"] + "subject"), Literal(question.group))
        yield Triple(iri, _sh(_FORMS[form]), Literal(question.text))
        yield Triple(iri, NamedNode(PREFIXES["schema"] + "target"), endpoint)


def _sh(name: str) -> NamedNode:
    return NamedNode(PREFIXES["sh"] + name)


_TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer", "format": "int64"},
}
_TEXT: dict[str, Any] = {"type": "string"}
_BY_ADDRESS = "Without it, that of the address (`/es/…`, `/en/…`) or else the one that Accept-Language likes best."
_LETTER_OR_DIGIT = r"[^\W_]"


def operation(question: LibraryQuestion) -> dict[str, Any]:
    """The parts of an OpenAPI operation that asks this question (OpenAPI 3.1, section 4.8.10)."""
    return {
        "summary": question.title["en"],
        "description": "\n\n".join(question.explanation.values()),
        "parameters": [
            *(_described(each.name, _schema(each), _meaning(each)) for each in question.parameters),
            _described(
                "format",
                {**_TEXT, "enum": [each.short for each in ANSWERS]},
                "The syntax of the answer, in place of the Accept header.",
            ),
            _described(
                "timeout",
                {"type": "number", "exclusiveMinimum": 0},
                "The longest that the answer may take, in seconds; never more than the server’s own limit.",
            ),
        ],
        "responses": {
            "200": {
                "description": "The answer: " + "; ".join(f"{name}: {x['en']}" for name, x in question.columns.items()),
                "content": content([HTML.media_type, *media_types(ANSWERS)]),
            },
            **refusals(400, 406, *ALWAYS),
        },
    }


def _described(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _meaning(parameter: Parameter) -> str:
    said = parameter.description["en"] + (f" `{ANY}` stands for {parameter.open['en']}." if parameter.open else "")
    return f"{said} {_BY_ADDRESS}" if parameter.name == LANGUAGE else said


def _schema(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_TYPES.get(parameter.type, _TEXT))
    if parameter.type == "iri" and not parameter.open:
        schema["minLength"] = 1
    if parameter.type == "string" and not parameter.choices:
        schema["pattern"] = _LETTER_OR_DIGIT
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.name == LANGUAGE:
        return schema
    return {**schema, "default": int(parameter.default) if parameter.type == "integer" else parameter.default}


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


INDEX_PARAMETERS = (
    {
        "name": "q",
        "in": "query",
        "description": "Only questions that have these words, or the beginnings of them, in either language",
        "schema": {"type": "string"},
        "example": "members",
    },
)
"""What the list of questions can be asked."""

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PROTOCOL_PARAMETERS = ("format", "timeout")


def questions_page(request: Request, site: Site) -> Response:
    """The library's questions in their groups, all or those with the words `q`, as a page, as JSON or as a graph."""
    _, form = asked(request)
    check_parameters(request, ("q",))
    words = request.query_params.get("q", "")
    language = language_of(request)
    found = choose_questions(site, words, language)
    names = {each.question.name for group in found.values() for each in group}
    questions = [question for question in site.library.values() if question.name in names]
    if form == JSON:
        return rows_as_json(_listed(question) for question in questions)
    if form != HTML:
        return data(written(about_library(questions, site.names), form, site.names.prefixes()), form.media_type)
    context = {
        "groups": found,
        "words": words,
        "total": len(questions),
        "good": () if words else good_questions(site, language),
        **offers(request, site, "/queries", (*GRAPHS, JSON), f"?{urlencode({'q': words})}" if words else ""),
    }
    return render(request, site, "queries.html", context=context)


def question_page(request: Request, site: Site, name: str) -> Response:
    """One question with its answer for the values that the query string gives to its parameters.

    Without `lang` it answers in the visitor's language, as a page or as data. A value may be given by its name; a page
    then leads to the address that has its identifier. The answer alone is had
    by suffix, `?format=` or Accept; the query itself by the suffix `.rq`. `sort`, `order` and `page` say how a page
    shows the rows.
    """
    name, suffixed = by_suffix(name, (*ANSWERS, HTML, QUERY))
    form = _named_form(request) or suffixed or chosen(request, (HTML, *ANSWERS))
    question = site.library.get(name)
    if question is None:
        raise NothingKnownError(f"/queries/{name}")
    check_parameters(request)
    _check_characters(request)
    given = {key: value for key, value in request.query_params.items() if key not in _PROTOCOL_PARAMETERS}
    if form == HTML:
        arrangement = Arrangement.read(given)
        given = {key: value for key, value in given.items() if key not in PARAMETERS}
        return _question_page(request, site, question, given, arrangement)
    seconds = seconds_for(request, site)
    given = {**spoken(question, language_of(request)), **given}
    values = resolve_values(question, given, lambda query: rows(site, query, seconds))
    if form == QUERY:
        return data(question.with_values(values), form.media_type, speaks=True)
    language = values.get("lang", "")
    language = language if language in LANGUAGES else language_of(request)
    allowed = allowed_in(site, question, seconds) if form == WORKBOOK else {}
    body, media_type = answer_file(site, _asked(question, values, allowed, language), form, seconds)
    response = data(body, media_type, speaks=True)
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(question, values, form)}"'
    return response


def what_is_asked(request: Request, site: Site, name: str, given: Mapping[str, str]) -> str:
    """The sentence that a question of the library is with these values, in the visitor's language.

    Empty where there is no such question, or it takes no such values.
    """
    question = site.library.get(name)
    if question is None:
        return ""
    shown = {key: value for key, value in given.items() if key not in (*_PROTOCOL_PARAMETERS, *PARAMETERS)}
    seconds = seconds_for(request, site)
    try:
        values = resolve_values(question, shown, lambda query: rows(site, query, seconds))
    except UsageError:
        return ""
    return _asked(question, values, allowed_in(site, question, seconds), language_of(request)).sentence


def _check_characters(request: Request) -> None:
    """Raises HTTPException 400 for a value with a character that neither a page nor XML can show."""
    for name, value in request.query_params.items():
        if _UNSEEN.search(value):
            raise HTTPException(
                400,
                Bilingual(
                    f"The value of {name} has a control character.", f"El valor de {name} tiene un carácter de control."
                ),
            )


def _named_form(request: Request) -> Format | None:
    wanted = request.query_params.get("format")
    if wanted is None:
        return None
    form = next((form for form in ANSWERS if form.short == wanted), None)
    if form is None:
        raise HTTPException(400, Bilingual(f"There is no format “{wanted}”.", f"No existe el formato «{wanted}»."))
    return form


def _asked(question: LibraryQuestion, values: Mapping[str, str], allowed: Allowed, language: str) -> Asked:
    whole = _whole(question, values)
    path = f"/queries/{question.name}{_query(whole)}"
    names = value_names(question, whole, allowed, language)
    return Asked(question, values, sentence(question, whole, allowed, language), names, language, path)


def _whole(question: LibraryQuestion, values: Mapping[str, str]) -> dict[str, str]:
    """A value for every parameter."""
    return {each.name: values.get(each.name, each.default) for each in question.parameters}


def _question_page(
    request: Request, site: Site, question: LibraryQuestion, given: Mapping[str, str], arrangement: Arrangement
) -> Response:
    links, language = links_of(request, site), language_of(request)
    seconds = seconds_for(request, site)
    allowed: Allowed = {}
    reading, result, problem = Given(spoken(question, language)), None, None
    unread = False
    strange = strange_in(question, given, arrangement, language)
    known = {name: value for name, value in given.items() if any(each.name == name for each in question.parameters)}
    try:
        allowed = allowed_in(site, question, seconds)
        reading = read_given(
            question, {**reading.values, **known}, allowed, lambda query: rows(site, query, seconds), language
        )
        question.check_names(given)
        if reading.refusal:
            raise reading.refusal
        named = {name: reading.values[name] for name in given}
        if named != given:
            return RedirectResponse(arrangement.query(named), 303)
        result = evaluate(site, Question(question.with_values(reading.values)), seconds, arrangement)
        unread = is_unread(question, reading.values, lambda query: rows(site, query, seconds))
    except CrmgraphError as error:
        problem = problem_of(error, language)

    def target(iri: str) -> str:
        return links.target(iri, language) or ""

    values = reading.values
    whole = _whole(question, values)
    is_empty = result is not None and result.total == 0
    is_refused = bool(strange or reading.refusal)
    asked = _asked(question, values, allowed, language)
    offered = [
        (form, links.data(f"/queries/{question.name}.{form.extension}{_query(values)}"))
        for form in (() if is_refused else OFFERED)
    ]
    context = {
        "question": question,
        "asked": asked,
        # Of what was not understood nothing is said as if it had been asked.
        "title": question.title[language] if is_refused else asked.sentence,
        "strange": strange,
        "form": form_of(question, whole, allowed, reading.wrong, language),
        "unclear": unclear_in(question, reading, arrangement, language),
        "text": "" if is_refused else asked.query,
        "command": "" if problem else _command(question, values),
        "result": result,
        "layout": layout_of(site, question.columns, result, language) if result else None,
        "unread": unread,
        "instead": instead_of(question, whole, allowed, language) if is_empty else None,
        "see": [site.library[name] for name in question.see],
        "chart": answer_chart(question.chart, result.every) if result and question.chart else None,
        "network": answer_network(question.chart, result.every, target) if result and question.chart else None,
        "vertical_heading": vertical_heading,
        "values": values,
        "problem": problem,
        "downloads": [(form.label, address, file_name(question, values, form)) for form, address in offered],
        # How the table is sorted, and which page of it is shown, is asked of the page alone.
        "data_formats": [(form.label, address, form.media_type) for form, address in offered],
    }
    return render(request, site, "question.html", problem.status if problem else 200, context)


def _query(values: Mapping[str, str]) -> str:
    return "?" + urlencode(values) if values else ""


def _command(question: LibraryQuestion, given: Mapping[str, str]) -> str:
    """What asks the same on the command line; the values come from a link, which may be anybody's."""
    changed = [each for each in question.parameters if given.get(each.name, each.default) != each.default]
    flags = [word for each in changed for word in ("--param", f"{each.name}={given[each.name]}")]
    return shlex.join(["crmgraph", "query", question.name, *flags])


def _listed(question: LibraryQuestion) -> dict[str, object]:
    return {
        "name": question.name,
        "question": dict(question.title),
        "phrase": {language: question.with_gaps(language) for language in question.phrase},
        "explanation": dict(question.explanation),
        "group": question.group,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "default": parameter.default,
                "open": bool(parameter.open),
                "choices": list(parameter.choices),
                "values": values_query(parameter, question.names),
                "description": dict(parameter.description),
            }
            for parameter in question.parameters
        ],
        "query": question.text,
    }
