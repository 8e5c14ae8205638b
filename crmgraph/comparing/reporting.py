"""Reports of a comparison: as text, as an HTML page, as JSON, and as RDF (PROV-O)."""

import json
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.comparing.changes import KINDS, Change, Comparison, change_name
from crmgraph.describing.vocabulary import CG, Statement, passage_iri
from crmgraph.errors import Bilingual, in_language
from crmgraph.namespaces import Names
from crmgraph.reading.languages import LANGUAGES, tidy
from crmgraph.reading.model import Part, Plan

_KIND_NAMES = {
    "Theme": Bilingual("theme", "tema"),
    "Objective": Bilingual("objective", "objetivo"),
    "Action": Bilingual("action", "acción"),
    "Activity": Bilingual("activity", "actividad"),
    "Note": Bilingual("note", "nota"),
}
_PHRASES = {
    "title": Bilingual("{old} and {new}: what changed", "{old} y {new}: qué cambió"),
    "counts": Bilingual(
        "{changed} of {all} parts compared changed (themes, objectives, actions, activities and notes of either "
        "version; the calendar counts with its part)",
        "{changed} de {all} partes comparadas cambiaron (temas, objetivos, acciones, actividades y notas de ambas "
        "versiones; el calendario cuenta con su parte)",
    ),
    "same": Bilingual("The two say the same.", "Las dos dicen lo mismo."),
    "plan": Bilingual("heading of the plan", "encabezado del plan"),
    "line": Bilingual("line {}", "línea {}"),
    "calendar": Bilingual("calendar", "calendario"),
    "agents": Bilingual("named", "se nombra"),
    "languages": Bilingual(
        "{old} is in {old_language} and {new} in {new_language}. Words are compared, so that almost all of it counts "
        "as dropped and added; to see what changed, compare two versions in one language.",
        "{old} está en {old_language} y {new} en {new_language}. Se comparan las palabras, de modo que casi todo "
        "figura como suprimido y agregado; para ver qué cambió, compare dos versiones en un mismo idioma.",
    ),
    "strangers": Bilingual(
        "{old} and {new} do not look like versions of one plan: they have hardly any words in common.",
        "{old} y {new} no parecen versiones de un mismo plan: casi no tienen palabras en común.",
    ),
}
Piece = tuple[str, str]
"""Some words, and the versions that contain them: "same" (both), "old" or "new"."""
_MARKS = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}


def as_text(comparison: Comparison, language: str) -> str:
    """Return the changes as text: `[-words-]` were removed and `{+words+}` were added."""

    def as_marked_words(pieces: list[Piece]) -> str:
        return " ".join(_MARKS[kind].format(words) for words, kind in pieces)

    report = _template_values(comparison, language)
    lines = [
        *([report["notice"]] if report["notice"] else []),
        report["counts"],
        *(["", f"{report['plan']}: {as_marked_words(report['renamed'])}"] if report["renamed"] else []),
    ]
    for heading, details in report["changes"]:
        lines += ("", heading, *(f"    {as_marked_words(pieces)}" for pieces in details))
    return "\n".join(lines)


def as_html(comparison: Comparison, language: str) -> str:
    """Return the changes as a self-contained HTML page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("comparison.html").render(_template_values(comparison, language))


def as_json(comparison: Comparison, language: str) -> str:
    """Return the changes as JSON: each with its kinds, and the old and the new part with their source positions."""

    def as_json_object(part: Part | None, plan: Plan, schedule: str) -> dict[str, Any] | None:
        if part is None:
            return None
        return {
            "id": part.id,
            "kind": part.kind,
            "number": part.number,
            "text": part.text,
            "line": plan.source.place(part.passage.start).line,
            "start": part.passage.start,
            "end": part.passage.end,
            **({"schedule": schedule} if schedule else {}),
        }

    old, new, said = comparison.old, comparison.new, notice(comparison, language)
    changes = [
        {
            "changes": list(change.kinds),
            "said": [in_language(change_name(kind, change.part.kind), language) for kind in change.kinds],
            "old": as_json_object(change.old, old, change.schedules[0]),
            "new": as_json_object(change.new, new, change.schedules[1]),
            **(
                {"agents": dict(zip(("old", "new"), agent_names(change, language), strict=True))}
                if any(change.agents)
                else {}
            ),
        }
        for change in comparison.changes
    ]
    document = {
        "old": _file_name(old),
        "new": _file_name(new),
        **({"notices": [{"code": comparison.obstacle, "said": said}]} if said else {}),
        **({"title": dict(zip(("old", "new"), comparison.headings, strict=True))} if comparison.is_renamed else {}),
        "unchanged": len(comparison.unchanged),
        "changes": changes,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


FORMATS: Mapping[str, Callable[[Comparison, str], str]] = {"text": as_text, "json": as_json, "html": as_html}
"""The functions that write a comparison, by the name of the format; their second argument is the language."""


def notice(comparison: Comparison, language: str) -> str:
    """Return a sentence about what keeps the versions from being compared (see `Comparison.obstacle`), or ""."""
    if not comparison.obstacle:
        return ""
    old, new = comparison.old, comparison.new
    languages = [in_language(LANGUAGES[plan.language], language) for plan in (old, new)]
    names = {"old": _file_name(old), "new": _file_name(new), "old_language": languages[0], "new_language": languages[1]}
    return _phrase(comparison.obstacle, language, **names)


def agent_names(change: Change, language: str) -> list[list[str]]:
    """Return the names of the agents that are no longer named, and of those that were not named before."""
    return [[in_language(agent, language) for agent in agents] for agents in change.agents]


def pieces_of(old: str, new: str) -> list[Piece]:
    """Return the word-by-word difference of two texts. Words that both contain are one piece, not two."""
    before, after = old.split(), new.split()
    pieces = []
    for name, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if name == "equal":
            pieces.append((before[first:last], "same"))
        else:
            pieces += [(before[first:last], "old"), (after[start:end], "new")]
    return [(" ".join(words), kind) for words, kind in pieces if words]


def _template_values(comparison: Comparison, language: str) -> dict[str, Any]:
    """Return the contents of the text and the page, by name. `changes` are pairs: a heading, and lists of pieces."""
    old, new = comparison.old, comparison.new
    changed, unchanged = len(comparison.changes), len(comparison.unchanged)
    return {
        "language": language,
        "title": _phrase("title", language, old=_file_name(old), new=_file_name(new)),
        "notice": notice(comparison, language),
        "counts": _phrase("same", language)
        if comparison.is_same
        else _phrase("counts", language, changed=changed, all=changed + unchanged),
        "plan": _phrase("plan", language),
        "renamed": pieces_of(*comparison.headings) if comparison.is_renamed else [],
        "changes": [
            (_heading(change, comparison, language), list(_details(change, language))) for change in comparison.changes
        ],
    }


def _phrase(phrase: str, language: str, *given: object, **named: object) -> str:
    return in_language(_PHRASES[phrase], language).format(*given, **named)


def _file_name(plan: Plan) -> str:
    return plan.source.file.name if plan.source.file else plan.id


def _heading(change: Change, comparison: Comparison, language: str) -> str:
    old, new = change.old, change.new
    level, now = (in_language(_KIND_NAMES[part.kind], language) for part in (old or change.part, change.part))
    ids = (
        f"{old.id} → {now} {new.id}"
        if old and new and level != now
        else " → ".join(dict.fromkeys(each.id for each in (old, new) if each))
    )
    kinds = ", ".join(in_language(change_name(kind, change.part.kind), language) for kind in change.kinds)
    places = [
        plan.source.place(part.passage.start).line
        for part, plan in ((old, comparison.old), (new, comparison.new))
        if part
    ]
    lines = " → ".join(_phrase("line", language, line) for line in dict.fromkeys(places))
    return f"{level} {ids}: {kinds} ({lines})"


def _details(change: Change, language: str) -> Iterator[list[Piece]]:
    """Yield the lines below the heading of a change: the text, then the agents, then the schedule."""
    old, new = (tidy(part.text) if part else "" for part in (change.old, change.new))
    yield pieces_of(old, new)
    if any(change.agents):
        pieces = [
            (", ".join(agents), kind)
            for agents, kind in zip(agent_names(change, language), ("old", "new"), strict=True)
            if agents
        ]
        yield [(f"{_phrase('agents', language)}:", "same"), *pieces]
    if any(change.schedules):
        yield [(f"{_phrase('calendar', language)}:", "same"), *pieces_of(*change.schedules)]


_LANGUAGES = ("en", "es")


def describe_version(comparison: Comparison, names: Names, plan: str) -> Graph:
    """Return the description of the old version of the plan with the id `plan`, and of its revision.

    The parts of the old version are PROV entities with text, number and passage. Their class is the value of
    dcterms:type and not of rdf:type, so that queries for the parts of plans find the current version only.
    """
    old = comparison.old
    whole = URIRef(names.id("plan", old.id))
    graph = describe_revision(comparison, names)
    graph += [
        (whole, RDF.type, PROV.Entity),
        (whole, RDFS.label, Literal(old.title, old.language)),
        (whole, DCTERMS.isVersionOf, URIRef(names.id("plan", plan))),
        (whole, DCTERMS.source, URIRef(names.id("source", old.id))),
    ]
    for part in (part for part, _ in old.walk() if part.kind in KINDS):
        iri = URIRef(f"{whole}/{part.id}")
        graph += [
            (whole, PROV.hadMember, iri),
            (iri, RDF.type, PROV.Entity),
            (iri, DCTERMS.type, CG[part.kind]),
            (iri, RDFS.label, Literal(part.text, old.language)),
            (iri, DCTERMS.source, passage_iri(old, part.passage, names)),
            *([(iri, SKOS.notation, Literal(part.number))] if part.number else []),
        ]
    return graph


def describe_revision(comparison: Comparison, names: Names) -> Graph:
    """Return the description of the revision of a plan in PROV-O.

    - An unchanged part was derived from the old part.
    - A changed part has a qualified revision, with the kinds of change. If the agents or the schedule changed, its
      notes contain both states: “old → new”.
    - An added part was generated by the revision of the plan, and a dropped part was invalidated by it.
    - The revision of the plan has a note if the title changed, and a comment if the versions can hardly be compared.
    """
    old, new = (URIRef(names.id("plan", plan.id)) for plan in (comparison.old, comparison.new))
    revision = URIRef(f"{old}/revision")
    graph = Graph()
    graph += [
        (new, PROV.wasRevisionOf, old),
        (revision, RDF.type, PROV.Activity),
        (revision, PROV.used, old),
        (revision, PROV.generated, new),
        *(
            (revision, RDFS.comment, Literal(notice(comparison, language), language))
            for language in _LANGUAGES
            if comparison.obstacle
        ),
        *([(revision, SKOS.note, Literal(_before_and_after(*comparison.headings)))] if comparison.is_renamed else []),
        *(
            (URIRef(f"{new}/{after.id}"), PROV.wasDerivedFrom, URIRef(f"{old}/{before.id}"))
            for before, after in comparison.unchanged
        ),
    ]
    for change in comparison.changes:
        now = URIRef(f"{new}/{change.new.id if change.new else ''}")
        then = URIRef(f"{old}/{change.old.id if change.old else ''}")
        if change.new is None:
            graph.add((then, PROV.wasInvalidatedBy, revision))
        elif change.old is None:
            graph.add((now, PROV.wasGeneratedBy, revision))
        else:
            graph += _revision_of_part(change, now, then, revision)
    return graph


def _revision_of_part(change: Change, now: URIRef, then: URIRef, revision: URIRef) -> list[Statement]:
    iri = URIRef(f"{then}/revision")
    notes = [Literal(_before_and_after(*change.schedules))] if any(change.schedules) else []
    if any(change.agents):
        named = {language: (", ".join(names) for names in agent_names(change, language)) for language in _LANGUAGES}
        notes += (Literal(_before_and_after(*names), language) for language, names in named.items())
    return [
        (now, PROV.wasRevisionOf, then),
        (now, PROV.qualifiedRevision, iri),
        (iri, RDF.type, PROV.Revision),
        (iri, PROV.entity, then),
        (iri, PROV.hadActivity, revision),
        *((iri, DCTERMS.type, Literal(kind)) for kind in change.kinds),
        *(
            (iri, RDFS.comment, Literal(in_language(change_name(kind, change.part.kind), language), language))
            for kind in change.kinds
            for language in _LANGUAGES
        ),
        *((iri, SKOS.note, note) for note in notes),
    ]


def _before_and_after(before: str, after: str) -> str:
    return f"{before or '–'} → {after or '–'}"
