"""What the tables of pages hold, as rows that JSON can write: names in both languages, things by their IRIs."""

from collections.abc import Iterable, Iterator, Mapping

from crmgraph.site.comparisons.comparison import Comparison, Match
from crmgraph.site.comparisons.versions import Revision

__all__ = ["Labels", "Row", "match_rows", "pair_rows", "revision_rows"]

Row = dict[str, object]
Labels = Mapping[str, Mapping[str, str]]


def pair_rows(found: Iterable[Comparison], labels: Labels) -> Iterator[Row]:
    """The pairs of plans that were compared, each with how many parts of either have something that corresponds."""
    for each in found:
        yield {
            "plan": each.plan,
            "plan_label": labels.get(each.plan, {}),
            "parts": len(each.own),
            "parts_with_counterpart": each.answered,
            "other": each.other,
            "other_label": labels.get(each.other, {}),
            "other_parts": len(each.theirs),
            "other_parts_with_counterpart": each.reached,
        }


def match_rows(found: Comparison, labels: Labels) -> Iterator[Row]:
    """What was said of each part of the plan: what corresponds to it in the other, or that nothing does.

    Then the parts of the other to which nothing in the plan does.
    """
    for part in (*found.own, *found.theirs):
        for match in part.matches:
            if match.plan == found.plan or not match.object:
                yield _match(match, part.number, labels)


def revision_rows(found: Iterable[Revision]) -> Iterator[Row]:
    """What became of each part that changed, with the words as they were and as they are."""
    for each in found:
        yield {
            "earlier": each.old or None,
            "later": each.new or None,
            "number": each.number or None,
            "kind": each.part or None,
            "changes": list(each.kinds),
            "earlier_words": " ".join(words for words, kind in each.pieces if kind != "new") or None,
            "later_words": " ".join(words for words, kind in each.pieces if kind != "old") or None,
            "notes": list(each.notes),
            "earlier_passage": each.source or None,
        }


def _match(match: Match, number: str, labels: Labels) -> Row:
    return {
        "statement": match.iri,
        "subject": match.subject,
        "subject_number": number or None,
        "subject_label": labels.get(match.subject, {}),
        "object": match.object or None,
        "object_label": labels.get(match.object, {}),
        "way": match.way or None,
        "certainty": match.certainty,
        "author": match.author,
        "date": match.date,
        "why": {match.language: match.why},
        "passage": match.quotation.iri if match.quotation else None,
    }
