"""What changed between two versions, for people and for programs."""

import json
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from crmgraph.comparing.changes import Change, Comparison, change_of
from crmgraph.namespaces import Names
from crmgraph.reading.folding import tidy
from crmgraph.reading.languages import LANGUAGES
from crmgraph.reading.plan import Part, Plan
from crmgraph.wording import Bilingual

__all__ = ["FORMATS", "Piece", "as_graph", "as_html", "as_json", "as_text", "as_turtle", "pieces_of"]

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
"""Words, and what they are: `same`, `old` or `new`."""


def as_text(comparison: Comparison, language: str) -> str:
    """The changes for a terminal: `[-words-]` are no longer there, `{+words+}` are new."""
    say = _speaker(language)
    lines = [*(said for _, said in _notices(comparison, language)), _counts(comparison, say)]
    if comparison.is_renamed:
        lines += ("", f"{say('plan')}: {_marked(pieces_of(comparison.old.heading, comparison.new.heading))}")
    for change in comparison.changes:
        lines += ("", _heading(change, comparison, language))
        lines += (f"    {line}" for line in _details(change, language, _marked))
    return "\n".join(lines)


def _marked(pieces: list[Piece]) -> str:
    marks = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}
    return " ".join(marks[kind].format(words) for words, kind in pieces)


def as_html(comparison: Comparison, language: str) -> str:
    """The changes as a page that stands alone."""
    say = _speaker(language)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("comparison.html").render(
        language=language,
        title=say("title").format(old=_called(comparison.old), new=_called(comparison.new)),
        notices=[said for _, said in _notices(comparison, language)],
        counts=_counts(comparison, say),
        plan=say("plan"),
        renamed=pieces_of(comparison.old.heading, comparison.new.heading) if comparison.is_renamed else [],
        changes=[
            (_heading(change, comparison, language), list(_details(change, language, lambda pieces: pieces)))
            for change in comparison.changes
        ],
    )


def as_json(comparison: Comparison, language: str) -> str:
    """The changes as JSON: each with its kinds, and the part before and after with its place in the source."""

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

    changes = [
        {
            "changes": list(change.kinds),
            "said": [_in(change_of(kind, _shown(change).kind), language) for kind in change.kinds],
            "old": described(change.old, comparison.old, change.schedules[0]),
            "new": described(change.new, comparison.new, change.schedules[1]),
            **(
                {"agents": dict(zip(("old", "new"), _names(change, language), strict=True))}
                if any(change.agents)
                else {}
            ),
        }
        for change in comparison.changes
    ]
    notices = _notices(comparison, language)
    whole = {
        "old": _called(comparison.old),
        "new": _called(comparison.new),
        **({"notices": [{"code": code, "said": said} for code, said in notices]} if notices else {}),
        **({"title": {"old": comparison.old.heading, "new": comparison.new.heading}} if comparison.is_renamed else {}),
        "unchanged": len(comparison.unchanged),
        "changes": changes,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_turtle(comparison: Comparison, names: Names) -> str:
    """What `as_graph` says, in Turtle."""
    graph = as_graph(comparison, names)
    for prefix, space in names.prefixes().items():
        graph.bind(prefix, Namespace(space))
    return graph.serialize(format="turtle").rstrip() + "\n"


def as_graph(comparison: Comparison, names: Names) -> Graph:
    """The links between the two versions in PROV: each part with the one that it is a revision of, and how.

    What stayed is derived from what it was; what was added was generated, and what was dropped invalidated, by the
    revision of the plan (PROV-O, qualified revision). Notes say who was named before and is now, and what the calendar
    said and says, where that changed; that of the plan, what stood and stands above its table. That the two can hardly
    be compared is a comment on the revision of the plan.
    """
    graph = Graph()
    old, new = (URIRef(names.id("plan", plan.id)) for plan in (comparison.old, comparison.new))
    revision = URIRef(f"{old}/revision")
    for statement in (
        (new, PROV.wasRevisionOf, old),
        (revision, RDF.type, PROV.Activity),
        (revision, PROV.used, old),
        (revision, PROV.generated, new),
    ):
        graph.add(statement)
    for language in ("en", "es"):
        for _, said_of_both in _notices(comparison, language):
            graph.add((revision, RDFS.comment, Literal(said_of_both, language)))
    if comparison.is_renamed:
        graph.add((revision, SKOS.note, Literal(_became(comparison.old.heading, comparison.new.heading))))
    for before, after in comparison.unchanged:
        graph.add((URIRef(f"{new}/{after.id}"), PROV.wasDerivedFrom, URIRef(f"{old}/{before.id}")))
    for change in comparison.changes:
        if change.new is None and change.old is not None:
            graph.add((URIRef(f"{old}/{change.old.id}"), PROV.wasInvalidatedBy, revision))
        elif change.old is None and change.new is not None:
            graph.add((URIRef(f"{new}/{change.new.id}"), PROV.wasGeneratedBy, revision))
        elif change.old is not None and change.new is not None:
            now, then = URIRef(f"{new}/{change.new.id}"), URIRef(f"{old}/{change.old.id}")
            said = URIRef(f"{then}/revision")
            graph.add((now, PROV.wasRevisionOf, then))
            graph.add((now, PROV.qualifiedRevision, said))
            graph.add((said, RDF.type, PROV.Revision))
            graph.add((said, PROV.entity, then))
            graph.add((said, PROV.hadActivity, revision))
            for kind in change.kinds:
                graph.add((said, DCTERMS.type, Literal(kind)))
                for language in ("en", "es"):
                    graph.add((said, RDFS.comment, Literal(_in(change_of(kind, change.new.kind), language), language)))
            if any(change.schedules):
                graph.add((said, SKOS.note, Literal(_became(*change.schedules))))
            if any(change.agents):
                for language in ("en", "es"):
                    became = _became(*map(", ".join, _names(change, language)))
                    graph.add((said, SKOS.note, Literal(became, language)))
    return graph


FORMATS: Mapping[str, Callable[[Comparison, str], str]] = {"text": as_text, "json": as_json, "html": as_html}
"""How a comparison is written in a language, by the name of the format."""


def _speaker(language: str) -> Callable[[str], str]:
    return lambda phrase: _in(_PHRASES[phrase], language)


def _in(said: Bilingual, language: str) -> str:
    return said.spanish if language == "es" else str(said)


def _called(plan: Plan) -> str:
    return plan.source.file.name if plan.source.file else plan.id


def _became(before: str, after: str) -> str:
    return f"{before or '–'} → {after or '–'}"


def _names(change: Change, language: str) -> list[list[str]]:
    """What those are called that are no longer named, and those that were not."""
    return [[_in(agent, language) for agent in agents] for agents in change.agents]


def _counts(comparison: Comparison, say: Callable[[str], str]) -> str:
    if comparison.is_same:
        return say("same")
    whole = len(comparison.changes) + len(comparison.unchanged)
    return say("counts").format(changed=len(comparison.changes), all=whole)


def _notices(comparison: Comparison, language: str) -> list[tuple[str, str]]:
    """What is to be known before the changes are read: that the two can hardly be compared, and why."""
    if comparison.are_in_two_languages:
        code = "languages"
    elif comparison.are_strangers:
        code = "strangers"
    else:
        return []
    old, new = comparison.old, comparison.new
    said = _in(_PHRASES[code], language).format(
        old=_called(old),
        new=_called(new),
        old_language=_in(LANGUAGES[old.language], language),
        new_language=_in(LANGUAGES[new.language], language),
    )
    return [(code, said)]


def _heading(change: Change, comparison: Comparison, language: str) -> str:
    part = _shown(change)
    level = _in(_KIND_NAMES[part.kind], language)
    ids = " → ".join(dict.fromkeys(each.id for each in (change.old, change.new) if each))
    if change.old and change.new and change.old.kind != change.new.kind:
        level = _in(_KIND_NAMES[change.old.kind], language)
        ids = f"{change.old.id} → {_in(_KIND_NAMES[change.new.kind], language)} {change.new.id}"
    kinds = ", ".join(_in(change_of(kind, part.kind), language) for kind in change.kinds)
    places = (
        plan.source.place(each.passage.start).line
        for each, plan in ((change.old, comparison.old), (change.new, comparison.new))
        if each
    )
    lines = " → ".join(_in(_PHRASES["line"], language).format(line) for line in dict.fromkeys(places))
    return f"{level} {ids}: {kinds} ({lines})"


def _shown(change: Change) -> Part:
    """The part as it is; where it is no longer, as it was."""
    part = change.new or change.old
    assert part is not None
    return part


def _details(change: Change, language: str, write: Callable[[list[Piece]], Any]) -> Iterator[Any]:
    """What stands below a heading: the words, then who is named, then the calendar, each with what became of it."""
    say = _speaker(language)
    old, new = (tidy(part.text) if part else "" for part in (change.old, change.new))
    yield write(pieces_of(old, new))
    if any(change.agents):
        names = _names(change, language)
        pieces = [(", ".join(agents), kind) for agents, kind in zip(names, ("old", "new"), strict=True) if agents]
        yield write([(f"{say('agents')}:", "same"), *pieces])
    if any(change.schedules):
        yield write([(f"{say('calendar')}:", "same"), *pieces_of(*change.schedules)])


def pieces_of(old: str, new: str) -> list[Piece]:
    """The words of both texts, those that both have once."""
    before, after = old.split(), new.split()
    pieces: list[Piece] = []
    for name, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if name == "equal":
            pieces.append((" ".join(before[first:last]), "same"))
            continue
        for words, kind in ((before[first:last], "old"), (after[start:end], "new")):
            if words:
                pieces.append((" ".join(words), kind))
    return pieces
