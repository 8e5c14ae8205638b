"""Who takes part in which objective, and in which role, and that as a network."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crmgraph.http.languages import marked, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.certainty import Certainty, certainty_in, doubt
from crmgraph.site.indexes.actors import SECTIONS
from crmgraph.site.pictures.network import Edge, Node, draw_network
from crmgraph.site.pictures.shapes import Drawing
from crmgraph.site.site import Row, Site, in_language, reference
from crmgraph.site.source.excerpt import Quotation

__all__ = [
    "FAMILIES",
    "Actor",
    "Objective",
    "Part",
    "Responsibilities",
    "Role",
    "draw_responsibilities",
    "responsibilities",
]

_ROLES = f"{ONTOLOGY}/participation-role#"
_FAMILIES = {
    "acts": marked("acts"),
    "is-concerned": marked("takes part without acting"),
    "is-circumstance": marked("is a place, means or framework"),
}
FAMILIES = tuple(_FAMILIES)
"""What roles come down to: the actor acts, is concerned, or is a circumstance; in the order in which they are told."""

_UNNAMED = f"{ONTOLOGY}#AgentGroup"
_DOUBT = (
    marked("not all of it certain"),
    marked(
        "At least once, the words leave it to the reader to judge who is meant, or in which role; point at the cell, "
        "or see the table, for how certain the reading is."
    ),
)
_PARTS = (
    """
SELECT DISTINCT ?part ?agent ?kind ?role ?element ?number ?objective ?source ?passage ?start ?end ?exact
  ?doubted ?degree {
  ?element cg:within %(plan)s ; cg:participation ?part .
  ?part a cg:Participation ; cg:agent ?agent ; cg:role ?role ; cg:passage ?passage .
  ?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact .
  OPTIONAL {
    VALUES ?kind { cg:State cg:ConsultativeProcess cg:Organ cg:Network cg:Organisation cg:AgentGroup }
    ?agent a ?kind
  }
  OPTIONAL { ?element cg:within? ?objective . ?objective a cg:Objective }
  OPTIONAL { ?element cg:number ?number }"""
    + doubt("?part")
    + "}"
)
_OBJECTIVES = """
SELECT DISTINCT ?objective ?theme ?number ?order {
  ?objective a cg:Objective ; cg:within %(plan)s ; cg:order ?order ; dcterms:isPartOf ?theme .
  OPTIONAL { ?objective cg:number ?number }
}"""
_MEANINGS = f"""SELECT ?role ?meaning {{
  ?role skos:topConceptOf <{ONTOLOGY}/participation-role> ; skos:definition ?meaning
}}"""
_FAMILY = f"SELECT ?role ?family {{ ?role skos:inScheme <{ONTOLOGY}/participation-role> ; skos:broader ?family }}"


@dataclass(frozen=True)
class Role:
    """A role in which an actor takes part: the IRI, what it is called, and which of FAMILIES it comes down to."""

    iri: str
    label: str
    family: str

    @property
    def name(self) -> str:
        """The name of the role in an address."""
        return self.iri.rpartition("#")[2]


@dataclass(frozen=True)
class Objective:
    """A column: an objective with its theme, both by IRI and by what they are called; `tone` is that of the theme."""

    iri: str
    number: str
    label: str
    language: str
    theme: str
    theme_label: str
    tone: int

    @property
    def theme_name(self) -> str:
        """The name of the theme in an address."""
        return self.theme.rpartition("/")[2]


@dataclass(frozen=True)
class Actor:
    """A row: an actor, the IRI and the name of the class that it is of, and what all of the class are called."""

    iri: str
    label: str
    language: str
    kind: str
    kind_label: str
    group: str


@dataclass(frozen=True)
class Part:
    """That an actor takes part, in a role, in what an element says, the words that say so, and how certain it is."""

    iri: str
    actor: Actor
    role: Role
    element: str
    number: str
    objective: Objective
    quotation: Quotation
    certainty: Certainty


@dataclass(frozen=True)
class Responsibilities:
    """All parts that actors take in a plan, in the order of its words, and all its objectives."""

    parts: tuple[Part, ...]
    objectives: tuple[Objective, ...]
    families: Mapping[str, str]
    """What the families of roles are called, by the name that they have in addresses."""
    meanings: Mapping[str, str]
    """What that means, by the same names."""
    doubt: tuple[str, str]
    """What parts are called of which not all are certain, and what that means."""
    kinds: tuple[str, ...]
    """What the kinds of actors are called, of which there are the most first."""

    def chosen(self, theme: str = "", role: str = "") -> "Responsibilities":
        """Those in the theme with this name and in the role, or of the family of roles, with this name; "" is any."""
        kept = [
            part
            for part in self.parts
            if theme in ("", part.objective.theme_name) and role in ("", part.role.name, part.role.family)
        ]
        columns = tuple(each for each in self.objectives if theme in ("", each.theme_name))
        return Responsibilities(tuple(kept), columns, self.families, self.meanings, self.doubt, self.kinds)

    @property
    def themes(self) -> dict[str, str]:
        """What the themes are called, by their names in addresses, in the order of the document."""
        return {each.theme_name: each.theme_label for each in self.objectives}

    @property
    def roles(self) -> dict[str, list[Role]]:
        """The roles that somebody has, by the name of the family that they are of."""
        found = {part.role for part in self.parts}
        return {
            family: sorted((role for role in found if role.family == family), key=lambda role: role.label.casefold())
            for family in FAMILIES
        }

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Who takes part at all, by kind, and last those who have no name but what they are; those of a kind that take
        part most often first, of these by name."""
        counts = Counter(part.actor for part in self.parts)
        kinds = Counter(part.actor.kind for part in self.parts)
        return tuple(
            sorted(
                counts,
                key=lambda each: (
                    each.kind == _UNNAMED,
                    -kinds[each.kind],
                    each.kind,
                    -counts[each],
                    each.label.casefold(),
                    each.iri,
                ),
            )
        )

    @property
    def reached(self) -> tuple[Objective, ...]:
        """The objectives in which somebody takes part."""
        theirs = {part.objective for part in self.parts}
        return tuple(each for each in self.objectives if each in theirs)

    @property
    def cells(self) -> dict[tuple[Actor, Objective], list[Part]]:
        """The parts that an actor takes in an objective, where there are any: by rows, then by columns."""
        found: defaultdict[tuple[Actor, Objective], list[Part]] = defaultdict(list)
        for part in self.parts:
            found[part.actor, part.objective].append(part)
        return {
            (actor, objective): found[actor, objective]
            for actor in self.actors
            for objective in self.objectives
            if (actor, objective) in found
        }


def responsibilities(site: Site, plan: str, language: str) -> Responsibilities:
    """All parts that actors take in the plan with this IRI."""
    rows: dict[str, list[Row]] = {}
    for row in site.select(_PARTS % {"plan": reference(plan)}):
        rows.setdefault(row["part"].value, []).append(row)
    columns = {row["objective"].value: row for row in site.select(_OBJECTIVES % {"plan": reference(plan)})}
    families = {row["role"].value: row["family"].value for row in site.select(_FAMILY)}
    named = {
        row[name].value for each in rows.values() for row in each for name in ("agent", "kind", "role") if name in row
    }
    themes = {row["theme"].value for row in columns.values()}
    labels = site.labels(named | columns.keys() | themes)
    messages = translations(language)

    def said(iri: str) -> tuple[str, str]:
        return in_language(labels.get(iri, {"": iri}), language)

    def place(iri: str) -> int:
        return int(columns[iri]["order"].value)

    ordered = list(dict.fromkeys(columns[iri]["theme"].value for iri in sorted(columns, key=place)))
    objectives = {
        iri: Objective(
            iri,
            columns[iri]["number"].value if "number" in columns[iri] else "",
            *said(iri),
            columns[iri]["theme"].value,
            said(columns[iri]["theme"].value)[0],
            ordered.index(columns[iri]["theme"].value) % 3,
        )
        for iri in sorted(columns, key=place)
    }
    groups = {f"{ONTOLOGY}#{name}": messages.gettext(heading) for name, heading in SECTIONS.items()}
    parts = [_part(each, objectives, families, said, groups) for each in rows.values() if "objective" in each[0]]
    parts.sort(key=lambda part: (part.quotation, part.actor.iri, part.role.iri, part.iri))
    kinds = Counter((actor.kind, actor.group) for actor in {part.actor for part in parts})
    return Responsibilities(
        tuple(parts),
        tuple(objectives.values()),
        {name: messages.gettext(words) for name, words in _FAMILIES.items()},
        _meanings(site, language),
        (messages.gettext(_DOUBT[0]), messages.gettext(_DOUBT[1])),
        tuple(label for _, label in sorted(kinds, key=lambda kind: (-kinds[kind], kind))),
    )


def _meanings(site: Site, language: str) -> dict[str, str]:
    texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in site.select(_MEANINGS):
        texts[row["role"].value.removeprefix(_ROLES)][row["meaning"].language] = row["meaning"].value
    return {name: in_language(texts[name], language)[0] for name in FAMILIES}


def _part(
    rows: Sequence[Row],
    objectives: Mapping[str, Objective],
    families: Mapping[str, str],
    said: Callable[[str], tuple[str, str]],
    groups: Mapping[str, str],
) -> Part:
    row = min(rows, key=lambda row: (int(row["start"].value), int(row["end"].value)))
    agent, role = row["agent"].value, row["role"].value
    kind = min((each["kind"].value for each in rows if "kind" in each), default="")
    return Part(
        row["part"].value,
        Actor(agent, *said(agent), kind, said(kind)[0] if kind else "", groups.get(kind, "")),
        Role(role, said(role)[0], _family(families.get(role, role))),
        row["element"].value,
        row["number"].value if "number" in row else "",
        objectives[row["objective"].value],
        Quotation(
            row["source"].value,
            int(row["start"].value),
            int(row["end"].value),
            row["exact"].value,
            row["passage"].value,
        ),
        certainty_in(row),
    )


def _family(iri: str) -> str:
    """The family with this IRI; of a role that belongs to none nobody may say that the actor acts."""
    name = iri.removeprefix(_ROLES)
    return name if name in FAMILIES else FAMILIES[-1]


def draw_responsibilities(
    shown: Responsibilities, target: Callable[[str], str], tell: Callable[[Actor, Objective, Sequence[Part]], str]
) -> Drawing:
    """The actors on one side, the objectives by theme on the other, and a line for each kind of role between them."""
    nodes = [Node(each.iri, each.label, each.group, target(each.iri), language=each.language) for each in shown.actors]
    nodes += [
        Node(
            each.iri,
            f"{each.number} {each.label}".strip(),
            target=target(each.iri),
            group=each.theme_label,
            language=each.language,
            tone=each.tone,
        )
        for each in shown.reached
    ]
    edges = []
    for (actor, objective), parts in shown.cells.items():
        for family in FAMILIES:
            same = [part for part in parts if part.role.family == family]
            if not same:
                continue
            said = tell(actor, objective, same)
            edges.append(Edge(actor.iri, objective.iri, shown.families[family], said, len(same)))
    return draw_network(nodes, edges, [shown.families[name] for name in FAMILIES], shown.kinds)
