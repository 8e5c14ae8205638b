"""The pages of the library of questions."""

import re
import shlex
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.errors import CrmgraphError, UsageError
from crmgraph.http.errors import problem_of
from crmgraph.http.languages import LANGUAGES
from crmgraph.library import LibraryQuestion, is_unread, resolve_values, values_query
from crmgraph.site.answers.arranging import PARAMETERS, Arrangement
from crmgraph.site.answers.columns import layout_of
from crmgraph.site.answers.results import evaluate
from crmgraph.site.base.links import language_of, links_of
from crmgraph.site.base.parameters import check_parameters, seconds_for, spoken
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
from crmgraph.site.base.site import Site
from crmgraph.site.charts.answers import answer_chart, answer_network
from crmgraph.site.charts.layout import vertical_heading
from crmgraph.site.questions.allowed import Allowed, allowed_in, rows
from crmgraph.site.questions.choosing import choose_questions, good_questions
from crmgraph.site.questions.files import ANSWERS, OFFERED, WORKBOOK, Asked, answer_file, file_name
from crmgraph.site.questions.forms import form_of, sentence, value_names
from crmgraph.site.questions.given import Given, read_given, strange_in, unclear_in
from crmgraph.site.questions.graph import about_library
from crmgraph.site.questions.instead import instead_of
from crmgraph.sparql import Format, Question
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
