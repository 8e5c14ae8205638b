"""Whether things are called as the decisions about them say, and what to do where they are not."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from rdflib import RDF, RDFS, Dataset, URIRef

from crmgraph.decisions import AGENDA, NOTHING, Decision, Followed, Words, follow
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import Place, TableError
from crmgraph.namespaces import Names
from crmgraph.reading.folding import tidy

__all__ = ["Called"]

_KINDS = (CG.Theme, CG.Objective, CG.Action, CG.Activity, URIRef(f"{AGENDA}/ontology#Target"))
"""What can have another number by now."""


class Called:
    """What the things in a dataset are called, beside what the decisions in these files say."""

    def __init__(self, files: Mapping[Path, Sequence[Decision]], dataset: Dataset, names: Names) -> None:
        self._files, self._dataset, self._names = files, dataset, names

    def is_so(self, decision: Decision) -> bool:
        """Whether both things are called as the decision says."""
        return not any(self._misnamed(decision))

    def check(self, decision: Decision, file: Path) -> None:
        """Raises TableError where one is not: another may have its number by now.

        It sends nobody to `crmgraph link` with a row that this could not mend.
        """
        at, wrong = Place(file, decision.line), "; ".join(self._misnamed(decision))
        if not wrong:
            return
        followed = self._followed[file]
        for stray in followed.strays:
            if stray.decision.line == decision.line:
                raise TableError(stray.why, at)
        for old, new in followed.moved:
            if old.line == decision.line:
                pairs = ((old.subject, new.subject), (old.object, new.object))
                has = " and ".join(now for was, now in pairs if was != now)
                link = f"`crmgraph link … --decisions {shlex.quote(str(file))}`"
                raise TableError(f"{wrong}. The words are those of {has} now, and {link} mends the row", at)
        raise TableError(f"{wrong}; correct the label, or take the row out and decide the pair again", at)

    @cached_property
    def _followed(self) -> dict[Path, Followed]:
        """The decisions of each file, as far as they can follow their words."""
        parts = {part for kind in _KINDS for part, _, _, _ in self._dataset.quads((None, RDF.type, kind, None))}
        words = Words({str(part): self._labels(str(part)) for part in parts}, self._names)
        return {file: follow(rows, words) for file, rows in self._files.items()}

    def _labels(self, iri: str) -> set[str]:
        return {tidy(str(label)) for _, _, label, _ in self._dataset.quads((URIRef(iri), RDFS.label, None, None))}

    def _misnamed(self, decision: Decision) -> Iterator[str]:
        """Which of both is not called as the decision says, and what it is called."""
        for name, iri, label in (
            ("subject", decision.subject, decision.subject_label),
            ("object", decision.object, decision.object_label),
        ):
            # A whole plan, in which nothing corresponds, has no words that could be another's by now.
            if name == "object" and decision.decided == NOTHING:
                continue
            labels = self._labels(iri)
            if tidy(label) not in labels:
                known = f"it is called {' or '.join(sorted(labels))}" if labels else "there is no such thing"
                yield f"{name}_label: “{label}” is no name of {iri}: {known}"
