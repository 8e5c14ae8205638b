"""The pages where questions are asked: the library, each of its questions, and the workbench."""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.answering import Format, Question
from crmgraph.errors import CrmgraphError
from crmgraph.library import LibraryQuestion
from crmgraph.serving.i18n import marked, translations
from crmgraph.serving.pages.refusals import Problem, nothing, problem_of
from crmgraph.serving.pages.rendering import GROUPS, language_of, links_of, render
from crmgraph.serving.pages.representations import GRAPHS, HTML, JSON, QUERY, TABLES, by_suffix, chosen, data
from crmgraph.serving.pages.results import Result, evaluate
from crmgraph.serving.pages.site import Site

__all__ = ["question_page", "questions_page", "workbench_page"]

_FIRST_QUERY = """SELECT ?number ?objective ?label ?passage
WHERE {{
  ?objective a cg:Objective ;
    dcterms:isPartOf <{theme}> ;
    cg:number ?number ;
    cg:order ?order ;
    cg:passage ?passage ;
    rdfs:label ?label .
  FILTER (lang(?label) = "{language}")
}}
ORDER BY ?order
"""
_FIRST_PREFIXES = ("cg", "dcterms", "rdfs", "id")
_PHRASES = (
    marked("Find"),
    marked("Replace"),
    marked("next"),
    marked("previous"),
    marked("all"),
    marked("match case"),
    marked("by word"),
    marked("regexp"),
    marked("replace"),
    marked("replace all"),
    marked("close"),
    marked("Go to line"),
    marked("go"),
    marked("Control character"),
    marked("Diagnostics"),
    marked("No diagnostics"),
    marked("Completions"),
    marked("SPARQL query"),
    marked("The server cannot be reached."),
)


def questions_page(request: Request, site: Site) -> Response:
    """The library's questions in their groups, as a page or as JSON."""
    if chosen(request, (HTML, JSON)) == JSON:
        listed = [_listed(question) for question in site.library.values()]
        return data(json.dumps(listed, ensure_ascii=False, indent=2) + "\n", JSON.media_type)
    return render(request, site, "queries.html", context={"groups": _groups(site)})


def question_page(request: Request, site: Site, name: str) -> Response:
    """One question with its answer for the values that the query string gives to its parameters.

    The answer alone is had by suffix, `?format=` or Accept; the query itself by the suffix `.rq`.
    """
    name, suffixed = by_suffix(name, (*TABLES, *GRAPHS, HTML, QUERY))
    given = dict(request.query_params)
    wanted = given.pop("format", "")
    if wanted:
        suffixed = by_suffix("." + wanted, (*TABLES, *GRAPHS))[1] or suffixed
    form = suffixed or chosen(request, (HTML, *TABLES, *GRAPHS))
    question = site.library.get(name)
    if question is None:
        return nothing(request, site, form, f"There is no question {name}.")
    if form == HTML:
        return _question_page(request, site, question, given)
    text = question.with_values(given)
    if form == QUERY:
        return data(text, form.media_type)
    asked = Question(
        text,
        result_type=None if form in GRAPHS else form.media_type,
        graph_type=form.media_type if form in GRAPHS else None,
        prefixes=site.names.prefixes(),
    )
    answer = site.pool.answer(asked, site.seconds)
    return data(answer.body, answer.media_type)


def _question_page(request: Request, site: Site, question: LibraryQuestion, given: Mapping[str, str]) -> Response:
    links = links_of(request, site)
    language = language_of(request)
    given = {**_spoken(question, language), **given}
    values = {parameter.name: given.get(parameter.name, parameter.default) for parameter in question.parameters}
    text, result, problem = question.text, None, None
    try:
        text = question.with_values(given)
        result = evaluate(site, text)
    except CrmgraphError as error:
        problem = problem_of(error, language)
    asked = "?" + urlencode(given) if given else ""
    context = {
        "question": question,
        "values": values,
        "text": text,
        "result": result,
        "problem": problem,
        "downloads": [
            (form.label, links.data(f"/queries/{question.name}.{form.extension}{asked}")) for form in _forms(result)
        ],
    }
    return render(request, site, "question.html", problem.status if problem else 200, context)


def workbench_page(request: Request, site: Site) -> Response:
    """The workbench: `?query=` fills and asks it, `?question=` fills it with a question of the library.

    `?part=results` gives the answer alone, always as 200, for the page to put in its place; `?format=` leads to the
    endpoint, so that the form works without a script.
    """
    links = links_of(request, site)
    asked = request.query_params
    chosen = site.library.get(asked.get("question", ""))
    text = asked.get("query", "")
    if text and asked.get("format"):
        target = links.data("/sparql?" + urlencode({"query": text, "format": asked["format"]}))
        return RedirectResponse(target, 303)
    result, problem = _answer(site, text, language_of(request)) if text.strip() else (None, None)
    answer = {"result": result, "problem": problem, "downloads": _downloads(links.data("/sparql"), text, result)}
    if asked.get("part") == "results":
        return render(request, site, "results.html", context=answer)
    language = language_of(request)
    say = translations(language).gettext
    context = {
        **answer,
        "groups": _groups(site),
        "chosen": chosen.name if chosen else "",
        "text": text or (_text(chosen, language) if chosen else _first_query(site, language)),
        "texts": {name: _text(question, language) for name, question in site.library.items()},
        "phrases": {phrase: say(phrase) for phrase in _PHRASES},
        "prefixes": site.names.prefixes(),
        "completions": _completions(site, language),
        "table_formats": [(form.label, form.short) for form in TABLES],
        "graph_formats": [(form.label, form.short) for form in GRAPHS],
    }
    return render(request, site, "workbench.html", problem.status if problem else 200, context)


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
                "description": dict(parameter.description),
            }
            for parameter in question.parameters
        ],
        "query": question.text,
    }


def _answer(site: Site, text: str, language: str) -> tuple[Result | None, Problem | None]:
    try:
        return evaluate(site, text), None
    except CrmgraphError as error:
        return None, problem_of(error, language)


def _downloads(endpoint: str, text: str, result: Result | None) -> list[tuple[str, str]]:
    return [(form.label, f"{endpoint}?{urlencode({'query': text, 'format': form.short})}") for form in _forms(result)]


def _forms(result: Result | None) -> Sequence[Format]:
    if result and result.form == "ASK":
        return [form for form in TABLES if form.short in ("json", "xml")]
    return GRAPHS if result and result.form in ("CONSTRUCT", "DESCRIBE") else TABLES


def _spoken(question: LibraryQuestion, language: str) -> dict[str, str]:
    """The value that makes a question answer in this language, where it lets one choose."""
    return {p.name: language for p in question.parameters if p.name == "lang" and language in p.choices}


def _text(question: LibraryQuestion, language: str) -> str:
    return question.with_values(_spoken(question, language))


def _groups(site: Site) -> dict[str, list[LibraryQuestion]]:
    groups: dict[str, list[LibraryQuestion]] = {
        name: [] for name in GROUPS if any(q.group == name for q in site.library.values())
    }
    for question in site.library.values():
        groups.setdefault(question.group, []).append(question)
    return groups


def _first_query(site: Site, language: str) -> str:
    prefixes = site.names.prefixes()
    prologue = "".join(f"PREFIX {prefix}: <{prefixes[prefix]}>\n" for prefix in _FIRST_PREFIXES)
    return prologue + "\n" + _FIRST_QUERY.format(theme=site.names.id("plan", "crm", "pgm"), language=language)


def _completions(site: Site, language: str) -> list[dict[str, str]]:
    """Our ontology's terms for the editor to propose, each with its label."""
    rows = site.select(
        "SELECT ?x ?label { VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty } ?x a ?kind ; "
        f'rdfs:label ?label FILTER (STRSTARTS(STR(?x), STR(cg:)) && LANG(?label) = "{language}") }} ORDER BY ?x'
    )
    return [{"label": "cg:" + row["x"].value.rpartition("#")[2], "detail": row["label"].value} for row in rows]
