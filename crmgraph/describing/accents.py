"""Words of a plan in Spanish that surely lack their accent, whatever they mean."""

import re
from collections.abc import Iterable, Iterator

from rdflib import URIRef

from crmgraph.describing.futures import bare_futures
from crmgraph.describing.mentions import Found, worded_elements
from crmgraph.describing.naming.spelling import addresses
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import key
from crmgraph.reading.model import Passage

__all__ = ["bare_words", "describe_accents"]

_BARE = re.compile(r"(?<!\w)[^\W\d_]+(?:(?<=[^\W\d_]{2})cion|(?<=[^\W\d_])mision|(?<=\bges)tion)(?!\w)", re.IGNORECASE)
"""No word of Spanish ends so without an accent, and none of English so at all; many another word has a twin with an
accent (publico, público), and is not looked at."""
_MORE = re.compile(
    r"(?<=[^\W\d_])\s+(mas)(?=\s+(?!(?:a[uú]\u0301?n|jam[aá]\u0301?s|ni|no|nunca|s[ií]|sin|tambi[eé]\u0301?n|tampoco)\b)[^\W\d_])"
)
"""“Mas” that means “but” begins a clause, and stands behind a comma, at the beginning or before a word that denies or
asserts; between other words it is “más”."""
_QUOTE = re.compile(r"[«“\"][^«»“”\"]{1,300}[»”\"]")
_FOREIGN = re.compile(
    r"(?<!\w)(?:and|aux|by|dans|della|der|des|di|die|du|est|et|for|il|of|pour|sur|the|und|une|von|with)(?!\w)|(?<!\w)[dl]['’]",
    re.IGNORECASE,
)
_UNACCENTED = URIRef(f"{ONTOLOGY}/name-form#unaccented")


def bare_words(text: str) -> Iterator[tuple[int, int]]:
    """Where words stand that lack the accent of -ción, -misión, gestión, más or the future: code points, end exclusive.

    Words of another language that are quoted (“La gestion des eaux”) lack none.
    """
    found = [match.span() for match in _BARE.finditer(text)] + [each.span(1) for each in _MORE.finditer(text)]
    found += bare_futures(text)
    apart = [*addresses(text), *_foreign(text)] if found else []
    yield from sorted(
        (start, end) for start, end in found if not any(first <= start and end <= last for first, last in apart)
    )


def _foreign(text: str) -> Iterator[tuple[int, int]]:
    """Where words of another language are quoted, as the title of a book is."""
    for quote in _QUOTE.finditer(text):
        if _FOREIGN.search(quote[0]):
            yield quote.span()


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
