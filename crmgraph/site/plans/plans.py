"""All plans of the dataset."""

from dataclasses import dataclass

from crmgraph.site.base.site import Site
from crmgraph.site.plans.outline import KINDS

__all__ = ["Plan", "name_of_plan", "plans"]

_PLANS = """
SELECT ?plan ?process ?file ?address (COUNT(DISTINCT ?objective) AS ?objectives) (COUNT(DISTINCT ?part) AS ?parts) {
  ?plan a cg:Plan .
  VALUES ?kind { %s }
  ?part cg:within ?plan ; a ?kind .
  OPTIONAL { ?plan cg:planOf ?process }
  OPTIONAL {
    ?plan dcterms:source ?document . ?document prov:wasDerivedFrom ?made . ?made rdfs:label ?file .
    FILTER (LANG(?file) = "es")
    OPTIONAL { ?made dcterms:source ?address }
  }
  OPTIONAL { ?part a cg:Objective . BIND (?part AS ?objective) }
}
GROUP BY ?plan ?process ?file ?address"""


@dataclass(frozen=True)
class Plan:
    """A plan in the dataset: the process that it is of, how many objectives it has and how many parts in all, as its
    tree counts them.

    `file` is the name of the file that it was imported from, `address` the one that this is said to be from.
    """

    iri: str
    process: str
    objectives: int
    parts: int
    file: str = ""
    address: str = ""


def name_of_plan(iri: str) -> str:
    """The name of a plan, or of the 2030 Agenda, in an address of this site."""
    return iri.rstrip("/").rpartition("/")[2]


def plans(site: Site) -> tuple[Plan, ...]:
    """All plans, those with the most parts first."""
    found = [
        Plan(
            row["plan"].value,
            row["process"].value if "process" in row else "",
            int(row["objectives"].value),
            int(row["parts"].value),
            *(row[name].value if name in row else "" for name in ("file", "address")),
        )
        for row in site.recall(_PLANS % " ".join(KINDS))
    ]
    return tuple(sorted(found, key=lambda plan: (-plan.parts, plan.iri)))
