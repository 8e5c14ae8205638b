"""The page of changes between versions of the ontology: `python -m tests.ontology.changes` writes it."""

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.compare import to_canonical_graph

from crmgraph.namespaces import ONTOLOGY, PREFIXES

_TOP = Path(__file__).parents[2]
PAGE = _TOP / "docs" / "ontology-changes.md"
_WORDS = (RDFS.label, SKOS.definition, RDFS.comment, SKOS.example)


class Changes(NamedTuple):
    """The names of terms that are new, gone, said in other words, or tied otherwise to others."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reworded: tuple[str, ...]
    redefined: tuple[str, ...]


_HEADINGS = ("New", "Gone", "Said in other words", "Tied otherwise to other terms")


def versions() -> list[Graph]:
    """Every version of the ontology, the oldest first, the present one last."""
    kept = sorted((_TOP / "ontology" / "versions").glob("*.ttl"), key=lambda file: [*map(int, file.stem.split("."))])
    return [Graph().parse(file, format="turtle") for file in (*kept, _TOP / "ontology" / "crmgraph.ttl")]


def number(ontology: Graph) -> str:
    return str(ontology.value(URIRef(ONTOLOGY), OWL.versionInfo))


def compare(old: Graph, new: Graph) -> Changes:
    """What differs between two versions of the ontology, each list by name."""
    before, after = _terms(old), _terms(new)
    both = sorted(before.keys() & after.keys())
    return Changes(
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(before.keys() - after.keys())),
        tuple(name for name in both if before[name][0] != after[name][0]),
        tuple(name for name in both if before[name][1] != after[name][1]),
    )


_Said = frozenset[tuple[str, str]]


def _terms(ontology: Graph) -> dict[str, tuple[_Said, _Said]]:
    """The words about each term, and what else is said of it, by its name."""
    canonical = to_canonical_graph(ontology)
    found = {}
    for term in {*canonical.subjects(RDF.type)}:
        if isinstance(term, URIRef) and term.startswith(ONTOLOGY + "#"):
            said = [(predicate, value) for predicate, value in canonical.predicate_objects(term)]
            words = frozenset((p.n3(), v.n3()) for p, v in said if p in _WORDS)
            rest = frozenset((p.n3(), v.n3()) for p, v in said if p not in _WORDS)
            found[f"cg:{term.removeprefix(PREFIXES['cg'])}"] = (words, rest)
    return found


def page() -> str:
    note = "Each version of the ontology beside the one before it. Older ones are kept in `ontology/versions/`."
    parts = ["# Changes of the ontology\n", f"{note}\n"]
    for old, new in reversed([*pairwise(versions())]):
        parts.append(f"## {number(new)}, since {number(old)}\n")
        for heading, names in zip(_HEADINGS, compare(old, new), strict=True):
            if names:
                parts.append(f"**{heading}**: " + ", ".join(f"`{name}`" for name in names) + ".\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
