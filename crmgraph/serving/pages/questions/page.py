"""The pages of the library of questions."""

import difflib
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.answering import Format, Question
from crmgraph.errors import CrmgraphError, UnknownValueError, UsageError
from crmgraph.library import (
    Ask,
    LibraryQuestion,
    Parameter,
    Value,
    allowed_values,
    called,
    choose,
    is_unread,
    near_values,
    resolve_values,
    values_query,
)
from crmgraph.serving.i18n import LANGUAGES, marked, translations
from crmgraph.serving.pages.answers.arranging import PARAMETERS, Arrangement
from crmgraph.serving.pages.answers.columns import layout_of
from crmgraph.serving.pages.answers.results import evaluate
from crmgraph.serving.pages.asking import check_parameters, seconds_for, spoken
from crmgraph.serving.pages.questions.charts import draw_chart, draw_relations
from crmgraph.serving.pages.questions.choosing import choose_questions, good_questions
from crmgraph.serving.pages.questions.files import ANSWERS, OFFERED, WORKBOOK, Asked, answer_file, file_name
from crmgraph.serving.pages.questions.forms import Option, form_of, sentence, value_names
from crmgraph.serving.pages.questions.graph import about_library
from crmgraph.serving.pages.refusals import nothing
from crmgraph.serving.pages.rendering import language_of, links_of, offers, render
from crmgraph.serving.pages.representations import (
    GRAPHS,
    HTML,
    JSON,
    QUERY,
    asked,
    by_suffix,
    chosen,
    data,
    rows_as_json,
    written,
)
from crmgraph.serving.pages.site import JSON_RESULTS, Site
from crmgraph.serving.problems import problem_of
from crmgraph.wording import Bilingual

__all__ = ["INDEX_PARAMETERS", "question_page", "questions_page", "what_is_asked"]

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

_MOST_SHOWN = 200
"""How many characters are shown of what no parameter takes."""

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NEEDED = {
    "integer": marked("it has to be a whole number."),
    "string": marked("it has to have a letter or a digit."),
}
"""What a parameter takes, by its type, where that is none of some values."""

_PROTOCOL_PARAMETERS = ("format", "timeout")

_Allowed = Mapping[str, tuple[Value, ...]]


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

    A value may be given by its name; a page then leads to the address that has its identifier. The answer alone is had
    by suffix, `?format=` or Accept; the query itself by the suffix `.rq`. `sort`, `order` and `page` say how a page
    shows the rows.
    """
    name, suffixed = by_suffix(name, (*ANSWERS, HTML, QUERY))
    form = _named_form(request) or suffixed or chosen(request, (HTML, *ANSWERS))
    question = site.library.get(name)
    if question is None:
        return nothing(request, site, form, f"/queries/{name}")
    check_parameters(request)
    _check_characters(request)
    given = {key: value for key, value in request.query_params.items() if key not in _PROTOCOL_PARAMETERS}
    if form == HTML:
        arrangement = Arrangement.read(given)
        given = {key: value for key, value in given.items() if key not in PARAMETERS}
        return _question_page(request, site, question, given, arrangement)
    seconds = seconds_for(request, site)
    values = resolve_values(question, given, lambda query: _rows(site, query, seconds))
    if form == QUERY:
        return data(question.with_values(values), form.media_type)
    language = values.get("lang", "")
    language = language if language in LANGUAGES else language_of(request)
    allowed = _allowed(site, question, seconds) if form == WORKBOOK else {}
    body, media_type = answer_file(site, _asked(question, values, allowed, language), form, seconds)
    response = data(body, media_type)
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
        values = resolve_values(question, shown, lambda query: _rows(site, query, seconds))
    except UsageError:
        return ""
    return _asked(question, values, _allowed(site, question, seconds), language_of(request)).sentence


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


def _rows(site: Site, query: str, seconds: float) -> bytes:
    return site.ask(Question(query, result_type=JSON_RESULTS), seconds).body


def _named_form(request: Request) -> Format | None:
    wanted = request.query_params.get("format")
    if wanted is None:
        return None
    form = next((form for form in ANSWERS if form.short == wanted), None)
    if form is None:
        raise HTTPException(400, Bilingual(f"There is no format “{wanted}”.", f"No existe el formato «{wanted}»."))
    return form


def _asked(question: LibraryQuestion, values: Mapping[str, str], allowed: _Allowed, language: str) -> Asked:
    whole = _whole(question, values)
    path = f"/queries/{question.name}{_query(whole)}"
    names = value_names(question, whole, allowed, language)
    return Asked(question, values, sentence(question, whole, allowed, language), names, language, path)


def _whole(question: LibraryQuestion, values: Mapping[str, str]) -> dict[str, str]:
    """A value for every parameter."""
    return {each.name: values.get(each.name, each.default) for each in question.parameters}


@dataclass(frozen=True)
class _Reading:
    """What a visitor gave, as the question takes it; for what it cannot take, the values that may be meant, and why."""

    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    refusal: CrmgraphError | None = None


def _read(question: LibraryQuestion, given: Mapping[str, str], allowed: _Allowed, ask: Ask, language: str) -> _Reading:
    values, wrong, near = dict(given), {}, {}
    refusal: CrmgraphError | None = None
    for parameter in question.parameters:
        if parameter.name not in given:
            continue
        value = given[parameter.name]
        offered = allowed.get(parameter.name)
        if offered is None:
            offered = near_values(parameter, value, question.names, ask)
        try:
            values[parameter.name] = choose(parameter, value, offered, question.names)
        except UnknownValueError as error:
            names = called(offered or (), language)
            near[parameter.name] = tuple(Option(each, names[each]) for each in error.near)
            wrong[parameter.name], refusal = value, refusal or error
        except CrmgraphError as error:
            wrong[parameter.name], refusal = value, refusal or error
    return _Reading({**values, **{name: _default(question, name) for name in wrong}}, wrong, near, refusal)


@dataclass(frozen=True)
class _Unclear:
    """What was given for a parameter, what that means, and the names and addresses of what may have been meant.

    `needed` says what the parameter takes, where that is no choice.
    """

    given: str
    meaning: str
    near: tuple[tuple[str, str], ...]
    needed: str


def _unclear(parameter: Parameter, reading: _Reading, arrangement: Arrangement, language: str) -> _Unclear:
    given, name = {**reading.values, **reading.wrong}, parameter.name
    near = ((each.name, arrangement.query({**given, name: each.text})) for each in reading.near.get(name, ()))
    needed = "" if name in reading.near else translations(language).gettext(_NEEDED[parameter.type])
    return _Unclear(given[name][:_MOST_SHOWN], parameter.description[language].rstrip("."), tuple(near), needed)


@dataclass(frozen=True)
class _Strange:
    """A name in the address that no parameter has, and its value; those that there are with what they mean, and which
    may be meant, with the address for that."""

    name: str
    value: str
    known: tuple[tuple[str, str], ...]
    near: tuple[tuple[str, str], ...]


def _strange(
    question: LibraryQuestion, given: Mapping[str, str], arrangement: Arrangement, language: str
) -> _Strange | None:
    known = {each.name: each.description[language].rstrip(".") for each in question.parameters}
    name = next((name for name in given if name not in known), None)
    if name is None:
        return None
    near = difflib.get_close_matches(name[:_MOST_SHOWN], [each for each in known if each not in given], 1)
    kept = {each: value for each, value in given.items() if each in known}
    meant = tuple((known[each], arrangement.query({**kept, each: given[name]})) for each in near)
    return _Strange(name[:_MOST_SHOWN], given[name][:_MOST_SHOWN], tuple(known.items()), meant)


def _default(question: LibraryQuestion, name: str) -> str:
    return next(each.default for each in question.parameters if each.name == name)


def _allowed(site: Site, question: LibraryQuestion, seconds: float) -> dict[str, tuple[Value, ...]]:
    """The values of each parameter that does not take just anything."""
    found = (
        (each.name, allowed_values(each, site.names, lambda query: _rows(site, query, seconds)))
        for each in question.parameters
    )
    return {name: values for name, values in found if values is not None}


def _question_page(
    request: Request, site: Site, question: LibraryQuestion, given: Mapping[str, str], arrangement: Arrangement
) -> Response:
    links, language = links_of(request, site), language_of(request)
    seconds = seconds_for(request, site)
    allowed: dict[str, tuple[Value, ...]] = {}
    reading, result, problem = _Reading(spoken(question, language)), None, None
    unread = False
    strange = _strange(question, given, arrangement, language)
    known = {name: value for name, value in given.items() if any(each.name == name for each in question.parameters)}
    try:
        allowed = _allowed(site, question, seconds)
        reading = _read(
            question, {**reading.values, **known}, allowed, lambda query: _rows(site, query, seconds), language
        )
        question.check_names(given)
        if reading.refusal:
            raise reading.refusal
        named = {name: reading.values[name] for name in given}
        if named != given:
            return RedirectResponse(arrangement.query(named), 303)
        result = evaluate(site, Question(question.with_values(reading.values)), seconds, arrangement)
        unread = is_unread(question, reading.values, lambda query: _rows(site, query, seconds))
    except CrmgraphError as error:
        problem = problem_of(error, language)

    def target(iri: str) -> str:
        return links.target(iri, language) or ""

    values = reading.values
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
        "form": form_of(question, _whole(question, values), allowed, reading.wrong, language),
        "unclear": [
            _unclear(each, reading, arrangement, language) for each in question.parameters if each.name in reading.wrong
        ],
        "text": "" if is_refused else asked.query,
        "command": "" if problem else _command(question, values),
        "result": result,
        "layout": layout_of(site, question.columns, result, language) if result else None,
        "unread": unread,
        "chart": draw_chart(question.chart, result.every) if result and question.chart else None,
        "network": draw_relations(question.chart, result.every, target) if result and question.chart else None,
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
