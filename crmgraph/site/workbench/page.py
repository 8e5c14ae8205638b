"""The workbench, where a visitor writes queries."""

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.errors import CrmgraphError
from crmgraph.http.errors import Problem, problem_of
from crmgraph.http.languages import marked, translations
from crmgraph.library import LibraryQuestion
from crmgraph.site.answers.results import Result, evaluate, forms_of
from crmgraph.site.base.links import language_of, links_of
from crmgraph.site.base.parameters import groups, seconds_for, spoken, text_in
from crmgraph.site.base.rendering import render
from crmgraph.site.base.representations import GRAPHS, TABLES
from crmgraph.site.base.site import Site
from crmgraph.sparql import Question

__all__ = ["workbench_page"]

_KEPT = ("default-graph-uri", "named-graph-uri", "timeout")
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
    marked("The server could not answer."),
    marked("This is not valid SPARQL at this point."),
    marked("The prefix is not declared."),
    marked("Declare it"),
    marked("Running …"),
    marked("Cancelled after %(seconds)s s. The server stops working on it."),
    marked("Query %(number)s"),
    marked("Copied"),
)


def workbench_page(request: Request, site: Site) -> Response:
    """The workbench: `?query=` fills and asks it, `?question=` fills it with a question of the library.

    The dataset and the time limit may be given as to the endpoint. `?part=results` gives the answer alone, always as
    200, for the page to put in its place; `?format=` leads to the endpoint, so that the form works without a script.
    Whoever asks nothing is told to write a query first, with 400 where it is a page.
    """
    links, language, asked = links_of(request, site), language_of(request), request.query_params
    text = asked.get("query", "")
    kept = [(name, value) for name in _KEPT for value in asked.getlist(name)]
    if text.strip() and asked.get("format"):
        target = urlencode([("query", text), *kept, ("format", asked["format"])])
        return RedirectResponse(links.data(f"/sparql?{target}"), 303)
    messages = translations(language)
    is_part = asked.get("part") == "results"
    result: Result | None = None
    problem: Problem | None = None
    if text.strip():
        result, problem = _answer(request, site, text)
    elif "query" in asked or is_part:
        problem = Problem(400, "about:blank", messages.gettext("Write a query first."))
    # What a file with the answer is called.
    stem = messages.gettext("answer")
    answer = {
        "result": result,
        "problem": problem,
        **_cited(site, text, kept, language),
        "downloads": [
            (
                form.label,
                links.data("/sparql?" + urlencode([("query", text), *kept, ("format", form.short)])),
                f"{stem}.{form.extension}",
            )
            for form in forms_of(result)
        ],
    }
    if is_part:
        return render(request, site, "results.html", context=answer)
    picked = site.library.get(asked.get("question", ""))
    context = {
        **answer,
        "kept": kept,
        "groups": groups(site),
        "picked": picked.name if picked else "",
        "text": text if "query" in asked else _begun(site, picked, language),
        "texts": {name: text_in(question, language) for name, question in site.library.items()},
        "phrases": {phrase: messages.gettext(phrase) for phrase in _PHRASES},
        "prefixes": site.names.prefixes(),
        "given": bool(text or picked),
        "table_formats": [(form.label, form.short) for form in TABLES],
        "graph_formats": [(form.label, form.short) for form in GRAPHS],
    }
    return render(
        request, site, "workbench.html", problem.status if problem else 200, context, editor=True, has_data=False
    )


def _answer(request: Request, site: Site, text: str) -> tuple[Result | None, Problem | None]:
    asked = request.query_params
    question = Question(
        text,
        default_graphs=tuple(asked.getlist("default-graph-uri")) or None,
        named_graphs=tuple(asked.getlist("named-graph-uri")) or None,
        prefixes=site.names.prefixes(),
    )
    try:
        return evaluate(site, question, seconds_for(request, site)), None
    except CrmgraphError as error:
        return None, problem_of(error, language_of(request))


def _begun(site: Site, picked: LibraryQuestion | None, language: str) -> str:
    return text_in(picked, language) if picked else _first_query(site, language)


def _first_query(site: Site, language: str) -> str:
    prefixes = site.names.prefixes()
    prologue = "".join(f"PREFIX {prefix}: <{prefixes[prefix]}>\n" for prefix in _FIRST_PREFIXES)
    return prologue + "\n" + _FIRST_QUERY.format(theme=site.names.id("plan", "crm", "pgm"), language=language)


def _cited(site: Site, text: str, kept: Sequence[tuple[str, str]], language: str) -> dict[str, str]:
    """The address and the title by which the answer is cited: those of a question of the library, if it is one."""
    for question in site.library.values():
        values = spoken(question, language)
        if not kept and text.strip() == question.with_values(values).strip():
            address = f"/queries/{question.name}" + (f"?{urlencode(values)}" if values else "")
            return {"address": address, "title": question.title[language]}
    title = translations(language).gettext("Answer to a query in SPARQL")
    return {"address": "/sparql?" + urlencode([("query", text), *kept]), "title": title}
