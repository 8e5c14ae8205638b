"""The page of the API: all operations in the OpenAPI document, with their parameters and examples."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from crmgraph.http.languages import marked, translations
from crmgraph.http.openapi import ERROR_DESCRIPTIONS
from crmgraph.library import LibraryQuestion
from crmgraph.site.base import HTML, PageRequest

TRANSLATED_TEXTS = frozenset(
    (
        # Addresses.
        marked("A concept scheme of the ontology, or a version of it"),
        marked("A named graph"),
        marked("A question of the library with its answer"),
        marked("A thing at a glance"),
        marked("Add to a graph, or make one with a new name where none is named"),
        marked("All actors, and their roles in the plan"),
        marked("All bodies and networks, and the objectives that refer to their work plan"),
        marked("All instruments, and what the plan does with them"),
        marked("All meetings, and whether they were in the years that the plan speaks of"),
        marked("All population groups, and the objectives that concern them"),
        marked("All States, and the processes that they take part in"),
        marked("All that can be downloaded"),
        marked("All topics, and the objectives that concern them"),
        marked("Run a query, or ask the endpoint what it is"),
        marked("Every address of this service, with examples"),
        marked("Everything that the graph says about a thing"),
        marked("Everything that the graph says about one of them"),
        marked("How a statement is known, down to its sources"),
        marked("Service status, and its limits"),
        marked("How to cite the dataset, a page or an answer"),
        marked("Kinds that match what was typed"),
        marked("Reconciling the names in a spreadsheet (OpenRefine)"),
        marked("Properties that match what was typed"),
        marked("Put a graph in the place of what is there"),
        marked("Read a graph"),
        marked("Remove a graph"),
        marked("Send a query or an update as the body"),
        marked("The consistency report"),
        marked("The consultative processes, and the States that they have in common"),
        marked("The findings of one kind"),
        marked("The library of questions"),
        marked("The ontology"),
        marked("The page of a thing"),
        marked("The plan as a tree"),
        marked("The properties of things of a kind"),
        marked("The whole dataset as N-Quads"),
        marked("Things that match what was typed"),
        marked("What became of each part of an earlier version of a plan"),
        marked("Correspondences with other plans, and how far the plans overlap"),
        marked("What corresponds to what in two plans, and why"),
        marked("What the dataset is and where to find it (VoID, DCAT)"),
        marked("What the server counts, for Prometheus"),
        marked("What this is, how it was made, and how far to trust it"),
        marked("What the site does for accessibility, and what is not right yet"),
        marked("Whether questions are answered"),
        marked("Whether the process runs"),
        marked("A part of the list of all pages"),
        marked("All pages, in each language, or the parts of such a list"),
        marked("All charts"),
        marked("Another plan as a tree, to browse"),
        marked("At most 20 passages, each as its source and its characters, with commas between them"),
        marked("How many to leave out from the beginning"),
        marked("How many to give at most"),
        marked("How the page groups them"),
        marked("Only objectives of the theme with this id; leave empty for all"),
        marked("Only parts that say this actor; leave empty for all"),
        marked("Only parts that say this finding; leave empty for all"),
        marked("Only parts that say this group; leave empty for all"),
        marked("Only parts that say this network; leave empty for all"),
        marked("Only parts that say this status; leave empty for all"),
        marked("Only parts that say this topic; leave empty for all"),
        marked("Only questions that have these words, or the beginnings of them, in either language"),
        marked("Only things of this kind; leave empty for all"),
        marked("Only this role, or the roles of this family; leave empty for all"),
        marked("The format"),
        marked("The members of a process and their processes"),
        marked("The objectives whose parts are shown, with commas between them; all for all"),
        marked("The plan as a tree, to browse"),
        marked("The process whose members are shown"),
        marked("The rows alone, for another page to show"),
        marked("The schedule of the plan"),
        marked("The whole dataset, or the text of a plan"),
        marked("The words to look for, a phrase between quotation marks"),
        marked("What a query can name, for an editor to propose"),
        marked("What is found by words"),
        marked("What robots should not visit"),
        marked("What this is, the plan at a glance, and where to begin"),
        marked("Who does what in the plan"),
        marked("Words of a source in the row where they stand"),
        # Their parameters.
        marked("A batch of queries, as JSON."),
        marked("A graph that GRAPH may query in an update. May be repeated."),
        marked("A graph that GRAPH may query. May be repeated."),
        marked("A graph that makes up the default graph of an update. May be repeated."),
        marked("A graph that makes up the default graph. May be repeated."),
        marked("A SPARQL 1.1 query. Without one, the endpoint describes itself."),
        marked("Each last step that leads to the statement instead of the shortest way"),
        marked("How many at most."),
        marked("How many of them to skip."),
        marked("Only findings of this severity; leave empty for all"),
        marked("Only findings in the theme with this id"),
        marked("The graph without a name, instead of a named one; takes no value."),
        marked("The IRI of a kind of things."),
        marked("The IRI of a thing."),
        marked("The IRI of the graph."),
        marked("The longest that the answer may take, in seconds; never more than the server’s own limit."),
        marked("The longest that the query may take, in seconds; never more than the server’s own limit."),
        marked("The page to cite: its address or its path; leave empty for the dataset as a whole"),
        marked("The property, in the same way"),
        marked("The subject: a prefixed name, an IRI or what follows …/id/"),
        marked("The syntax of the answer, in place of the Accept header."),
        marked("The syntax of the answer, in place of the Accept header. Other names are ignored."),
        marked("The value, in the same way or as a literal in Turtle"),
        marked("Things and the properties whose values are wanted, as JSON."),
        marked("What was typed."),
        # Reasons for which there may be no answer.
        marked("The request cannot be understood, or a parameter or its value does not exist."),
        marked("There is nothing at this address."),
        marked("None of the syntaxes on offer matches the Accept header."),
        marked("The query needs more memory, or its answer more bytes, than is allowed."),
        marked("Too many requests come from the client’s address."),
        marked("The engine gave up on the query."),
        marked("The remote engine that holds the data did not answer."),
        marked("Stopped at its time limit, or too many queries are waiting, or the service cannot answer now."),
        marked("It cannot be stored on the disk."),
    )
)
"""The texts of the OpenAPI document that have translations. The page shows any other text in English."""

TRANSLATED_SUFFIXES = (marked(", as data"), marked(", as a file"))
"""Suffixes that may follow these texts. They are translated separately."""

TAGS = {
    "SPARQL": marked("Queries in SPARQL"),
    "site": marked("Pages, and the data behind them"),
    "library": marked("Questions of the library"),
    "data": marked("The whole dataset"),
    "Graph Store": marked("Graphs, one at a time"),
    "reconciliation": marked("Reconciling the names in a spreadsheet (OpenRefine)"),
    "operations": marked("For those who run the service"),
}
"""The English labels of the tags in the OpenAPI document, marked for translation, in display order."""


def api_context(visit: PageRequest) -> dict[str, Any]:
    """Return the template variables of the page of the API: the operations of the OpenAPI document, by tag."""
    site, language = visit.site, visit.language
    home = str(visit.request.base_url).rstrip("/")
    groups: dict[str, list[dict[str, Any]]] = {tag: [] for tag in TAGS}
    for path, methods in visit.request.app.openapi()["paths"].items():
        question = site.library.get(path.removeprefix("/queries/")) if path.startswith("/queries/") else None
        for method, described in methods.items():
            if method != "parameters":
                tag = "library" if question else next(iter(described.get("tags", ())), "site")
                every = [*methods.get("parameters", []), *described.get("parameters", [])]
                operation = _operation(method, path, {**described, "parameters": every}, question, home, language)
                groups.setdefault(tag, []).append(operation)
    return {
        "groups": [(TAGS.get(tag, tag), tag, listed) for tag, listed in groups.items() if listed],
        "refusals": [(status, *_translated(text, language)) for status, text in ERROR_DESCRIPTIONS.items()],
        "home": home,
    }


def _operation(
    method: str,
    path: str,
    described: Mapping[str, Any],
    question: LibraryQuestion | None,
    home: str,
    language: str,
) -> dict[str, Any]:
    parameters = [_parameter(each, question, language) for each in described["parameters"]]
    media_types = tuple(described["responses"].get("200", {}).get("content", {}))
    summary = (question.title[language], language) if question else _translated(described.get("summary", ""), language)
    return {
        "method": method.upper(),
        "path": path,
        "anchor": f"{method}{path}".replace("/", "-").translate({ord(sign): None for sign in "{}"}),
        "summary": summary[0],
        "language": summary[1],
        "parameters": parameters,
        "media_types": media_types,
        "example": _example(method, path, described, parameters, media_types, home),
    }


def _parameter(described: Mapping[str, Any], question: LibraryQuestion | None, language: str) -> dict[str, Any]:
    schema = described.get("schema", {})
    own = next((each for each in question.parameters if each.name == described["name"]), None) if question else None
    text = (own.description[language], language) if own else _translated(described.get("description", ""), language)
    examples = [
        described.get("example"),
        *described.get("examples", ()),
        *schema.get("examples", ()),
        schema.get("example"),
    ]
    choices = next((each["enum"] for each in (schema, *schema.get("anyOf", ())) if "enum" in each), ())
    return {
        "name": described["name"],
        "is_in_path": described["in"] == "path",
        "is_needed": bool(described.get("required")),
        "description": text[0],
        "language": text[1],
        "choices": [str(each) for each in choices if each != ""],
        "default": str(schema.get("default", "")),
        "example": str(next((each for each in examples if each is not None), "")),
    }


def _example(
    method: str,
    path: str,
    described: Mapping[str, Any],
    parameters: Sequence[Mapping[str, Any]],
    media_types: Sequence[str],
    home: str,
) -> str:
    """Return a `curl` command that runs an operation with example values.

    Return "" if an operation has no example for a path variable or for its body, or needs a token.
    """
    inside = [each for each in parameters if each["is_in_path"]]
    values = [each["example"] or next((x for x in each["choices"] if x != HTML.extension), "") for each in inside]
    if not all(values):
        return ""
    names = [each["name"] for each in inside]
    address = home + path.format(**dict(zip(names, (quote(value, safe="/:") for value in values), strict=True)))
    words = ["curl", "--location"] if "303" in described["responses"] else ["curl"]
    accepted = next((each for each in media_types if each != HTML.media_type), "")
    if accepted and "{suffix}" not in path:
        words += ["-H", f"Accept: {accepted}"]
    if method == "get":
        # Required parameters or else only one, because the examples of several may not go together.
        offered = [each for each in parameters if not each["is_in_path"] and each["example"]]
        given = [each for each in offered if each["is_needed"]] or offered[:1]
        query = urlencode({each["name"]: each["example"] for each in given})
        return shlex.join([*words, f"{address}?{query}" if query else address])
    bodies = described.get("requestBody", {}).get("content", {}).items() if method == "post" else ()
    commands = (
        shlex.join([*words, "-H", f"Content-Type: {media_type}", "--data", body["schema"]["example"], address])
        for media_type, body in bodies
        if "example" in body["schema"]
    )
    return next(commands, "")


def _translated(text: str, language: str) -> tuple[str, str]:
    """Return the translation of a text in the OpenAPI document and its language; the English text if there is none."""
    ending = next((each for each in TRANSLATED_SUFFIXES if text.endswith(each)), "")
    stem = text.removesuffix(ending)
    if stem not in TRANSLATED_TEXTS:
        return text, "en"
    messages = translations(language)
    return messages.gettext(stem) + (messages.gettext(ending) if ending else ""), language
