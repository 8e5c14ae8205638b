"""Where an IRI leads on this site, and how it is written short."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote

from crmgraph.namespaces import ONTOLOGY, Names

__all__ = ["Links"]

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
