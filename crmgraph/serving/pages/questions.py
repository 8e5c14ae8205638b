"""The pages of the library of questions."""

import shlex
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.answering import Format, Question
from crmgraph.answering.formats import by_short
from crmgraph.errors import CrmgraphError
from crmgraph.library import LibraryQuestion, Value, check_value, check_values, read_values, values_query
from crmgraph.serving.pages.asking import check_parameters, forms_of, groups, seconds_for, spoken
from crmgraph.serving.pages.library_graph import about_library
from crmgraph.serving.pages.refusals import nothing
from crmgraph.serving.pages.rendering import language_of, links_of, offers, render
from crmgraph.serving.pages.representations import (
    GRAPHS,
    HTML,
    JSON,
    QUERY,
    TABLES,
    asked,
    by_suffix,
    chosen,
    data,
    rows_as_json,
    written,
)
from crmgraph.serving.pages.results import evaluate
from crmgraph.serving.pages.site import JSON_RESULTS, Site
from crmgraph.serving.problems import problem_of
from crmgraph.wording import Bilingual

__all__ = ["question_page", "questions_page"]

_PROTOCOL_PARAMETERS = ("format", "timeout")
_MOST_IN_A_MENU = 50
"""How many values a menu may offer; where there are more, they are suggested to who types."""


def questions_page(request: Request, site: Site) -> Response:
    """The library's questions in their groups, as a page, as JSON or as a graph."""
    _, form = asked(request)
    if form == JSON:
        return rows_as_json(_listed(question) for question in site.library.values())
    if form != HTML:
        triples = about_library(site.library.values(), site.names)
        return data(written(triples, form, site.names.prefixes()), form.media_type)
    context = {"groups": groups(site), **offers(request, site, "/queries", (*GRAPHS, JSON))}
    return render(request, site, "queries.html", context=context)


def question_page(request: Request, site: Site, name: str) -> Response:
    """One question with its answer for the values that the query string gives to its parameters.

    The answer alone is had by suffix, `?format=` or Accept; the query itself by the suffix `.rq`.
    """
    name, suffixed = by_suffix(name, (*TABLES, *GRAPHS, HTML, QUERY))
    form = _named_form(request) or suffixed or chosen(request, (HTML, *TABLES, *GRAPHS))
    question = site.library.get(name)
    if question is None:
        return nothing(request, site, form, f"/queries/{name}")
    check_parameters(request)
    given = {key: value for key, value in request.query_params.items() if key not in _PROTOCOL_PARAMETERS}
    if form == HTML:
        return _question_page(request, site, question, given)
    if form == QUERY:
        return data(question.with_values(given), form.media_type)
    question.check_names(given)
    seconds = seconds_for(request, site)
    check_values(question, given, lambda query: _rows(site, query, seconds))
    text = question.with_values(given)
    tabular = form not in GRAPHS
    question_asked = Question(
        text,
        result_type=form.media_type if tabular else None,
        graph_type=None if tabular else form.media_type,
        prefixes=site.names.prefixes(),
    )
    answer = site.ask(question_asked, seconds)
    return data(answer.body, answer.media_type)


def _rows(site: Site, query: str, seconds: float) -> bytes:
    return site.ask(Question(query, result_type=JSON_RESULTS), seconds).body


def _named_form(request: Request) -> Format | None:
    wanted = request.query_params.get("format")
    if wanted is None:
        return None
    form = by_short(wanted)
    if form is None:
        raise HTTPException(400, Bilingual(f"There is no format “{wanted}”.", f"No existe el formato «{wanted}»."))
    return form


def _question_page(request: Request, site: Site, question: LibraryQuestion, given: Mapping[str, str]) -> Response:
    links = links_of(request, site)
    language = language_of(request)
    given = {**spoken(question, language), **given}
    text, result, problem = question.text, None, None
    allowed: dict[str, Sequence[Value]] = {}
    seconds = seconds_for(request, site)
    try:
        question.check_names(given)
        allowed = _allowed(site, question, seconds)
        for parameter in question.parameters:
            if parameter.name in given and parameter.name in allowed and not parameter.choices:
                check_value(parameter, given[parameter.name], allowed[parameter.name], site.names)
        text = question.with_values(given)
        result = evaluate(site, Question(text), seconds)
    except CrmgraphError as error:
        problem = problem_of(error, language)
    query = "?" + urlencode(given) if given else ""
    context = {
        "question": question,
        "allowed": allowed,
        "most_in_a_menu": _MOST_IN_A_MENU,
        "values": {each.name: given.get(each.name, each.default) for each in question.parameters},
        "text": text,
        "command": "" if problem else _command(question, given),
        "result": result,
        "problem": problem,
        "downloads": [
            (form.label, links.data(f"/queries/{question.name}.{form.extension}{query}")) for form in forms_of(result)
        ],
    }
    return render(request, site, "question.html", problem.status if problem else 200, context)


def _allowed(site: Site, question: LibraryQuestion, seconds: float) -> dict[str, Sequence[Value]]:
    """The values of each parameter that does not take just anything."""
    found: dict[str, Sequence[Value]] = {}
    for parameter in question.parameters:
        query = values_query(parameter, site.names)
        if parameter.choices:
            found[parameter.name] = [Value(choice, labels) for choice, labels in parameter.choices.items()]
        elif query is not None:
            found[parameter.name] = read_values(parameter, _rows(site, query, seconds), site.names)
    return found


def _command(question: LibraryQuestion, given: Mapping[str, str]) -> str:
    """What asks the same on the command line; the values come from a link, which may be anybody's."""
    changed = [each for each in question.parameters if given.get(each.name, each.default) != each.default]
    flags = [word for each in changed for word in ("--param", f"{each.name}={given[each.name]}")]
    return shlex.join(["crmgraph", "query", question.name, *flags])


def _listed(question: LibraryQuestion) -> dict[str, object]:
    return {
        "name": question.name,
        "question": dict(question.title),
        "explanation": dict(question.explanation),
        "group": question.group,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "default": parameter.default,
                "choices": list(parameter.choices),
                "values": values_query(parameter, question.names),
                "description": dict(parameter.description),
            }
            for parameter in question.parameters
        ],
        "query": question.text,
    }
