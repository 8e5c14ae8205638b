"""Where an IRI leads on this site, and how it is written short."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote, urlencode

from starlette.requests import Request

from crmgraph.http.languages import LANGUAGES, preferred
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.site.base.site import Site

__all__ = [
    "Links",
    "address_of",
    "address_to",
    "language_of",
    "links_of",
    "origin_of",
    "path_of",
    "section_of",
    "untagged",
]

_SAFE = "/:@!$&'()*+,;=-._~"


@dataclass(frozen=True)
class Links:
    """Leads from IRIs to pages of this site: `root` is the path that the site is mounted under, without a slash."""

    names: Names
    root: str = ""

    def page(self, language: str, path: str) -> str:
        """The address of a page in a language: `page("es", "/findings")` is `/es/findings`."""
        return f"{self.root}/{language}{path}"

    def data(self, path: str) -> str:
        """The address of something that has no language, such as a dump or a style sheet."""
        return self.root + path

    def path(self, iri: str) -> str | None:
        """The path of the page about one of our own IRIs, without language or root; None for anything else."""
        for space, folder in ((self.names.id(), "/id/"), (self.names.graph(), "/graph/")):
            if iri.startswith(space):
                return folder + quote(unquote(iri.removeprefix(space)), safe=_SAFE)
        if iri == ONTOLOGY or iri.startswith((ONTOLOGY + "#", ONTOLOGY + "/")):
            return "/ontology" + iri.removeprefix(ONTOLOGY)
        return None

    def target(self, iri: str, language: str) -> str | None:
        """The address that a link to this IRI leads to; None where it is no web address (a mail address, say)."""
        path = self.path(iri)
        if path is not None:
            return self.page(language, path)
        if iri.startswith(self.names.base):
            return self.data("/" + iri.removeprefix(self.names.base))
        return iri if iri.startswith(("http://", "https://")) else None

    def short(self, iri: str) -> str:
        """The IRI with a prefix in place of its namespace, by the longest that fits; else the IRI as it is."""
        fitting = (each for each in _spaces(self.names) if iri.startswith(each[0]))
        return next((f"{prefix}:{iri.removeprefix(space)}" for space, prefix in fitting), iri)

    def vocabulary(self, name: str) -> str:
        """The IRI of the concept scheme, or the version of the ontology, with this name."""
        return f"{ONTOLOGY}/{quote(name, safe='')}"

    def thing(self, path: str) -> str:
        """The IRI of the thing whose page is at `/id/` and this path (as the server decoded it)."""
        return self.names.id(quote(path, safe=_SAFE))


@cache
def _spaces(names: Names) -> tuple[tuple[str, str], ...]:
    """Each namespace with its prefix, the longest first."""
    return tuple(
        sorted(((space, prefix) for prefix, space in names.prefixes().items()), key=lambda each: -len(each[0]))
    )


_DIRECTORY = "/actors"
_UNDER = {
    "/plan/crm": "/plan",
    "/plan/": "/crosswalk",
    "/versions/": "/crosswalk",
    "/passages": "/id/source/crm",
    "/ontology/shapes": "/findings",
    "/id/plan/crm": "/plan",
    "/id/plan/": "/crosswalk",
    "/id/source/crm": "/id/source/crm",
    "/id/finding/": "/findings",
    **dict.fromkeys(("/id/process/", "/id/membership/", "/id/presidency/"), "/processes"),
    **dict.fromkeys(("/networks", "/instruments", "/meetings", "/states", "/topics", "/population-groups"), _DIRECTORY),
    **dict.fromkeys(("/id/actor/", "/id/country/", "/id/network/", "/id/instrument/", "/id/meeting/"), _DIRECTORY),
}
"""The beginnings of paths, those that are longer first, and the entries of the menu by their paths."""


def section_of(path: str) -> str:
    """The path of the entry; for most pages the first part of their own, which may be none."""
    return next((section for begin, section in _UNDER.items() if path.startswith(begin)), "/" + path.split("/")[1])


_TRACKING_PREFIX = "utm_"
_TRACKING_NAMES = frozenset({"fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid"})


def untagged(request: Request) -> str | None:
    """The address of the request without them, from the root of the server on; None where it has none.

    A page knows no such parameter, and refuses those that it does not know; whoever shared its address is not to blame.
    """
    given = request.query_params.multi_items()
    kept = [
        (name, value) for name, value in given if name not in _TRACKING_NAMES and not name.startswith(_TRACKING_PREFIX)
    ]
    if len(kept) == len(given):
        return None
    root, path = request.scope.get("root_path", "").rstrip("/"), request.scope["path"]
    whole = path if root and path.startswith(f"{root}/") else root + path
    return quote(whole) + (f"?{urlencode(kept)}" if kept else "")


def links_of(request: Request, site: Site) -> Links:
    """The links of the site as it is mounted for this request."""
    return Links(site.names, request.scope.get("root_path", "").rstrip("/"))


def language_of(request: Request) -> str:
    """The language that the path of the request begins with, else the one that the visitor likes best."""
    first = _path(request).lstrip("/").split("/")[0]
    return first if first in LANGUAGES else preferred(request.headers.get("accept-language"))


def path_of(request: Request) -> str:
    """The path of the request without the root and the language, such as `/findings`."""
    path = _path(request)
    for code in LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}") or "/"
    return path


def origin_of(request: Request) -> str:
    """The scheme and the host that the request was sent to, such as `https://example.org`."""
    return f"{request.url.scheme}://{request.url.netloc}"


def address_of(request: Request, site: Site, path: str) -> str:
    """The whole address of the page at this path, in the language of the request."""
    return origin_of(request) + links_of(request, site).page(language_of(request), path)


def address_to(request: Request, site: Site, iri: str) -> str:
    """The whole address of the page about one of our IRIs, in the language of the request."""
    return origin_of(request) + (links_of(request, site).target(iri, language_of(request)) or "")


def _path(request: Request) -> str:
    path: str = request.scope["path"]
    root: str = request.scope.get("root_path", "")
    return path.removeprefix(root) if root and path.startswith(root + "/") else path
