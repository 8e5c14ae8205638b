"""What things that have no name of their own are in a few words: mentions, acronyms, statements and passages."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.site.base.site import Site, Term, reference
from crmgraph.site.source.excerpt import Quotation, quotations

__all__ = ["Gist", "gists"]

# The engine looks up what each part names itself; named once for all parts, it would go through all there is.
_GISTS = """
SELECT ?x ?subject ?predicate ?value ?passage {
  { VALUES ?x { %(x)s } ?x a cg:Mention ; cg:mentioned ?value . OPTIONAL { ?x cg:passage ?passage } }
  UNION
  { VALUES ?x { %(x)s } ?x a cg:Statement ; cg:subject ?subject ; cg:predicate ?predicate ; cg:object|cg:literal ?value
    OPTIONAL { ?x cg:passage ?passage } }
  UNION
  { VALUES ?x { %(x)s } ?x a cg:Acronym ; cg:passage ?passage }
  UNION
  { VALUES ?x { %(x)s } ?x a cg:Passage . BIND (?x AS ?passage) }
}
ORDER BY ?x ?predicate ?value ?passage"""

_MOST = 400
"""How many are asked for at once, so that the query does not become too long."""


@dataclass(frozen=True)
class Gist:
    """What is said of what, so far as anything is, and the words that it rests on; empty what there is not."""

    subject: str
    predicate: str
    value: Term | None
    quotation: Quotation | None

    @property
    def iris(self) -> set[str]:
        """The IRIs of all that it speaks of."""
        spoken = {self.subject, self.predicate, self.value.value if self.value and self.value.is_iri else ""}
        return spoken - {""}


def gists(site: Site, iris: Iterable[str]) -> dict[str, Gist]:
    """The gist of each mention, acronym, statement and passage among these IRIs, by IRI."""
    space = site.names.id()
    ours = {iri for iri in iris if iri.startswith(space)}
    wanted = list(map(reference, sorted(ours - site.labels(ours).keys())))
    pieces = (wanted[start : start + _MOST] for start in range(0, len(wanted), _MOST))
    rows = [row for piece in pieces for row in site.select(_GISTS % {"x": " ".join(piece)})]
    words = quotations(site, (row["passage"].value for row in rows if "passage" in row))
    found: dict[str, Gist] = {}
    for row in rows:
        subject, predicate = (row[name].value if name in row else "" for name in ("subject", "predicate"))
        passage = row["passage"].value if "passage" in row else ""
        found.setdefault(row["x"].value, Gist(subject, predicate, row.get("value"), words.get(passage)))
    return found
