"""The pages of the library of questions: each question as a sentence, a form and its answer, and answers as files."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from starlette.responses import RedirectResponse, Response

from crmgraph.building.self_description import describe_questions
from crmgraph.errors import CrmgraphError, UsageError
from crmgraph.exporting import XLSX_MEDIA_TYPE, Note, write_workbook
from crmgraph.http.languages import translations
from crmgraph.http.messages import problem_of
from crmgraph.http.openapi import ENGINE_ERRORS, error_responses, response_content
from crmgraph.library import (
    ANY,
    AllowedValues,
    GivenValues,
    LibraryQuestion,
    Parameter,
    all_allowed,
    is_unread,
    question_in_words,
    read_given,
    resolve_values,
    similar_values,
    value_names,
    values_query,
)
from crmgraph.searching import clean_query, words_in
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    JSON,
    JSON_RESULTS,
    LANGUAGE_PARAMETER,
    QUERY,
    TABLES,
    PageRequest,
    Site,
    bad_request,
    data_response,
    json_response,
    known,
    language_value,
    preferred_form,
    query_string,
    question_path,
    questions_by_group,
    serialize_triples,
)
from crmgraph.site.charts.drawing import vertical_heading
from crmgraph.site.questions.answers import PARAMETERS, Arrangement, draw_answer, evaluate_question, table_layout
from crmgraph.site.search import Searcher
from crmgraph.sparql.engine import Question, short_name_of
from crmgraph.sparql.formats import Format, media_types, write_result_set

STARTING_VALUES: Mapping[str, Mapping[str, str]] = {
    "schedule-status": {"status": "pending"},
    "element-agents": {"element": "plan/crm/pgm/6.2.1"},
    "findings": {"severity": "violation"},
}
"""The questions that pages suggest to begin with: their parameter values, by the name of the question."""

_MAX_MENU_ITEMS = 60
"""The most values in a menu. A parameter with more values has a search field, which suggests them during typing."""

_MAX_MEAN_LABEL_LENGTH = 60
"""The greatest average length of labels in a menu, in characters; longer labels make it hard to find a value."""


def allowed_values_of(site: Site, question: LibraryQuestion, seconds: float) -> AllowedValues:
    """Return the permitted values of the question's parameters. Parameters that accept any value are left out.

    The result is cached until the data change. `seconds` is the time limit of each query. Raises AnswerError if a query
    cannot be answered.
    """
    ask = partial(select_as_json, site, seconds=seconds)
    return site.cached(("values", question.name), lambda: all_allowed(question.parameters, site.names, ask))


def select_as_json(site: Site, query: str, seconds: float) -> bytes:
    """Return the result of a SELECT query as SPARQL results JSON. `seconds` is the time limit.

    Raises AnswerError if the query cannot be answered.
    """
    return site.ask(Question(query, result_type=JSON_RESULTS), seconds).body


@dataclass(frozen=True)
class AskedQuestion:
    """A question of the library with parameter values.

    Attributes:
        values: the values of some or all of its parameters.
        allowed: the permitted values of its parameters.
        language: the language of the sentence and of labels.
    """

    question: LibraryQuestion
    values: Mapping[str, str]
    allowed: AllowedValues
    language: str

    @property
    def all_values(self) -> dict[str, str]:
        """The values of all parameters, with defaults for those not given."""
        return {each.name: self.values.get(each.name, each.default) for each in self.question.parameters}

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """The labels of the permitted values, by parameter and value."""
        return {
            each.name: value_names(self.allowed.get(each.name, ()), self.language) for each in self.question.parameters
        }

    @property
    def sentence(self) -> str:
        """The question with these values as a sentence."""
        return question_in_words(self.question, self.values, self.labels, self.language)

    @property
    def summary(self) -> str:
        """The first sentence of the explanation of the question."""
        return re.split(r"(?<=\.)\s", self.question.explanation[self.language], maxsplit=1)[0]

    @property
    def given_path(self) -> str:
        """The path of its page, without the language, with the given values only."""
        return question_path(self.question, self.values)

    @property
    def path(self) -> str:
        """The path and query string of its page, without the language."""
        return question_path(self.question, self.all_values)


def form_context(asked: AskedQuestion, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Return the template variables of the form of a question. `wrong` has the invalid values given, by parameter.

    The variables are:

        sentence: the sentence in parts, each with its `words` and the `field` after them, or None.
        more: the fields of parameters that are not in the sentence.
        opens_more: whether these are visible at first.
        searches: whether there is a search field.
        fields: all fields.
    """
    question = asked.question
    fields = {each.name: _field(asked, each, wrong.get(each.name)) for each in question.parameters}
    pieces = question.phrase_parts(asked.language) if question.phrase else []
    sentence = [{"words": words, "field": fields.get(name)} for words, name in pieces]
    inside = [part["field"] for part in sentence if part["field"]]
    outside = [each for each in question.parameters if fields[each.name] not in inside]
    more = [fields[each.name] for each in outside]
    is_changed = any(each.name != "lang" and asked.all_values[each.name] != each.default for each in outside)
    return {
        "sentence": sentence,
        "more": more,
        "opens_more": is_changed or any(each["is_wrong"] for each in more),
        "searches": any(each["kind"] == "search" for each in fields.values()),
        "fields": [*inside, *more],
    }


def _field(asked: AskedQuestion, parameter: Parameter, wrong: str | None) -> dict[str, Any]:
    """Return the template variables of a field of a form.

    Its `kind` is "menu", "search", "number" or "words" (free text). Its `value` is the invalid value given, `wrong`,
    if that is not None. Otherwise it is the label of the parameter's value for a search field, else the value.
    """
    labels, value, language = asked.labels[parameter.name], asked.all_values[parameter.name], asked.language
    words: Mapping[str, Mapping[str, str]] = {}
    if not labels:
        kind = "number" if parameter.type == "integer" else "words"
    elif len(labels) <= _MAX_MENU_ITEMS and sum(map(len, labels.values())) <= _MAX_MEAN_LABEL_LENGTH * len(labels):
        # A menu cannot show an invalid value. Its options are worded so that they fit into the sentence.
        kind = "menu" if wrong is None else "search"
        words = parameter.words if wrong is None else {}
    else:
        kind, value = "search", labels.get(value, value)
    return {
        "name": parameter.name,
        "meaning": parameter.description[language].rstrip("."),
        "kind": kind,
        "value": value if wrong is None else wrong,
        "options": [{"text": text, "name": words.get(text, {}).get(language, name)} for text, name in labels.items()],
        "is_wrong": wrong is not None,
    }


def starting_questions(site: Site, language: str) -> list[AskedQuestion]:
    """Return the questions of STARTING_VALUES that the library contains, with these values, in a language."""
    return [
        AskedQuestion(question, values, allowed_values_of(site, question, site.seconds), language)
        for name, values in STARTING_VALUES.items()
        if (question := site.library.get(name))
    ]


def find_questions(site: Site, searcher: Searcher, words: str, language: str) -> dict[str, list[AskedQuestion]]:
    """Return the questions that contain all words of a search, by group; all questions if `words` has no word."""
    paths = {question_path(each, {}) for each in site.library.values()}
    if words_in(words):
        found = searcher.current_index().search(clean_query(words))
        paths &= set() if found.is_partial else {entry.name for entry in found.entries}
    groups = {
        group: [AskedQuestion(each, {}, {}, language) for each in questions if question_path(each, {}) in paths]
        for group, questions in questions_by_group(site).items()
    }
    return {group: questions for group, questions in groups.items() if questions}


INDEX_PARAMETERS = (
    {
        "name": "q",
        "in": "query",
        "description": "Only questions that have these words, or the beginnings of them, in either language",
        "schema": {"type": "string"},
        "example": "members",
    },
)
"""The parameters of the list of questions, as OpenAPI describes them."""

WORKBOOK = Format("xlsx", "XLSX", XLSX_MEDIA_TYPE, "xlsx", "")
ANSWER_FORMS = (*TABLES, WORKBOOK, *GRAPHS)
"""The formats of an answer."""

OFFERED_FORMS = tuple(
    next(form for form in ANSWER_FORMS if form.short == short)
    for short in ("csv", "xlsx", "json", "ttl", "rdf", "jsonld", "xml", "tsv")
)
"""The formats of an answer that its page offers for download, the most common ones first."""

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PROTOCOL_PARAMETERS = ("format", "timeout")


def openapi_operation(question: LibraryQuestion) -> dict[str, Any]:
    """Return the description of a question as an OpenAPI operation, as arguments of FastAPI's `add_api_route`.

    Source: OpenAPI 3.1, section 4.8.10.
    """
    columns = "; ".join(f"{name}: {meaning['en']}" for name, meaning in question.columns.items())
    described = [
        *((each.name, _parameter_schema(each), _parameter_description(each)) for each in question.parameters),
        (
            "format",
            {"type": "string", "enum": [each.short for each in ANSWER_FORMS]},
            "The syntax of the answer, in place of the Accept header.",
        ),
        (
            "timeout",
            {"type": "number", "exclusiveMinimum": 0},
            "The longest that the answer may take, in seconds; never more than the server’s own limit.",
        ),
    ]
    extra = {
        "summary": question.title["en"],
        "description": "\n\n".join(question.explanation.values()),
        "parameters": [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
            for name, schema, description in described
        ],
        "responses": {
            "200": {
                "description": f"The answer: {columns}",
                "content": response_content([HTML.media_type, *media_types(ANSWER_FORMS)]),
            },
            **error_responses(400, 406, *ENGINE_ERRORS),
        },
    }
    return {"operation_id": question.name, "openapi_extra": extra}


def _parameter_description(parameter: Parameter) -> str:
    opened = f" `{ANY}` stands for {parameter.open['en']}." if parameter.open else ""
    otherwise = " Without it, that of the address (`/es/…`, `/en/…`) or else the one that Accept-Language likes best."
    return parameter.description["en"] + opened + (otherwise if parameter.name == LANGUAGE_PARAMETER else "")


_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "integer": {"type": "integer", "format": "int64"},
    # A letter or a digit.
    "string": {"type": "string", "pattern": r"[^\W_]"},
}


def _parameter_schema(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_SCHEMAS.get(parameter.type, {"type": "string"}))
    if parameter.choices:
        schema = {"type": "string", "enum": list(parameter.choices)}
    elif parameter.type == "iri" and not parameter.open:
        schema["minLength"] = 1
    if parameter.name != LANGUAGE_PARAMETER:
        schema["default"] = int(parameter.default) if parameter.type == "integer" else parameter.default
    return schema


def questions_page(visit: PageRequest, searcher: Searcher) -> Response:
    """Return the list of questions by group, as a page, as JSON or as RDF.

    The parameter `q` restricts the list to questions that contain its words.
    """
    site, form, language = visit.site, visit.form, visit.language
    words = visit.parameters.get("q", "")
    found = find_questions(site, searcher, words, language)
    names = {each.question.name for group in found.values() for each in group}
    questions = [question for question in site.library.values() if question.name in names]
    if form == JSON:
        return json_response([_question_as_json(each) for each in questions], is_language_dependent=True)
    if form != HTML:
        return data_response(
            serialize_triples(describe_questions(questions, site.names), form, site.names.prefixes()), form.media_type
        )
    context = {
        "groups": found,
        "words": words,
        "total": len(questions),
        "good": () if words else starting_questions(site, language),
        **visit.data_links((*GRAPHS, JSON), query=query_string({"q": words} if words else {})),
    }
    return visit.render("queries.html", context)


def _question_as_json(question: LibraryQuestion) -> dict[str, object]:
    return {
        "name": question.name,
        "question": question.title,
        "phrase": question.phrase,
        "explanation": question.explanation,
        "group": question.group,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "default": parameter.default,
                "open": bool(parameter.open),
                "choices": list(parameter.choices),
                "values": values_query(parameter, question.names),
                "description": parameter.description,
            }
            for parameter in question.parameters
        ],
        "query": question.text,
    }


def question_page(visit: PageRequest, name: str) -> Response:
    """Return the answer to the question `name`, with the parameter values in the query string, as a page or as data.

    - Without `lang`, the answer is in the visitor's language.
    - A value may be given by its label. The page then redirects to the address with its identifier.
    - A file extension, `?format=` or the Accept header select the answer in another format.
    - The file extension `.rq` selects the SPARQL query itself.
    - `sort`, `order`, `page` and `columns` determine how the page shows the rows.
    """
    site, asked = visit.site, visit.parameters
    wanted = asked.get("format")
    named = next((form for form in ANSWER_FORMS if form.short == wanted), None)
    if wanted is not None and named is None:
        raise bad_request(f"There is no format “{wanted}”.", f"No existe el formato «{wanted}».")
    form = named or visit.named_form or preferred_form(visit.request, (HTML, *ANSWER_FORMS))
    question = known(site.library.get(name), f"/queries/{name}")
    visit.check_parameters()
    for parameter, value in asked.items():
        # HTML and XML cannot contain control characters.
        if _CONTROL_CHARACTERS.search(value):
            raise bad_request(
                f"The value of {parameter} has a control character.",
                f"El valor de {parameter} tiene un carácter de control.",
            )
    given = {key: value for key, value in asked.items() if key not in _PROTOCOL_PARAMETERS}
    if form == HTML:
        arrangement = Arrangement.read(given)
        given = {key: value for key, value in given.items() if key not in PARAMETERS}
        return _question_page(visit, question, given, arrangement)
    values = resolve_values(
        question,
        {**language_value(question, visit.language), **given},
        partial(select_as_json, site, seconds=visit.time_limit),
    )
    if form == QUERY:
        return data_response(question.with_values(values), form.media_type, is_language_dependent=True)
    allowed = allowed_values_of(site, question, visit.time_limit) if form == WORKBOOK else {}
    this = AskedQuestion(question, values, allowed, values.get(LANGUAGE_PARAMETER, visit.language))
    body, media_type = _answer_file(site, this, form, visit.time_limit)
    disposition = f'inline; filename="{question.name}.{form.extension}"'
    return data_response(body, media_type, is_language_dependent=True, headers={"Content-Disposition": disposition})


def question_sentence(visit: PageRequest, name: str, given: Mapping[str, str]) -> str:
    """Return the question `name` with the values `given` as a sentence, in the visitor's language.

    Return "" if there is no such question or a value is invalid.
    """
    question = visit.site.library.get(name)
    if question is None:
        return ""
    shown = {key: value for key, value in given.items() if key not in (*_PROTOCOL_PARAMETERS, *PARAMETERS)}
    try:
        values = resolve_values(question, shown, partial(select_as_json, visit.site, seconds=visit.time_limit))
    except UsageError:
        return ""
    return AskedQuestion(
        question, values, allowed_values_of(visit.site, question, visit.time_limit), visit.language
    ).sentence


_MOST_SUGGESTED = 5
"""Number of permitted values that a page suggests in place of one that is not permitted."""


def _question_page(
    visit: PageRequest, question: LibraryQuestion, given: Mapping[str, str], arrangement: Arrangement
) -> Response:
    site, links, language, seconds = visit.site, visit.links, visit.language, visit.time_limit
    allowed: AllowedValues = {}
    read, result, problem, unread = GivenValues(language_value(question, language)), None, None, False
    try:
        allowed = allowed_values_of(site, question, seconds)
        question.check_names(given)
        read = read_given(question, {**read.values, **given}, allowed)
        if read.refusal:
            raise read.refusal
        named = {name: read.values[name] for name in given}
        if named != given:
            return RedirectResponse(arrangement.query(named), 303)
        result = evaluate_question(site, Question(question.with_values(read.values)), seconds, arrangement)
        unread = is_unread(question, read.values, partial(select_as_json, site, seconds=seconds))
    except CrmgraphError as error:
        problem = problem_of(error, language)
    values = read.values
    is_refused = problem is not None and problem.status == 400
    this = AskedQuestion(question, values, allowed, language)
    address = links.data_address(f"/queries/{question.name}")
    query = query_string(values)
    offered = [(form, f"{address}.{form.extension}{query}") for form in (() if is_refused else OFFERED_FORMS)]
    chart = (
        draw_answer(question.chart, result.all_rows, lambda iri: links.target(iri, language) or "")
        if result and question.chart
        else None
    )
    context = {
        "question": question,
        "asked": this,
        # The title must not suggest that invalid values were used.
        "title": question.title[language] if is_refused else this.sentence,
        "form": form_context(this, read.wrong),
        "text": "" if is_refused else question.with_values(values),
        "command": "" if problem else _command(this),
        "result": result,
        "layout": table_layout(site, question.columns, result, language) if result else None,
        "unread": unread,
        "see": [site.library[name] for name in question.related],
        "chart": chart,
        "vertical_heading": vertical_heading,
        "values": values,
        "problem": problem,
        "near": [
            (value_names(allowed[name], language)[text], arrangement.query({**given, name: text}))
            for name, wrong in read.wrong.items()
            for text in similar_values(wrong, allowed.get(name) or ())[:_MOST_SUGGESTED]
        ],
        "downloads": [(form.label, address, f"{question.name}.{form.extension}") for form, address in offered],
        # Files have all rows in the order of the answer, so sorting does not change their addresses.
        "data_formats": [(form.label, address, form.media_type) for form, address in offered],
    }
    return visit.render("question.html", context, problem.status if problem else 200)


def _command(asked: AskedQuestion) -> str:
    """Return the shell command that asks the same question. Values are quoted, because visitors can choose any text."""
    flags = [word for name, value in asked.values.items() for word in ("--param", f"{name}={value}")]
    return shlex.join(["crmgraph", "query", asked.question.name, *flags])


def _answer_file(site: Site, asked: AskedQuestion, form: Format, seconds: float) -> tuple[bytes, str]:
    """Return the answer in a format, and its media type. `seconds` is the time limit.

    Raises AnswerError if the question cannot be answered.
    """
    is_ours = form == WORKBOOK or form in GRAPHS
    query = Question(
        asked.question.with_values(asked.values),
        result_type=JSON_RESULTS if is_ours else form.media_type,
        graph_type=form.media_type if form in GRAPHS else None,
        prefixes=site.names.prefixes(),
    )
    answer = site.ask(query, seconds)
    if answer.media_type != JSON_RESULTS or not is_ours:
        return answer.body, answer.media_type
    if form != WORKBOOK:
        return write_result_set(answer.body, form.media_type, site.names.prefixes()), form.media_type
    messages, language = translations(asked.language), asked.language
    return write_workbook(
        answer.body,
        (messages.gettext("Answer"), messages.gettext("About the answer")),
        {name: meaning[language] for name, meaning in asked.question.columns.items()},
        _notes(site, asked),
        language,
    ), form.media_type


def _notes(site: Site, asked: AskedQuestion) -> Sequence[Note]:
    messages, language, question = translations(asked.language), asked.language, asked.question
    address, values = site.names.base + asked.path.removeprefix("/"), asked.all_values
    column = messages.gettext("Column")
    return (
        Note(messages.gettext("Question"), asked.sentence),
        Note(messages.gettext("What it answers"), question.explanation[language]),
        *(
            Note(
                each.description[language].rstrip("."),
                asked.labels[each.name].get(values[each.name], values[each.name]),
            )
            for each in question.parameters
        ),
        Note(messages.gettext("Address"), address, address),
        Note(messages.gettext("Dataset"), short_name_of(site.state)),
        Note(messages.gettext("Date"), datetime.now(UTC).date().isoformat()),
        Note(messages.gettext("Licence"), f"CC BY 4.0 ({_LICENCE})", _LICENCE),
        *(Note(f"{column} {name}", meaning[language]) for name, meaning in question.columns.items()),
        Note(messages.gettext("Query"), asked.question.with_values(asked.values)),
    )
