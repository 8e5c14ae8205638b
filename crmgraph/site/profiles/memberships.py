"""The profile of a membership, or of a presidency: who takes part in which process, in which capacity, since when."""

from crmgraph.http.languages import marked, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Site, in_language
from crmgraph.site.profiles.fact import Fact, Profile, Said, facts, objects, remarks, said
from crmgraph.site.things.things import Thing

__all__ = ["membership"]

_CG = ONTOLOGY + "#"
_ROLES = f"{ONTOLOGY}/membership-role#"
_SENTENCES = {
    "member": marked("%(who)s is a member of the consultative process “%(process)s”"),
    "participant": marked("%(who)s takes part in the consultative process “%(process)s”"),
    "observer": marked("%(who)s takes part as an observer in the consultative process “%(process)s”"),
    "partner": marked("%(who)s works as a partner with the consultative process “%(process)s”"),
    "secretariat": marked("%(who)s provides or supports the secretariat of the consultative process “%(process)s”"),
    "presidency": marked("%(who)s held the presidency of the consultative process “%(process)s”"),
}
_SINCE = {
    "member": marked("%(who)s has been a member of the consultative process “%(process)s” since %(year)s."),
    "participant": marked("%(who)s has taken part in the consultative process “%(process)s” since %(year)s."),
    "observer": marked(
        "%(who)s has taken part as an observer in the consultative process “%(process)s” since %(year)s."
    ),
    "partner": marked("%(who)s has worked as a partner with the consultative process “%(process)s” since %(year)s."),
    "secretariat": marked(
        "%(who)s has provided or supported the secretariat of the consultative process “%(process)s” since %(year)s."
    ),
}
"""The same where it is on record when it began: English has another tense then."""


def membership(site: Site, thing: Thing, language: str) -> Profile:
    """A sentence that says all of it, and the same piece by piece, with how certain it is, also where it is certain."""
    agents, processes = objects(thing, _CG + "agent"), objects(thing, _CG + "process")
    roles, since, year = (objects(thing, _CG + name) for name in ("role", "since", "year"))
    _, note, source = remarks(thing, language)
    told = facts(
        Fact(marked("Who"), said(agents)),
        Fact(marked("In the process"), said(processes)),
        Fact(marked("In the capacity of"), said(roles)),
        Fact(marked("Since"), tuple(Said(text=each) for each in since)),
        Fact(marked("Year"), tuple(Said(text=each) for each in year)),
        Fact(marked("Certainty"), said(objects(thing, _CG + "confidence"))),
        note,
        source,
    )
    unknown = () if since or year else (marked("When it began is not on record."),)
    return Profile(_sentence(site, agents, processes, roles, since, year, language), language, told, unknown)


def _sentence(
    site: Site,
    agents: list[str],
    processes: list[str],
    roles: list[str],
    since: list[str],
    year: list[str],
    language: str,
) -> str:
    """All of it in one sentence; nothing where somebody wrote a membership that lacks one of its ends."""
    role = roles[0].removeprefix(_ROLES) if roles else ""
    pattern = _SENTENCES.get(role)
    if not (agents and processes and pattern):
        return ""
    labels = site.labels((agents[0], processes[0]))
    who, process = (in_language(labels.get(iri, {}), language)[0] or iri for iri in (agents[0], processes[0]))
    gettext = translations(language).gettext
    if since and role in _SINCE:
        return gettext(_SINCE[role]) % {"who": who, "process": process, "year": since[0]}
    sentence = gettext(pattern) % {"who": who, "process": process}
    return (gettext("%(sentence)s in %(year)s.") % {"sentence": sentence, "year": year[0]}) if year else sentence + "."
