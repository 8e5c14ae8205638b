"""Documents that readers have read, and where in another plan the same sentences stand.

What a reader saw in a sentence holds for that very sentence wherever it stands, so a new version of a known plan keeps
what was read in the parts that did not change.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.reading import read_plan
from crmgraph.reading.folding import tidy
from crmgraph.reading.model import CrossReference, Part, Plan, Referral

__all__ = ["Known", "Places", "describe_known", "known_documents", "same_sentences"]

Places = Mapping[str, Sequence[Part]]
"""For the id of each part of a known document, the parts of the plan at hand that say the same."""


@dataclass(frozen=True)
class Known:
    """A document that readers have read: the plan, and the folder of the tables of what they saw in it."""

    plan: Plan
    folder: Path


def known_documents(plan: Plan, sources: Path, annotations: Path) -> list[Known]:
    """The documents whose tables tell of `plan`: it alone where it is one of them, else all of them.

    `sources` has the documents, each named by the id of its plan, and `annotations` a folder for each. A plan that is
    not among the sources may have a folder of its own.
    """
    files = sorted(sources.glob("*.txt"))
    for file in files:
        if file.stem == plan.id and hashlib.sha256(file.read_bytes()).hexdigest() == plan.source.sha256:
            return [Known(plan, annotations / plan.id)]
    if plan.id not in {file.stem for file in files} and (annotations / plan.id).is_dir():
        return [Known(plan, annotations / plan.id)]
    return [Known(read_plan(file, file.stem), annotations / file.stem) for file in files]


def same_sentences(known: Plan, plan: Plan) -> Places:
    """Where in `plan` the parts of `known` are: those of the same kind that say the same, blank space aside.

    Where several say the same, the first is the first, the second the second, and so on; those left over are as the
    last. Every part of a plan is where it is in itself.
    """
    if known is plan:
        return {part.id: (part,) for part, _ in plan.walk()}
    theirs, ours = _by_words(known), _by_words(plan)
    places: dict[str, list[Part]] = {part.id: [] for part, _ in known.walk()}
    for words, parts in theirs.items():
        for turn, part in enumerate(ours[words]):
            places[parts[min(turn, len(parts) - 1)].id].append(part)
    return places


def describe_known(known: Plan, places: Places, scribe: Scribe) -> None:
    """That the parts of the plan at hand which are at `places` were read in the document `known`."""
    document = URIRef(scribe.names.id("plan", known.id))
    for parts in places.values():
        for part in parts:
            scribe.graph.add((scribe.iri(part.id), CG.readIn, document))


def _by_words(plan: Plan) -> dict[tuple[str, str], list[Part]]:
    found: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part, _ in plan.walk():
        if not isinstance(part, Referral | CrossReference):
            found[part.kind, tidy(part.text)].append(part)
    return found
