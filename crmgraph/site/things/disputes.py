"""Where sources disagree about a thing, or on whether and as what it takes part in others: each value that one of them
has, which is preferred, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Row, Site, Term, in_language, reference

__all__ = ["Claim", "Dispute", "disputes"]

_PREFERRED = f"{ONTOLOGY}/rank#preferred"
_CLAIMS = """
SELECT DISTINCT ?said ?of ?property ?value ?rank ?confidence ?source ?note {
  { ?said cg:subject %(thing)s }
  UNION { ?said cg:object %(thing)s ; cg:predicate cg:member }
  UNION { %(thing)s cg:membership/^cg:subject ?said }
  ?said cg:subject ?of ; cg:rank ?rank ; cg:predicate ?property ; cg:object|cg:literal ?value .
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
    """The property (`about`) of a thing (`of`) on which sources disagree, and what they say, the preferred first."""

    of: str
    about: str
    claims: tuple[Claim, ...]

    @property
    def iris(self) -> set[str]:
        """The IRIs of all that it speaks of."""
        spoken = {self.of, self.about}
        for claim in self.claims:
            spoken |= {claim.confidence, *claim.sources} | ({claim.value.value} if claim.value.is_iri else set())
        return spoken - {""}


def disputes(site: Site, iri: str, language: str) -> tuple[Dispute, ...]:
    """Where sources disagree about the thing with this IRI, then about what it is a member of and its memberships."""
    rows: dict[str, list[Row]] = {}
    for row in site.select(_CLAIMS % {"thing": reference(iri)}):
        rows.setdefault(row["said"].value, []).append(row)
    found = sorted(
        ((each[0]["of"].value, each[0]["property"].value, _claim(said, each, language)) for said, each in rows.items()),
        key=lambda found: (found[0] != iri, *found[:2], *_place(found[2])),
    )
    # What a thing is called is another matter in each language.
    matters = groupby(found, key=lambda found: (*found[:2], found[2].value.language))
    return tuple(Dispute(of, name, tuple(claim for *_, claim in claims)) for (of, name, _), claims in matters)


def _place(claim: Claim) -> tuple[str, bool, str, str]:
    return claim.value.language, not claim.is_preferred, claim.value.value, claim.iri


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
