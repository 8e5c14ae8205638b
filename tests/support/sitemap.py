"""The kinds of pages that the site has, one address or more of each: whoever adds a kind adds a line here."""

__all__ = ["ALONE", "LANGUAGES", "LARGE", "PAGES", "REFUSED", "localized"]

LANGUAGES = ("es", "en")

PAGES = (
    "/",
    "/plan",
    "/plan?topic=return&status=continuous",
    "/plan/bali",
    "/id/plan/crm",
    "/id/plan/crm/dh",
    "/id/plan/crm/pgm/7",
    "/id/plan/crm/pgm/7.1.1",
    "/id/plan/crm/vmd/1.2.1",
    "/id/source/crm",
    "/id/source/crm/13011-13115",
    "/id/country/MEX",
    "/id/actor/oim",
    "/id/process/rcm",
    "/id/instrument/mou-2006",
    "/id/meeting/crm-xiv",
    "/id/network/red-trata",
    "/id/membership/rcm-MEX",
    "/actors",
    "/networks",
    "/instruments",
    "/meetings",
    "/states",
    "/topics",
    "/topics/return",
    "/population-groups",
    "/pictures",
    "/pictures/responsibilities",
    "/pictures/responsibilities?view=network&theme=dh&role=acts",
    "/pictures/schedule",
    "/pictures/plan-tree",
    "/pictures/plan-tree?open=pgm/7",
    "/pictures/members",
    "/processes",
    "/crosswalk",
    "/crosswalk/crm/gcm",
    "/findings",
    "/findings?severity=warning&theme=dh",
    "/findings?by=place",
    "/findings/title-differs",
    "/findings/number-gap",
    "/ontology",
    "/ontology/status",
    "/ontology/severity",
    "/ontology/shapes",
    "/graph/plan/crm",
    "/graph/inferred",
    "/search",
    "/search?q=fondo+vulnerables",
    "/search?q=memorandun",
    "/search?q=xyzzyq",
    "/queries",
    "/queries?q=pendientes",
    "/queries/objective-contents",
    "/queries/theme-counts",
    "/queries/status-counts",
    "/sparql",
    "/passages?at=source/crm/13011-13115",
    "/explain",
    "/void",
    "/about",
    "/cite",
    "/cite?page=/id/country/MEX",
    "/downloads",
    "/api",
    "/status",
    "/accessibility",
)
"""The pages, by their paths without language."""

REFUSED = ("/explain?s=country/HND&p=cg:memberOf&o=process/none", "/nothing", "/findings/title-difers")
"""Addresses at which a page says with status 404 that there is nothing."""

ALONE = ("/sparql", "/passages")
"""Pages that are tools, with all that may be asked of them: their data have addresses of their own."""

LARGE = ("/sparql", "/pictures")
"""Pages that may be larger than others: the workbench, and pictures."""


def localized(paths: tuple[str, ...] = PAGES) -> list[str]:
    """The addresses of these pages in each language."""
    return [f"/{language}{path}" for language in LANGUAGES for path in paths]
