"""What a page says of a thing in words, before all that the graph says of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crmgraph.http.languages import marked
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import SURE, Certainty, Site, in_language
from crmgraph.site.indexes.index import Part, folded
from crmgraph.site.things.things import Thing

__all__ = ["Fact", "Profile", "Said", "by_name", "facts", "lead", "objects", "remarks", "said", "texts"]

_DESCRIPTIONS = ("http://purl.org/dc/terms/description", "http://www.w3.org/2004/02/skos/core#definition")
_NOTE = "http://www.w3.org/2004/02/skos/core#note"
_CONFIDENCE = ONTOLOGY + "#confidence"
_SOURCE = "http://purl.org/dc/terms/source"


@dataclass(frozen=True)
class Said:
    """One value: a thing by its IRI, or words in a language (empty where they are of none), and a detail of it.

    The detail is what the things `detail_iris` are called, the `amount` (a date, a number), or a sentence in English,
    marked for translation, in which %(value)s stands for that. `certainty` is how certain all of it is.
    """

    iri: str = ""
    text: str = ""
    language: str = ""
    detail_iris: tuple[str, ...] = ()
    detail: str = ""
    amount: str = ""
    certainty: Certainty = SURE


@dataclass(frozen=True)
class Fact:
    """Values under a heading in English, marked for translation, or parts of the plan; asserted, or inferred.

    Values that are prose are a paragraph each.
    """

    heading: str
    values: tuple[Said, ...] = ()
    parts: tuple[Part, ...] = ()
    is_inferred: bool = False
    is_prose: bool = False


@dataclass(frozen=True)
class Profile:
    """What a thing is, in one sentence in a language, the facts that matter of it, and sentences (in English, marked
    for translation) on what is not known."""

    lead: str
    language: str
    facts: tuple[Fact, ...]
    unknown: tuple[str, ...] = ()

    @property
    def iris(self) -> Iterator[str]:
        """The IRIs of all that it names."""
        for fact in self.facts:
            for each in fact.values:
                yield from filter(None, (each.iri, *each.detail_iris))
            for part in fact.parts:
                yield from filter(None, (part.iri, part.theme))


def said(iris: Iterable[str]) -> tuple[Said, ...]:
    """Things without details."""
    return tuple(Said(iri) for iri in iris)


def facts(*told: Fact) -> tuple[Fact, ...]:
    """Those facts that have something to say."""
    return tuple(fact for fact in told if fact.values or fact.parts)


def by_name(site: Site, iris: Iterable[str], language: str, first: str = "") -> list[str]:
    """The IRIs, each once, in the order of what they are called in a language; the one that goes `first` before all."""
    found = set(iris)
    labels: Mapping[str, Mapping[str, str]] = site.labels(found)
    return sorted(found, key=lambda iri: (iri != first, folded(in_language(labels.get(iri, {}), language)[0] or iri)))


def texts(thing: Thing, *properties: str) -> dict[str, list[str]]:
    """The words that are said of a thing with these properties, by language."""
    found: dict[str, list[str]] = {}
    for group in thing.about:
        for each in group.statements:
            if group.predicate in properties and not each.value.is_iri:
                found.setdefault(each.value.language, []).append(each.value.value)
    return found


def objects(thing: Thing, *properties: str) -> list[str]:
    """The values that a thing has with these properties, each once."""
    return list(
        dict.fromkeys(
            each.value.value for group in thing.about if group.predicate in properties for each in group.statements
        )
    )


def lead(thing: Thing, language: str) -> tuple[str, str]:
    """The sentence that says what a thing is, with its language; nothing where there is none."""
    return _joined(texts(thing, *_DESCRIPTIONS), language)


def remarks(thing: Thing, language: str) -> tuple[Fact, Fact, Fact]:
    """How certain what is said of a thing is, if that is less than high, what is to be noted, and the sources."""
    noted = texts(thing, _NOTE)
    tongue, _ = in_language({spoken: spoken for spoken in noted}, language)
    notes = tuple(Said(text=note, language=tongue) for note in noted.get(tongue, ()))
    doubts = (degree for degree in objects(thing, _CONFIDENCE) if Certainty(thing.iri, degree).words)
    sources = said(objects(thing, _SOURCE))
    return (
        Fact(marked("Certainty"), said(doubts)),
        Fact(marked("Notes") if len(notes) > 1 else marked("Note"), notes, is_prose=True),
        Fact(marked("Sources") if len(sources) > 1 else marked("Source"), sources),
    )


def _joined(said: Mapping[str, Iterable[str]], language: str) -> tuple[str, str]:
    return in_language({tongue: " ".join(each) for tongue, each in said.items()}, language)
