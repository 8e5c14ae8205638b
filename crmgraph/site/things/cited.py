"""What the plan refers to and does not have: who looks for it is led to the finding that says so."""

from crmgraph.site.base.site import Site, in_language, reference

__all__ = ["cited_in_vain"]

_IN_VAIN = """
SELECT DISTINCT ?x ?message ?exact {
  ?x a cg:Finding ; cg:code "unresolved-cross-reference" ; rdfs:comment ?message ;
    cg:passage/cg:exact ?exact ; cg:relatedElement/cg:within %s
}
ORDER BY ?x"""
_FINDINGS = "/findings/unresolved-cross-reference"


def cited_in_vain(site: Site, iri: str, language: str) -> list[tuple[str, str]]:
    """The findings about references to a part of a theme that would have this IRI: what each says, and its path."""
    theme, _, number = iri.rpartition("/")
    said: dict[str, dict[str, str]] = {}
    for row in site.select(_IN_VAIN % reference(theme)):
        if row["exact"].value.strip(" .\xa0").casefold() == number:
            said.setdefault(row["x"].value, {})[row["message"].language] = row["message"].value
    return [(in_language(messages, language)[0], _FINDINGS) for messages in said.values()]
