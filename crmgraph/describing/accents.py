"""Words of a plan in Spanish that surely lack their accent, whatever they mean."""

import re
from collections.abc import Iterable, Iterator

from rdflib import URIRef

from crmgraph.describing.mentions import Found, worded_elements
from crmgraph.describing.naming.spelling import addresses
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import key
from crmgraph.reading.plan import Passage

__all__ = ["bare_words", "describe_accents"]

_BARE = re.compile(r"(?<!\w)[^\W\d_]+(?:(?<=[^\W\d_]{2})cion|(?<=[^\W\d_])mision|(?<=\bges)tion)(?!\w)", re.IGNORECASE)
"""No word of Spanish ends so without an accent, and none of English so at all; many another word has a twin with an
accent (publico, público), and is not looked at."""
_MORE = re.compile(r"(?<=[^\W\d_])\s+(mas)(?=\s+[^\W\d_])")
"""“Mas” that means “but” begins a clause, and stands behind a comma or at the beginning; between words it is “más”."""
_FUTURE = re.compile(
    r"(?:\A(?:[\d.]+\s+)?|[.;:,]\s+)(?:el|la|los|las|cada)\s+(?:(?:[^\W\d_]\u0301?)+\s+){1,4}([^\W\d_]{4,}aran?)(?=\s+[^\W\d_])",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.;:](?:\s|\Z)")
_SUBORDINATES = re.compile(
    r"\b(?:que|si|cuando|como|donde|quien(?:es)?|aunque|ojal[aá]|cual(?:es)?|mientras|apenas|quiz[aá]s?|tal vez)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"(?:prep|decl|comp|sep|amp|rep|acl|disp|dep|acap|equip|desamp|enmasc|descar|encar)aran?", re.IGNORECASE
)
_NOUNS = frozenset({"algazara", "almenara", "alquitara", "cuchara", "mampara", "preclara"})
_UNACCENTED = URIRef(f"{ONTOLOGY}/name-form#unaccented")


def bare_words(text: str) -> Iterator[tuple[int, int]]:
    """Where words stand that lack the accent of -ción, -misión, gestión, más or the future: code points, end exclusive.

    “La OIM preparara” says nothing that a main clause can say, and is meant as “preparará”.
    """
    found = [match.span() for match in _BARE.finditer(text)] + [each.span(1) for each in _MORE.finditer(text)]
    found += [each.span(1) for each in _FUTURE.finditer(text) if _is_future(text, each)]
    apart = addresses(text) if found else []
    yield from sorted(
        (start, end) for start, end in found if not any(first <= start and end <= last for first, last in apart)
    )


def _is_future(text: str, verb: re.Match[str]) -> bool:
    """Whether the verb of a clause that depends on no other ends as only a wish does."""
    begun = max((stop.end() for stop in _SENTENCE.finditer(text, 0, verb.start(1))), default=0)
    is_other = _PRESENT.fullmatch(verb[1]) or verb[1].lower() in _NOUNS or not verb[1].islower()
    return not is_other and not _SUBORDINATES.search(text, begun, verb.start(1))


def describe_accents(found: Iterable[Found], scribe: Scribe) -> None:
    """The first use of each such word in the plan, its headings too; those in a name that lacks accents are told there.

    `found` are the mentions in the plan.
    """
    told = [each.passage for each in found if (each.node, CG.nameForm, _UNACCENTED) in scribe.graph]
    headings = [leaf for leaf in scribe.plan.leaves if leaf.row == 1]
    places = [(scribe.root, Passage(leaf.start, leaf.end, leaf.exact)) for leaf in headings]
    seen: set[str] = set()
    for element, passage in sorted([*worded_elements(scribe), *places], key=lambda place: place[1].start):
        for start, end in bare_words(passage.exact):
            word = within(passage, start, end)
            if key(word.exact) not in seen and not any(_holds(name, word) for name in told):
                seen.add(key(word.exact))
                scribe.stand(element, word, CG.unaccentedWord)


def _holds(name: Passage, word: Passage) -> bool:
    return name.start <= word.start and word.end <= name.end
