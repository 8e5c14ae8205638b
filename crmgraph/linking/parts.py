"""The parts of plans, and the targets of the 2030 Agenda, as they are compared with one another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crmgraph.decisions import AGENDA
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names

__all__ = [
    "Concept",
    "Part",
    "concepts_query",
    "parts_query",
    "plan_iri",
    "read_concepts",
    "read_parts",
    "words_query",
]

_CG, _SKOS, _RDFS, _DCTERMS = (PREFIXES[name] for name in ("cg", "skos", "rdfs", "dcterms"))
_SCHEMES = (f"{ONTOLOGY}/topic", f"{ONTOLOGY}/population-group")


@dataclass(frozen=True)
class Part:
    """A part of a plan: its IRI, the plan, what it is, its printed number, its text by language, and what is above it.

    `kind` is the name of its class, such as `Objective`; `above` is an IRI, and empty at the top.
    """

    iri: str
    plan: str
    kind: str
    number: str
    labels: Mapping[str, str]
    above: str


@dataclass(frozen=True)
class Concept:
    """A topic or a group of people, with all its names by language, its label first."""

    iri: str
    names: Mapping[str, tuple[str, ...]]


def plan_iri(name: str, names: Names) -> str:
    """The IRI of a plan by its short name; `sdg` is the 2030 Agenda."""
    return AGENDA if name == "sdg" else names.id("plan", name)


def parts_query() -> str:
    """The query for all parts, as ?part, ?plan, ?kind, ?label, ?number and ?above."""
    return f"""SELECT DISTINCT ?part ?plan ?kind ?label ?number ?above {{
  {{
    VALUES ?kind {{ <{_CG}Theme> <{_CG}Objective> <{_CG}Action> <{_CG}Activity> }}
    ?part a ?kind ; <{_CG}within> ?plan .
    ?plan a <{_CG}Plan> .
    OPTIONAL {{ ?part <{_CG}number> ?number }}
    OPTIONAL {{ ?part <{_DCTERMS}isPartOf> ?above }}
  }} UNION {{
    BIND (<{AGENDA}/ontology#Target> AS ?kind)
    BIND (<{AGENDA}> AS ?plan)
    ?part a ?kind ; <{_SKOS}notation> ?number ; <{_SKOS}broader> ?above .
  }}
  ?part <{_RDFS}label> ?label .
}}"""


def words_query() -> str:
    """The query for the words of all parts, as ?part and ?label, also before anything is inferred."""
    return f"""SELECT DISTINCT ?part ?label {{
  {{
    VALUES ?kind {{ <{_CG}Theme> <{_CG}Objective> <{_CG}Action> <{_CG}Activity> }}
    ?part a ?kind .
  }} UNION {{ ?part a <{AGENDA}/ontology#Target> }}
  ?part <{_RDFS}label> ?label .
}}"""


def concepts_query() -> str:
    """The query for the names of topics and groups of people, as ?concept, ?property and ?name."""
    schemes = " ".join(f"<{scheme}>" for scheme in _SCHEMES)
    return f"""SELECT DISTINCT ?concept ?property ?name {{
  VALUES ?scheme {{ {schemes} }}
  VALUES ?property {{ <{_SKOS}prefLabel> <{_SKOS}altLabel> }}
  ?concept <{_SKOS}inScheme> ?scheme ; ?property ?name .
}}"""


def read_parts(rows: Iterable[Mapping[str, tuple[str, str]]]) -> dict[str, Part]:
    """The parts, by IRI, from the rows of `parts_query`: the text and the language of each value."""
    found: dict[str, Part] = {}
    labels: dict[str, dict[str, str]] = {}
    for row in rows:
        iri = row["part"][0]
        text, language = row["label"]
        labels.setdefault(iri, {})[language] = text
        kind = row["kind"][0].rpartition("#")[2]
        number, above = (row[name][0] if name in row else "" for name in ("number", "above"))
        found[iri] = Part(iri, row["plan"][0], kind, number, labels[iri], above)
    return dict(sorted(found.items()))


def read_concepts(rows: Iterable[Mapping[str, tuple[str, str]]]) -> list[Concept]:
    """The concepts from the rows of `concepts_query`."""
    found: dict[str, dict[str, list[str]]] = {}
    # The preferred label comes before the others.
    for row in sorted(rows, key=lambda row: (row["property"][0] != f"{_SKOS}prefLabel", row["name"])):
        name, language = row["name"]
        found.setdefault(row["concept"][0], {}).setdefault(language, []).append(name)
    return [
        Concept(iri, {language: tuple(said) for language, said in names.items()})
        for iri, names in sorted(found.items())
    ]
