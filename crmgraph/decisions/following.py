"""Decisions about parts of plans that have other numbers by now: each follows the words that it is about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from crmgraph.decisions.decision import AGENDA, Decision
from crmgraph.namespaces import Names
from crmgraph.reading.folding import tidy
from crmgraph.wording import quoted

__all__ = ["Followed", "Stray", "Words", "follow"]

_LONGEST = 80


@dataclass(frozen=True)
class Stray:
    """A decision that cannot be about any part as it is now, and why."""

    decision: Decision
    why: str


@dataclass(frozen=True)
class Followed:
    """The rows of a file, as they are to be read now.

    `known` are those about parts as they are, by their keys; `moved` those of them that are about another address than
    they were, as they were and as they are; `strays` are applied to nothing.
    """

    known: dict[tuple[str, str], Decision]
    moved: tuple[tuple[Decision, Decision], ...] = ()
    strays: tuple[Stray, ...] = ()

    def with_strays(self, rows: Iterable[Decision]) -> list[Decision]:
        """These rows as they are to be written: what is applied to nothing stays in the file beside them."""
        return [*(stray.decision for stray in self.strays), *rows]


class Words:
    """What the parts of all plans are called now, in each language, by their IRIs."""

    def __init__(self, labels: Mapping[str, Iterable[str]], names: Names) -> None:
        self._plans, self._agenda = names.id("plan", ""), AGENDA
        self._labels = {iri: sorted(set(map(tidy, of))) for iri, of in labels.items()}
        self._known = set(map(self._whole, labels))
        self._called: dict[tuple[str, str], list[str]] = {}
        for iri, of in self._labels.items():
            for label in of:
                self._called.setdefault((self._whole(iri), label), []).append(iri)

    def of(self, iri: str) -> list[str]:
        """What a part is called; nothing where it is not there."""
        return self._labels.get(iri, [])

    def called(self, iri: str, label: str) -> list[str]:
        """The parts that a row with this address and these words may be about: that one, where it still has them, or
        else those of the same plan that have.

        What is no part of a plan, as a whole plan is none, has no number that another could have by now.
        """
        whole = self._whole(iri)
        if tidy(label) in self.of(iri) or whole not in self._known or whole == iri:
            return [iri]
        return self._called.get((whole, tidy(label)), [])

    def _whole(self, iri: str) -> str:
        """The plan that something is a part of, the 2030 Agenda, or nothing."""
        if iri.startswith(self._plans):
            return self._plans + iri.removeprefix(self._plans).partition("/")[0]
        return self._agenda if iri.startswith(f"{self._agenda}/") else ""


def follow(rows: Iterable[Decision], words: Words) -> Followed:
    """The rows about the parts that have their words now.

    A proposal that nobody decided follows nothing: it is made anew. Of two decisions about one pair, that which was
    about it from the first counts.
    """
    known: dict[tuple[str, str], Decision] = {}
    moved, strays = [], []
    read = [(row, _as_it_is(row, words), list(_doubts(row, words))) for row in rows]
    for row, now, doubts in sorted(read, key=lambda each: each[0] != each[1]):
        if not row.decided:
            if row == now and not doubts and row.turned.key not in known:
                known.setdefault(row.key, row)
            continue
        before = known.get(now.key) or known.get(now.turned.key)
        if not doubts and before is not None and before.decided:
            doubts = [
                f"{now.subject} and {now.object} have its words now, and the file has “{before.decided}” for this pair "
                "already; keep one of both"
            ]
        if doubts:
            strays.append(Stray(row, "; ".join(doubts)))
            continue
        known.pop(now.turned.key, None)
        known[now.key] = now
        if now != row:
            moved.append((row, now))
    return Followed(known, tuple(moved), tuple(strays))


def _as_it_is(row: Decision, words: Words) -> Decision:
    """The row with the addresses that the parts with its words have now, as far as there is one."""
    subject, other = (
        parts[0] if iri and len(parts := words.called(iri, label)) == 1 else iri
        for iri, label in ((row.subject, row.subject_label), (row.object, row.object_label))
    )
    return replace(row, subject=subject, object=other)


def _doubts(row: Decision, words: Words) -> Iterator[str]:
    """Which of its parts cannot be told: what each was called, and what has its address now."""
    for side, iri, label in (("subject", row.subject, row.subject_label), ("object", row.object, row.object_label)):
        parts = words.called(iri, label)
        if len(parts) != 1:
            # These are to be written down, and have to be there in full.
            now = " or ".join(map(quoted, words.of(iri)))
            has = f"{len(parts)} parts of its plan have" if parts else "no part of its plan has"
            yield (
                f"{iri} was {quoted(label, _LONGEST)} and is {now or 'not there'} now, and {has} its old words; where "
                f"the decision holds for a part as it is, write its address and words into {side}_id and {side}_label, "
                "or else take the row out and decide anew"
            )
