"""Measures `crmgraph link` by the crosswalk held here and by the gold set, and writes the tables of docs/linking.md."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from crmgraph.linking import MIN_SCORE, Part, corpus_in, parts_in, plan_iri, propose
from crmgraph.namespaces import ONTOLOGY, Names

PAGE = Path(__file__).parents[2] / "docs" / "linking.md"
GOLD = Path(__file__).with_name("gold.tsv")
PLANS = Path(__file__).parents[1] / "importing" / "plans"
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French", "pt": "Portuguese"}
MOST = 3
THRESHOLDS = (0.20, 0.15, 0.12, 0.10, 0.08, 0.06, 0.05, 0.04, 0.02, 0.0)
Judged = list[tuple[float, bool]]
"""The score of each pair that was compared, and whether the crosswalk says that the two correspond; the best first."""

_SAID = f"""PREFIX cg: <{ONTOLOGY}#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
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


@dataclass(frozen=True)
class Answer:
    """The objectives of the Global Compact that correspond to a part by either reading, and those that are proposed."""

    language: str
    right: frozenset[str]
    proposed: tuple[str, ...]


def answers(store: Store) -> list[Answer]:
    """Return what is proposed for each part of the gold set, in its order. Each plan is compared on its own."""
    held = parts_in(store)
    objectives = [part for part in held.values() if part.plan == plan_iri("gcm", Names()) and part.kind == "Objective"]
    gold: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    with GOLD.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            readings = {*row["reader_1"].split(), *row["reader_2"].split()}
            gold[row["plan"]][row["path"]] = frozenset(readings - {"0"})
    found = []
    for plan, rows in gold.items():
        key = json.loads((PLANS / f"{plan}.json").read_text(encoding="utf-8"))
        language = key["language"]
        parts = {
            each["path"]: Part(each["path"], plan, "", {language: each["text"]}, each.get("parent") or "")
            for each in key["parts"]
        }
        proposals: dict[str, list[str]] = defaultdict(list)
        for each in propose(corpus_in(store, {**held, **parts}), list(parts.values()), objectives):
            if each.score >= MIN_SCORE:
                proposals[each.subject.iri].append(each.object.iri.rpartition("/")[2])
        found += [Answer(language, right, tuple(proposals[path][:MOST])) for path, right in rows.items()]
    return found


def precision_and_recall(given: Iterable[Answer]) -> tuple[float, float]:
    """Return the precision at 1 and the recall.

    Precision is how many first proposals are right, of the parts that have a proposal; recall how many of the pairs
    that correspond are proposed.
    """
    given = list(given)
    first = [each.proposed[0] in each.right for each in given if each.proposed]
    hits = sum(len(each.right & {*each.proposed}) for each in given)
    return sum(first) / len(first), hits / sum(len(each.right) for each in given)


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

Beside 150 parts of six invented plans, of which two readings by a language model, each without sight of the other, say
to which of the 23 objectives of the Global Compact they correspond. A pair is right that either reading found; at most
{MOST} proposals for each part count, from a score of {MIN_SCORE} on. Whoever chose the words and weights had
read all rows and knew the figures of all, but looked at the faults of the odd rows only; expect less of a plan that
nobody has seen:

| parts | number | with a proposal | precision of the first | recall of pairs |
|---|---|---|---|---|
{_gold_rows(answers(store))}
"""


def _gold_rows(given: list[Answer]) -> str:
    groups = {name: [each for each in given if each.language == tag] for tag, name in LANGUAGES.items()}
    groups |= {"odd rows": given[::2], "even rows": given[1::2]}
    return "\n".join(
        f"| {name} | {len(group)} | {sum(bool(each.proposed) for each in group)} | {precision:.2f} | {recall:.2f} |"
        for name, group in groups.items()
        for precision, recall in [precision_and_recall(group)]
    )


def main() -> None:
    from crmgraph.building.dataset import build
    from crmgraph.store import STORE
    from crmgraph.store.dataset import open_store

    folder = Path("build")
    store = open_store(build(folder, Names()).folder(folder) / STORE)
    page = PAGE.read_text(encoding="utf-8")
    between = re.compile(r"(<!-- measured -->\n).*(<!-- end -->)", re.DOTALL)
    PAGE.write_text(between.sub(lambda found: found[1] + report(store) + found[2], page), encoding="utf-8")


if __name__ == "__main__":
    main()
