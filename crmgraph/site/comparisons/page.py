"""The pages that set plans beside one another, and beside their earlier versions."""

from collections import Counter

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.comparing import CHANGES
from crmgraph.site.base.links import language_of, links_of
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import GRAPHS, HTML, JSON, NothingKnownError, asked, rows_as_json, statements_as
from crmgraph.site.base.site import Site
from crmgraph.site.comparisons.comparison import CERTAIN
from crmgraph.site.comparisons.crosswalk import by_plan, comparisons, mirrored, ways
from crmgraph.site.comparisons.versions import version
from crmgraph.site.dataset.graphs import whole_graph
from crmgraph.site.plans.guests import guests
from crmgraph.site.plans.known import known, plan_names
from crmgraph.site.plans.plans import name_of_plan, plans
from crmgraph.site.rows import match_rows, pair_rows, revision_rows
from crmgraph.site.statements import about_comparison, about_comparisons
from crmgraph.wording import in_language

__all__ = ["comparison_page", "crosswalk_page", "version_page"]


def crosswalk_page(request: Request, site: Site) -> Response:
    """How far the plans touch that somebody compared."""
    _, form = asked(request)
    if form in GRAPHS:
        return statements_as(site, about_comparisons(), form)
    found = comparisons(site, language_of(request))
    if form == JSON:
        return rows_as_json(pair_rows(found, site.labels(iri for each in found for iri in (each.plan, each.other))))
    all_plans = plans(site)
    sections = by_plan(found, {plan.iri for plan in all_plans})
    again = mirrored(sections)
    folded = {each.plan for each in again}
    above = {part.above for _, sides in sections for each in sides for part in each.own}
    plans_known = known(site)
    context = {
        "all": all_plans,
        "guests": guests(site, all_plans),
        "plans": [
            (plan, sides, ways(site, (part for each in sides for part in each.own)))
            for plan, sides in sections
            if plan not in folded
        ],
        "mirrored": again,
        "is_partial": any(each.unread for each in found),
        "known": plans_known,
        "abridged": len({each.other for each in found if plans_known[each.other].is_abridged}),
        "plan_names": plan_names(site),
        "labels": site.labels((above | {plan.process for plan in all_plans}) - {""}),
        "questions": [question for question in site.library.values() if question.group == "correspondences"],
        **offers(request, site, "/crosswalk", (*GRAPHS, JSON)),
    }
    return render(request, site, "crosswalk.html", context=context)


def comparison_page(request: Request, site: Site, plan: str, other: str) -> Response:
    """What corresponds to what in two plans, from either side, with the reasons."""
    other, form = asked(request, other)
    found = comparisons(site, language_of(request))
    pairs = {(name_of_plan(each.plan), name_of_plan(each.other)): each for each in found}
    one = pairs.get((plan, other))
    if one is None and (turned := pairs.get((other, plan))):
        # It has both sides.
        return RedirectResponse(links_of(request, site).page(language_of(request), turned.path), 308)
    if one is None:
        near = [(path, path) for path in (each.path for each in found)]
        raise NothingKnownError(f"/crosswalk/{plan}/{other}", near)
    if form in GRAPHS:
        return statements_as(site, about_comparison(one.plan, one.other), form)
    matches = {match for part in (*one.own, *one.theirs) for match in part.matches}
    named = {iri for match in matches for iri in (match.subject, match.object, match.way, match.author) if iri}
    above = {part.above for part in (*one.own, *one.theirs) if part.above}
    labels = site.labels({one.plan, one.other, *named, *above})
    if form == JSON:
        return rows_as_json(match_rows(one, labels))
    context = {
        "comparison": one,
        "known": known(site),
        "plan_names": plan_names(site),
        "ways": ways(site, (*one.own, *one.theirs)),
        "says_nothing": one.says_nothing,
        "certain": CERTAIN,
        "labels": labels,
        "numbers": {part.iri: part.number for part in (*one.own, *one.theirs)},
        **offers(request, site, one.path, (*GRAPHS, JSON)),
    }
    return render(request, site, "comparison.html", context=context)


def version_page(request: Request, site: Site, name: str) -> Response:
    """What became of each part of an earlier version of a plan in the next."""
    name, form = asked(request, name)
    language = language_of(request)
    found = version(site, links_of(request, site).thing(f"plan/{name}"), language)
    if found is None:
        raise NothingKnownError(f"/versions/{name}")
    if form == JSON:
        return rows_as_json(revision_rows(found.revisions))
    if form != HTML:
        return statements_as(site, whole_graph(site.names.graph("versions", name)), form)
    context = {
        "version": found,
        "counts": Counter(kind for each in found.revisions for kind in each.kinds),
        "changes": {name: in_language(said, language) for name, said in CHANGES.items()},
        "labels": site.labels({found.plan, found.following, *(each.part for each in found.revisions if each.part)}),
        **offers(request, site, f"/versions/{name}", (*GRAPHS, JSON)),
    }
    return render(request, site, "version.html", context=context)
