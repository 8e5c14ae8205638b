"""The page of changes between versions of the ontology: `python -m tests.ontology.changes` writes it."""

import csv
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.compare import to_canonical_graph

from crmgraph.namespaces import ONTOLOGY, PREFIXES

_TOP = Path(__file__).parents[2]
PAGE = _TOP / "docs" / "ontology-changes.md"
REPLACED = _TOP / "ontology" / "replaced.csv"
_REPLACED_IN = "0.4.0"
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


def replacements() -> list[dict[str, str]]:
    """Each term that is gone, or is no longer said of all that it was, with the pattern of SPARQL that says it now.

    In the patterns, ?x is what was the subject of the old term and ?y its value. What only checks need has none.
    """
    with REPLACED.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def terms_in(pattern: str) -> list[str]:
    return re.findall(r"(?<![\w?])[a-z-]+:[\w-]+", pattern)


def _migration() -> str:
    rows = [f"| `{row['old']}` | {row['new'] and '`' + row['new'] + '`'} | {row['note']} |" for row in replacements()]
    olds: dict[str, list[str]] = defaultdict(list)
    for row in replacements():
        for term in terms_in(row["new"]):
            if row["old"] not in olds[term]:
                olds[term].append(row["old"])
    back = [f"| `{term}` | {', '.join(f'`{old}`' for old in olds[term])} |" for term in sorted(olds)]
    return "\n".join([
        "What to write instead of each term that is gone, or is no longer said of all that it was. What stood before",
        "and after the old term is `?x` and `?y`. What followed from our terms in the words of PROV, ORG, schema.org",
        "and others no longer does, unless you load the files in `ontology/alignments/` beside the ontology.",
        "",
        "| before 0.4.0 | now | |",
        "|---|---|---|",
        *rows,
        "",
        "The other way round, the old terms in whose place each of these stands, alone or with others:",
        "",
        "| now | before 0.4.0 |",
        "|---|---|",
        *back,
        "",
    ])  # fmt: skip


def page() -> str:
    note = "Each version of the ontology beside the one before it. Older ones are kept in `ontology/versions/`."
    parts = ["# Changes of the ontology\n", f"{note}\n"]
    for old, new in reversed([*pairwise(versions())]):
        parts.append(f"## {number(new)}, since {number(old)}\n")
        for heading, names in zip(_HEADINGS, compare(old, new), strict=True):
            if names:
                parts.append(f"**{heading}**: " + ", ".join(f"`{name}`" for name in names) + ".\n")
        if number(new) == _REPLACED_IN:
            parts.append(_migration())
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
