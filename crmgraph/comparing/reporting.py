"""Reports of what changed between two versions: as text, as a page, as JSON, and as RDF (PROV-O)."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from crmgraph.comparing.changes import KINDS, Change, Comparison, change_of
from crmgraph.describing.vocabulary import CG, passage_iri
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
    "plan": Bilingual("title of the plan", "título del plan"),
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
"""Words, and whether both versions have them or one: `same`, `old` or `new`."""
_MARKS = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}


def as_text(comparison: Comparison, language: str) -> str:
    """Return the changes for a terminal: `[-words-]` are no longer there, `{+words+}` are new."""

    def marked(pieces: list[Piece]) -> str:
        return " ".join(_MARKS[kind].format(words) for words, kind in pieces)

    report = _report(comparison, language)
    lines = [*report["notices"], report["counts"]]
    if report["renamed"]:
        lines += ("", f"{report['plan']}: {marked(report['renamed'])}")
    for heading, details in report["changes"]:
        lines += ("", heading, *(f"    {marked(pieces)}" for pieces in details))
    return "\n".join(lines)


def as_html(comparison: Comparison, language: str) -> str:
    """Return the changes as a page that stands alone."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("comparison.html").render(_report(comparison, language))


def as_json(comparison: Comparison, language: str) -> str:
    """Return the changes as JSON: each with its kinds, and the part before and after with its place in the source."""

    def described(part: Part | None, plan: Plan, schedule: str) -> dict[str, Any] | None:
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

    old, new = comparison.old, comparison.new
    changes = [
        {
            "changes": list(change.kinds),
            "said": [in_language(change_of(kind, change.part.kind), language) for kind in change.kinds],
            "old": described(change.old, old, change.schedules[0]),
            "new": described(change.new, new, change.schedules[1]),
            **(
                {"agents": dict(zip(("old", "new"), agent_names(change, language), strict=True))}
                if any(change.agents)
                else {}
            ),
        }
        for change in comparison.changes
    ]
    said = [{"code": code, "said": notice} for code, notice in notices(comparison, language)]
    document = {
        "old": _name(old),
        "new": _name(new),
        **({"notices": said} if said else {}),
        **({"title": {"old": old.heading, "new": new.heading}} if comparison.is_renamed else {}),
        "unchanged": len(comparison.unchanged),
        "changes": changes,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


FORMATS: Mapping[str, Callable[[Comparison, str], str]] = {"text": as_text, "json": as_json, "html": as_html}
"""The functions that write a comparison in a language, by the name of the format."""


def notices(comparison: Comparison, language: str) -> list[tuple[str, str]]:
    """Return why the two can hardly be compared, if so: a code and a sentence."""
    code = "languages" if comparison.are_in_two_languages else "strangers" if comparison.are_strangers else ""
    if not code:
        return []
    old, new = comparison.old, comparison.new
    languages = [in_language(LANGUAGES[plan.language], language) for plan in (old, new)]
    names = {"old": _name(old), "new": _name(new), "old_language": languages[0], "new_language": languages[1]}
    return [(code, _say(code, language, **names))]


def agent_names(change: Change, language: str) -> list[list[str]]:
    """Return the names of the agents that are no longer named, and of those that were not."""
    return [[in_language(agent, language) for agent in agents] for agents in change.agents]


def pieces_of(old: str, new: str) -> list[Piece]:
    """Return the words of both texts, those that both have once."""
    before, after = old.split(), new.split()
    pieces = []
    for name, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if name == "equal":
            pieces.append((before[first:last], "same"))
        else:
            pieces += [(before[first:last], "old"), (after[start:end], "new")]
    return [(" ".join(words), kind) for words, kind in pieces if words]


def _report(comparison: Comparison, language: str) -> dict[str, Any]:
    """Return what text and page show: `changes` are headings, each with lists of pieces."""
    old, new = comparison.old, comparison.new
    changed, unchanged = len(comparison.changes), len(comparison.unchanged)
    return {
        "language": language,
        "title": _say("title", language, old=_name(old), new=_name(new)),
        "notices": [said for _, said in notices(comparison, language)],
        "counts": _say("same", language)
        if comparison.is_same
        else _say("counts", language, changed=changed, all=changed + unchanged),
        "plan": _say("plan", language),
        "renamed": pieces_of(old.heading, new.heading) if comparison.is_renamed else [],
        "changes": [
            (_heading(change, comparison, language), list(_details(change, language))) for change in comparison.changes
        ],
    }


def _say(phrase: str, language: str, *given: object, **named: object) -> str:
    return in_language(_PHRASES[phrase], language).format(*given, **named)


def _name(plan: Plan) -> str:
    return plan.source.file.name if plan.source.file else plan.id


def _heading(change: Change, comparison: Comparison, language: str) -> str:
    old, new = change.old, change.new
    level, now = (in_language(_KIND_NAMES[part.kind], language) for part in (old or change.part, change.part))
    ids = " → ".join(dict.fromkeys(each.id for each in (old, new) if each))
    if old and new and level != now:
        ids = f"{old.id} → {now} {new.id}"
    kinds = ", ".join(in_language(change_of(kind, change.part.kind), language) for kind in change.kinds)
    places = [
        plan.source.place(part.passage.start).line
        for part, plan in ((old, comparison.old), (new, comparison.new))
        if part
    ]
    lines = " → ".join(_say("line", language, line) for line in dict.fromkeys(places))
    return f"{level} {ids}: {kinds} ({lines})"


def _details(change: Change, language: str) -> Iterator[list[Piece]]:
    """Yield what stands below a heading: the words, then who is named, then the calendar."""
    old, new = (tidy(part.text) if part else "" for part in (change.old, change.new))
    yield pieces_of(old, new)
    if any(change.agents):
        names = zip(agent_names(change, language), ("old", "new"), strict=True)
        pieces = [(", ".join(agents), kind) for agents, kind in names if agents]
        yield [(f"{_say('agents', language)}:", "same"), *pieces]
    if any(change.schedules):
        yield [(f"{_say('calendar', language)}:", "same"), *pieces_of(*change.schedules)]


_LANGUAGES = ("en", "es")
_Triples = Iterable[tuple[URIRef, URIRef, URIRef | Literal]]


def as_turtle(comparison: Comparison, names: Names) -> str:
    """Return the links between the two versions (`describe_revision`) in Turtle."""
    graph = describe_revision(comparison, names)
    for prefix, space in names.prefixes().items():
        graph.bind(prefix, Namespace(space))
    return graph.serialize(format="turtle").rstrip() + "\n"


def describe_version(comparison: Comparison, names: Names, plan: str) -> Graph:
    """Return the older of two versions of the plan with the id `plan`, with what `describe_revision` says.

    Its parts are entities (PROV) with their words, their number and their passage, and the class that they would have:
    they are no parts of a plan, for a question about a plan is about what it says now.
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
    """Return the links between the two versions: each part with the one that it is a revision of, and how.

    What stayed is derived from what it was; what was added was generated, and what was dropped invalidated, by the
    revision of the plan (PROV-O, qualified revision). Notes on a part say who was named before and is now, and what the
    calendar said and says, where that changed; those on the revision, what stood and stands above the table. A comment
    on it says that the two can hardly be compared.
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
            (revision, RDFS.comment, Literal(said, language))
            for language in _LANGUAGES
            for _, said in notices(comparison, language)
        ),
    ]
    if comparison.is_renamed:
        graph.add((revision, SKOS.note, Literal(_became(comparison.old.heading, comparison.new.heading))))
    graph += (
        (URIRef(f"{new}/{after.id}"), PROV.wasDerivedFrom, URIRef(f"{old}/{before.id}"))
        for before, after in comparison.unchanged
    )
    for change in comparison.changes:
        now = URIRef(f"{new}/{change.new.id if change.new else ''}")
        then = URIRef(f"{old}/{change.old.id if change.old else ''}")
        if change.new is None:
            graph.add((then, PROV.wasInvalidatedBy, revision))
        elif change.old is None:
            graph.add((now, PROV.wasGeneratedBy, revision))
        else:
            graph += _part_revision(change, now, then, revision)
    return graph


def _part_revision(change: Change, now: URIRef, then: URIRef, revision: URIRef) -> _Triples:
    iri = URIRef(f"{then}/revision")
    notes = [Literal(_became(*change.schedules))] if any(change.schedules) else []
    if any(change.agents):
        named = {language: (", ".join(names) for names in agent_names(change, language)) for language in _LANGUAGES}
        notes += (Literal(_became(*names), language) for language, names in named.items())
    return [
        (now, PROV.wasRevisionOf, then),
        (now, PROV.qualifiedRevision, iri),
        (iri, RDF.type, PROV.Revision),
        (iri, PROV.entity, then),
        (iri, PROV.hadActivity, revision),
        *((iri, DCTERMS.type, Literal(kind)) for kind in change.kinds),
        *(
            (iri, RDFS.comment, Literal(in_language(change_of(kind, change.part.kind), language), language))
            for kind in change.kinds
            for language in _LANGUAGES
        ),
        *((iri, SKOS.note, note) for note in notes),
    ]


def _became(before: str, after: str) -> str:
    return f"{before or '–'} → {after or '–'}"
