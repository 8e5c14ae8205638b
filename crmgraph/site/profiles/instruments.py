"""The profile of an instrument: what it is called and by whom, of when it is, who is bound, and what the plan does."""

from collections import defaultdict

from crmgraph.http.languages import marked
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Certainty, Site, certainty_in, certainty_of, doubt, reference
from crmgraph.site.profiles.fact import (
    Fact,
    Profile,
    Said,
    by_name,
    facts,
    lead,
    objects,
    remarks,
    said,
    texts,
)
from crmgraph.site.things.things import Thing

__all__ = ["instrument"]

_CG = ONTOLOGY + "#"
_DATE, _TITLE = (f"http://purl.org/dc/terms/{name}" for name in ("date", "title"))
_CITED = """
SELECT ?words (COUNT(DISTINCT ?mention) AS ?times) {
  ?mention cg:mentioned %s ; cg:inElement ?element ; cg:passage/cg:exact ?words FILTER (STRSTARTS(STR(?element), "%s"))
} GROUP BY ?words ORDER BY DESC(?times) ?words"""

_BESIDE = f"""
SELECT DISTINCT ?agent ?role ?doubted ?degree {{
  ?element cg:instrumentUse/cg:instrument %s ; cg:participation ?participation .
  ?participation cg:agent ?agent ; cg:role ?role{doubt("?participation")}
}} ORDER BY ?agent ?role ?doubted"""


def instrument(site: Site, thing: Thing, language: str) -> Profile:
    """Kind and date, the title that a source gives it beside the words by which the plan cites it, parties, uses."""
    plan = site.names.id("plan", "crm")
    cited = site.select(_CITED % (reference(thing.iri), plan))
    titles = [
        Said(text=title, language=tongue)
        for tongue, all in sorted(texts(thing, _TITLE).items(), key=lambda each: (each[0] != language, each[0]))
        for title in all
    ]
    uses: defaultdict[str, list[Certainty]] = defaultdict(list)
    for use in thing.readings.uses:
        if use.element.startswith(plan):
            uses[use.way].append(use.certainty)
    told = facts(
        Fact(marked("Kind"), said(objects(thing, _CG + "instrumentKind"))),
        Fact(marked("Date"), tuple(Said(text=date) for date in objects(thing, _DATE))),
        Fact(marked("Adopted by"), said(objects(thing, _CG + "adoptedBy"))),
        Fact(marked("Official title"), tuple(titles)),
        Fact(
            marked("As the plan cites it"),
            tuple(
                Said(
                    text=" ".join(row["words"].value.split()),
                    language="es",
                    detail=marked("%(value)s times") if row["times"].value != "1" else marked("once"),
                    amount=row["times"].value,
                )
                for row in cited
            ),
        ),
        Fact(marked("Parties"), said(by_name(site, objects(thing, _CG + "party"), language))),
        Fact(
            marked("What the plan does with it"),
            tuple(
                Said(
                    way,
                    detail=marked("%(value)s times") if len(uses[way]) > 1 else marked("once"),
                    amount=str(len(uses[way])),
                    certainty=certainty_of(uses[way]),
                )
                for way in sorted(uses, key=lambda way: -len(uses[way]))
            ),
        ),
        Fact(marked("Who takes part where the plan uses it"), _beside(site, thing, language)),
        *remarks(thing, language),
    )
    unknown = []
    if not uses and not cited:
        unknown.append(marked("The plan does not use it and does not name it."))
    if not objects(thing, _DATE):
        unknown.append(marked("Its date is not on record."))
    return Profile(*lead(thing, language), told, tuple(unknown))


def _beside(site: Site, thing: Thing, language: str) -> tuple[Said, ...]:
    """Who takes part, in which role, where the plan uses it, and how certain that is of each time."""
    found: defaultdict[tuple[str, str], list[Certainty]] = defaultdict(list)
    for row in site.select(_BESIDE % reference(thing.iri)):
        found[row["agent"].value, row["role"].value].append(certainty_in(row))
    names = by_name(site, (agent for agent, _ in found), language)
    ordered = sorted(found, key=lambda each: (names.index(each[0]), each[1]))
    return tuple(
        Said(agent, detail_iris=(role,), certainty=certainty_of(found[agent, role])) for agent, role in ordered
    )
