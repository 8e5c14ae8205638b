"""The profile of a meeting: of whom it was, when, where, under whose chair, and between which others."""

from crmgraph.http.languages import format_days, marked
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Site, reference
from crmgraph.site.indexes.meetings import rank
from crmgraph.site.profiles.fact import Fact, Profile, Said, facts, lead, objects, remarks, said
from crmgraph.site.things.things import Thing

__all__ = ["meeting"]

_CG = ONTOLOGY + "#"
_STATES = "SELECT DISTINCT ?x { %s cg:place/cg:inState ?x }"
_OTHERS = """
SELECT DISTINCT ?x ?ordinal ?when {
  %s cg:ofBody ?body . ?x cg:ofBody ?body ; cg:ordinal ?ordinal . OPTIONAL { ?x cg:startDate|cg:endDate ?when }
}"""


def meeting(site: Site, thing: Thing, language: str) -> Profile:
    """Whose meeting it was and which in their order, when and where, and what is not known of that."""
    states = [row["x"].value for row in site.select(_STATES % reference(thing.iri))]
    began, ended = (next(iter(objects(thing, _CG + name)), "") for name in ("startDate", "endDate"))
    days = format_days(began, ended, language)
    numbered = {rank(row["ordinal"].value): row["x"].value for row in site.select(_OTHERS % reference(thing.iri))}
    own = rank(next(iter(objects(thing, _CG + "ordinal")), ""))
    told = facts(
        Fact(marked("A meeting of"), said(objects(thing, _CG + "ofBody"))),
        Fact(marked("In the process"), said(objects(thing, _CG + "process"))),
        Fact(marked("When"), (Said(text=days),) if days else ()),
        Fact(marked("Where"), said((*objects(thing, _CG + "place"), *states))),
        Fact(marked("Chaired by"), said(objects(thing, _CG + "chair"))),
        Fact(marked("Previous meeting"), said(filter(None, [numbered.get(own - 1, "") if own else ""]))),
        Fact(marked("Next meeting"), said(filter(None, [numbered.get(own + 1, "") if own else ""]))),
        *remarks(thing, language),
    )
    unknown = [] if days else [marked("Its date is not on record.")]
    if not objects(thing, _CG + "place"):
        unknown.append(marked("Its place is not on record."))
    return Profile(*lead(thing, language), told, tuple(unknown))
