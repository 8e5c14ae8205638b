"""Measures precision and recall of `crmgraph link` by the crosswalk held here, and writes tables of docs/linking.md."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from crmgraph.linking import Part, corpus_in, parts_in, propose
from crmgraph.namespaces import ONTOLOGY

PAGE = Path(__file__).parents[2] / "docs" / "linking.md"
THRESHOLDS = (0.20, 0.15, 0.12, 0.10, 0.08, 0.06, 0.05, 0.04, 0.02, 0.0)
Judged = list[tuple[float, bool]]
"""The score of each pair that was compared, and whether the crosswalk says that the two correspond; the best first."""

_SAID = f"""PREFIX cg: <{ONTOLOGY}#>
SELECT ?subject ?object ?with ?kind {{
  VALUES ?kind {{ cg:Correspondence cg:NoCorrespondence }}
  ?said a ?kind ; rdf:subject ?subject ; rdf:object ?object ; cg:comparedWith ?with
}}"""


def _compared(store: Store, parts: Iterable[Part]) -> Iterator[tuple[list[Part], list[Part], set[tuple[str, str]]]]:
    """Yield for each plan the objectives that were compared with it, its parts, and the pairs that correspond."""
    subjects: dict[str, set[str]] = defaultdict(set)
    pairs: set[tuple[str, str]] = set()
    found = store.query(_SAID, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    for row in found:
        subjects[row["with"].value].add(row["subject"].value)
        if row["kind"].value.endswith("#Correspondence"):
            pairs.add((row["subject"].value, row["object"].value))
    there = list(parts)
    for other, own in sorted(subjects.items()):
        yield [part for part in there if part.iri in own], [part for part in there if part.plan == other], pairs


def proposed(store: Store) -> Judged:
    """Return the pairs by the score that they are proposed by."""
    parts = parts_in(store)
    corpus = corpus_in(store, parts)
    judged = [
        (each.score, (each.subject.iri, each.object.iri) in pairs)
        for subjects, objects, pairs in _compared(store, parts.values())
        for each in propose(corpus, subjects, objects)
    ]
    return sorted(judged, key=lambda pair: -pair[0])


def average_precision(judged: Judged) -> float:
    """The mean, over all pairs that correspond, of the precision where each stands in the order of the scores."""
    hits, sums = 0, 0.0
    for place, (_, corresponds) in enumerate(judged, 1):
        if corresponds:
            hits += 1
            sums += hits / place
    return sums / hits


def _at(judged: Judged, threshold: float) -> tuple[int, float, float]:
    """How many pairs are proposed, and their precision and recall."""
    above = [corresponds for score, corresponds in judged if score >= threshold]
    right = sum(above)
    return len(above), right / len(above) if above else 1.0, right / sum(corresponds for _, corresponds in judged)


def report(store: Store) -> str:
    judged = proposed(store)
    count, all_right = len(judged), sum(corresponds for _, corresponds in judged)
    rows = "\n".join(
        f"| {threshold:.2f} | {found} | {precision:.2f} | {recall:.2f} |"
        for threshold in THRESHOLDS
        for found, precision, recall in [_at(judged, threshold)]
    )
    return f"""Of {count:,} pairs that were compared, {all_right} were found to correspond:

| least score | proposed | precision | recall |
|---|---|---|---|
{rows}

Average precision: {average_precision(judged):.2f}.
"""


def main() -> None:
    from crmgraph.building.dataset import build
    from crmgraph.namespaces import Names
    from crmgraph.store import STORE
    from crmgraph.store.dataset import open_store

    folder = Path("build")
    store = open_store(build(folder, Names()).folder(folder) / STORE)
    page = PAGE.read_text(encoding="utf-8")
    between = re.compile(r"(<!-- measured -->\n).*(<!-- end -->)", re.DOTALL)
    PAGE.write_text(between.sub(lambda found: found[1] + report(store) + found[2], page), encoding="utf-8")


if __name__ == "__main__":
    main()
