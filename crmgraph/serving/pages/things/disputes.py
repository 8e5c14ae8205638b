"""Where sources disagree about a thing: each value that one of them has, which is preferred, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from crmgraph.namespaces import ONTOLOGY
from crmgraph.serving.pages.site import Row, Site, Term, in_language, reference

__all__ = ["Claim", "Dispute", "disputes"]

_PREFERRED = f"{ONTOLOGY}/rank#preferred"
_CLAIMS = """
SELECT DISTINCT ?said ?property ?value ?rank ?confidence ?source ?note {
  ?said cg:subject %s ; cg:rank ?rank ; cg:predicate ?property ; cg:object|cg:literal ?value .
  OPTIONAL { ?said cg:confidence ?confidence }
  OPTIONAL { ?said dcterms:source ?source }
  OPTIONAL { ?said skos:note ?note }
}"""


@dataclass(frozen=True)
class Claim:
    """A value that sources give, how sure that is (the IRI of a concept), the IRIs of the sources, and a word on it."""

    iri: str
    value: Term
    is_preferred: bool
    confidence: str
    sources: tuple[str, ...]
    note: str
    language: str


@dataclass(frozen=True)
class Dispute:
    """The property of a thing (`about`) on which sources disagree, and what they say, the preferred first."""

    about: str
    claims: tuple[Claim, ...]

    @property
    def iris(self) -> set[str]:
        """The IRIs of all that it speaks of."""
        spoken = {self.about}
        for claim in self.claims:
            spoken |= {claim.confidence, *claim.sources} | ({claim.value.value} if claim.value.is_iri else set())
        return spoken - {""}


def disputes(site: Site, iri: str, language: str) -> tuple[Dispute, ...]:
    """Where sources disagree about the thing with this IRI."""
    rows: dict[str, list[Row]] = {}
    for row in site.select(_CLAIMS % reference(iri)):
        rows.setdefault(row["said"].value, []).append(row)
    found = sorted(
        ((each[0]["property"].value, _claim(said, each, language)) for said, each in rows.items()),
        key=lambda pair: (pair[0], pair[1].value.language, not pair[1].is_preferred, pair[1].value.value, pair[1].iri),
    )
    # What a thing is called is another matter in each language.
    matters = groupby(found, key=lambda pair: (pair[0], pair[1].value.language))
    return tuple(Dispute(name, tuple(claim for _, claim in claims)) for (name, _), claims in matters)


def _claim(iri: str, rows: Sequence[Row], language: str) -> Claim:
    notes = {row["note"].language: row["note"].value for row in rows if "note" in row}
    note, spoken = in_language(notes, language)
    first = rows[0]
    return Claim(
        iri,
        first["value"],
        first["rank"].value == _PREFERRED,
        first["confidence"].value if "confidence" in first else "",
        tuple(sorted({row["source"].value for row in rows if "source" in row})),
        note,
        spoken,
    )
