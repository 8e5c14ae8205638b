"""Metadata of the dataset and of pages: the catalogue, citations, and schema.org descriptions for search engines."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import Any

import yaml
from pyoxigraph import NamedNode, RdfFormat, parse

from crmgraph.files import resource
from crmgraph.http.languages import format_day, marked, translations
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.site.base.addresses import HTML
from crmgraph.site.base.site import Record, Site, Term
from crmgraph.sparql import Format
from crmgraph.sparql.engine import short_name_of

_CATALOG = """
SELECT ?kind ?iri ?title ?description ?license ?publisher ?publisher_name ?issued ?version ?keywords ?triples ?things
  ?endpoint ?address ?media_type {
  { GRAPH ?graph { ?iri a dcat:Dataset } VALUES ?kind { "dataset" } }
  UNION
  { ?dataset a dcat:Dataset ; void:subset ?iri . FILTER NOT EXISTS { ?iri a void:Linkset } VALUES ?kind { "graphs" } }
  UNION { VALUES ?kind { "linksets" } ?iri a void:Linkset }
  UNION { VALUES ?kind { "distributions" } ?iri a dcat:Distribution }
  OPTIONAL {
    ?iri dcterms:title|rdfs:label ?title
    FILTER (EXISTS { ?iri dcterms:title ?title } || NOT EXISTS { ?iri dcterms:title ?any })
  }
  OPTIONAL { ?iri dcterms:description ?description }
  OPTIONAL { ?iri dcterms:license ?license }
  OPTIONAL { ?iri dcterms:publisher ?publisher OPTIONAL { ?publisher foaf:name ?publisher_name } }
  OPTIONAL { ?iri dcterms:issued ?issued }
  OPTIONAL { ?iri owl:versionInfo ?version }
  OPTIONAL { ?iri dcat:keyword ?keywords FILTER (LANG(?keywords) = "%(language)s") }
  OPTIONAL { ?iri void:triples ?counted }
  OPTIONAL { ?iri void:distinctSubjects ?subjects }
  BIND (COALESCE(?counted, 0) AS ?triples) BIND (COALESCE(?subjects, 0) AS ?things)
  OPTIONAL { ?iri void:sparqlEndpoint ?endpoint }
  OPTIONAL { ?iri dcat:accessURL ?address }
  OPTIONAL { ?iri dcat:mediaType ?type BIND (STRAFTER(STR(?type), "/media-types/") AS ?media_type) }
} ORDER BY ?kind ?iri ?keywords"""
_ENTRY_LISTS = ("graphs", "linksets", "distributions")


def catalog(site: Site, language: str) -> Record | None:
    """Return the entry of the dataset in the catalogue (DCAT, VoID), or None if the data have no catalogue.

    Texts are in `language` if they exist in it. Attributes of the entry, "" if the catalogue does not state them:

        iri, license, publisher, endpoint, address: IRIs; `address` is that of a download.
        title, description, publisher_name, version, media_type: texts.
        title_language, description_language: the languages of these texts.
        issued: the date of publication.
        keywords: a list of texts.
        triples, things: numbers of triples and of distinct subjects, 0 if not stated.
        graphs, linksets, distributions: lists of entries with the attributes above.
    """
    texts, lists = ("title", "description"), ("keywords",)
    query = _CATALOG % {"language": language}
    entries = site.records(query, "kind", "iri", language=language, texts=texts, lists=lists, is_cached=True)
    for found in (entry for entry in entries if entry.kind == "dataset"):
        return Record(
            **{**vars(found), **{kind: [each for each in entries if each.kind == kind] for kind in _ENTRY_LISTS}}
        )
    return None


TEXT = Format("txt", "TXT", "text/plain", "txt", "")
BIBTEX = Format("bib", "BibTeX", "application/x-bibtex", "bib", "")
RIS = Format("ris", "RIS", "application/x-research-info-systems", "ris", "")
CSL = Format("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", "csl", "")
CFF = Format("cff", "CFF", "application/yaml", "cff", "")

CITATION_FORMS = (TEXT, BIBTEX, RIS, CSL, CFF)
"""The formats of a citation."""

CITE_FORMS = (HTML, *CITATION_FORMS)
"""The formats of the page `/cite`."""

_AS_TEXT = marked("%(by)s. %(whole)s. %(url)s (accessed on %(accessed)s).")
_PART_AS_TEXT = marked("%(by)s. “%(part)s”, in: %(whole)s. %(url)s (accessed on %(accessed)s).")
_VERSION_AS_TEXT = marked("version %(version)s")
_DIGEST_AS_TEXT = marked("data %(digest)s")
_NOTE = marked("Data %(digest)s")
_CFF_MESSAGE = marked("If you use these data, please cite them as below.")
_INNER_QUOTES = {"en": str.maketrans("“”", "‘’"), "es": str.maketrans("«»", "“”")}
"""Translation tables from outer to inner quotation marks, by language."""

_TEX_SPECIAL = re.compile(r"[\\{}$&#^_~%]")
_TEX_ESCAPES = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


class Citation(Record):
    """A citation of the dataset or of one of its pages.

    Attributes:
        title: the title of the dataset.
        part: the title of the cited page; "" for the whole dataset.
        publisher: the name of the publisher.
        issued: the date when the dataset was published, or "".
        version: the version of the dataset, or "".
        digest: the digest that identifies the state of the data, or "".
        license: the address of the licence, or "".
        url: the address that is cited.
        accessed: the day when the data were accessed.
        language: the language of the citation, `es` or `en`.
    """

    def write(self, form: Format) -> str:
        """Return the citation in one of CITATION_FORMS, with a line break at the end."""
        writers = {BIBTEX: self.bibtex, RIS: self._ris, CSL: self._csl, CFF: self._cff}
        return writers.get(form, self.text)().rstrip("\n") + "\n"

    def text(self) -> str:
        """Return the citation as a sentence, with the first 12 digits of the digest."""
        gettext = translations(self.language).gettext
        values = {
            **vars(self),
            "digest": self.digest[:12],
            "by": f"{self.publisher} ({self._year})" if self._year else self.publisher,
            "part": self.part.translate(_INNER_QUOTES[self.language]),
            "accessed": format_day(self.accessed.isoformat(), self.language),
        }
        details = [_VERSION_AS_TEXT if self.version else "", _DIGEST_AS_TEXT if self.digest else ""]
        values["whole"] = ", ".join([self.title, *(gettext(each) % values for each in details if each)])
        return str(gettext(_PART_AS_TEXT if self.part else _AS_TEXT) % values)

    def bibtex(self) -> str:
        """Return an entry for BibTeX and BibLaTeX. Its key depends only on the address and the digest."""
        fields = {
            "author": f"{{{_escape_tex(self.publisher)}}}",
            "title": f"{{{_escape_tex(self.part or self.title)}}}",
            # Styles print no booktitle of an entry of this kind.
            "howpublished": _escape_tex(self.title) if self.part else "",
            "year": self._year,
            "version": self.version,
            "note": _escape_tex(self._note),
            "url": self.url,
            "urldate": self.accessed.isoformat(),
            "language": "spanish" if self.language == "es" else "english",
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{self._key},\n{body}\n}}"

    @property
    def _year(self) -> str:
        return str(self.issued[:4])

    @property
    def _key(self) -> str:
        part = hashlib.sha256(f"{self.url}\n{self.digest}".encode()).hexdigest()[:8]
        return f"crmgraph-{part if self.part else self.digest[:12]}"

    @property
    def _note(self) -> str:
        return str(translations(self.language).gettext(_NOTE) % {"digest": self.digest}) if self.digest else ""

    def _ris(self) -> str:
        fields = {
            "TY": "DATA",
            "AU": self.publisher,
            "TI": self.part or self.title,
            "T2": self.title if self.part else "",
            "PY": self._year,
            "ET": self.version,
            "N1": self._note,
            "UR": self.url,
            "Y2": self.accessed.strftime("%Y/%m/%d"),
            "LA": self.language,
        }
        return "".join(f"{tag}  - {value}\r\n" for tag, value in fields.items() if value) + "ER  - "

    def _csl(self) -> str:
        item = {
            "id": self._key,
            "type": "dataset",
            "title": self.part or self.title,
            "container-title": self.title if self.part else "",
            "author": [{"literal": self.publisher}],
            "issued": self.issued and {"date-parts": [[int(each) for each in self.issued.split("-")]]},
            "version": self.version,
            "note": self._note,
            "URL": self.url,
            "accessed": {"date-parts": [[self.accessed.year, self.accessed.month, self.accessed.day]]},
            "language": self.language,
        }
        return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2)

    def _cff(self) -> str:
        """Return the citation in the Citation File Format (1.2.0)."""
        is_known = self.license.rstrip("/") == "https://creativecommons.org/licenses/by/4.0"
        document = {
            "cff-version": "1.2.0",
            "message": translations(self.language).gettext(_CFF_MESSAGE),
            "type": "dataset",
            "title": f"{self.part} – {self.title}" if self.part else self.title,
            "authors": [{"name": self.publisher}],
            "version": self.version,
            "date-released": self.issued,
            "identifiers": self.digest and [{"type": "other", "value": self.digest, "description": "digest"}],
            "license": "CC-BY-4.0" if is_known else "",
            "license-url": "" if is_known else self.license,
            "url": self.url,
        }
        values = {name: value for name, value in document.items() if value}
        return str(yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=120))


def citation_of(site: Site, path: str, part: str, language: str) -> Citation:
    """Return the citation of a page, or of the whole dataset, as accessed today.

    Arguments:
        site: the site, whose catalogue has the metadata.
        path: the path of the page, without a language.
        part: the title of the page; "" to cite the whole dataset.
        language: the language of the citation.
    """
    about = catalog(site, language)
    return Citation(
        title=about.title if about else "crmgraph",
        part=part,
        publisher=(about and about.publisher_name) or "crmgraph",
        issued=about.issued if about else "",
        version=about.version if about else "",
        digest=short_name_of(site.state),
        license=about.license if about else "",
        url=site.names.base + path.removeprefix("/"),
        accessed=datetime.now(UTC).date(),
        language=language,
    )


def _escape_tex(text: str) -> str:
    return _TEX_SPECIAL.sub(lambda found: _TEX_ESCAPES.get(found[0], "\\" + found[0]), text)


JsonLd = dict[str, Any]
"""A JSON-LD node object."""

_CONTEXT = "https://schema.org/"
_SCHEMA = PREFIXES["schema"]
_SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
# The usual equivalents of SKOS classes in schema.org (DCAT 3, appendix C.1).
_SKOS_EQUIVALENTS = {PREFIXES["skos"] + "Concept": "DefinedTerm", PREFIXES["skos"] + "ConceptScheme": "DefinedTermSet"}
_NAME_PROPERTIES = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_TEXT_PROPERTIES = {
    "alternateName": (PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "notation"),
    "description": (PREFIXES["skos"] + "definition", PREFIXES["dcterms"] + "description"),
    "identifier": (PREFIXES["dcterms"] + "identifier",),
    "position": (ONTOLOGY + "#number",),
    "text": (ONTOLOGY + "#text",),
}
_LINK_PROPERTIES = {
    "isPartOf": (PREFIXES["dcterms"] + "isPartOf",),
    "inDefinedTermSet": (PREFIXES["skos"] + "inScheme",),
    "sameAs": (PREFIXES["owl"] + "sameAs", PREFIXES["skos"] + "exactMatch"),
}


@cache
def _schema_org_classes() -> Mapping[str, str]:
    """Return the local names of superclasses in schema.org, by the IRIs of their subclasses.

    The subclass axioms are those of the ontology and of its alignment with schema.org.
    """
    files = (resource("ontology") / "crmgraph.ttl", resource("ontology") / "alignments" / "schema.ttl")
    found = dict(_SKOS_EQUIVALENTS)
    for file in files:
        for quad in parse(file.read_bytes(), RdfFormat.TURTLE):
            above = quad.object.value if isinstance(quad.object, NamedNode) else ""
            if quad.predicate == _SUBCLASS and above.startswith(_SCHEMA) and isinstance(quad.subject, NamedNode):
                found[quad.subject.value] = above.removeprefix(_SCHEMA)
    return found


def thing_json_ld(
    iri: str,
    types: Sequence[str],
    values: Mapping[str, Sequence[Term]],
    trail: Sequence[tuple[str, str]],
    address: Callable[[str], str],
) -> list[JsonLd]:
    """Return the schema.org description of a thing and, if it is part of a plan, of its breadcrumb trail.

    Arguments:
        iri: the IRI of the thing.
        types: the IRIs of its classes.
        values: its values, by the IRIs of properties.
        trail: the breadcrumb trail, from the plan to the thing: the IRI and the name of each step. It may be empty.
        address: returns the address of the page about an IRI.
    """
    kinds = sorted({_schema_org_classes()[name] for name in types if name in _schema_org_classes()}) or ["Thing"]
    names = _language_texts(values, _NAME_PROPERTIES)
    node = _node(
        kinds[0] if len(kinds) == 1 else kinds,
        iri,
        address(iri),
        names[0] if len(names) == 1 else names,
        additionalType=[name for name in types if not name.startswith(_SCHEMA)],
        **{name: _language_texts(values, properties) for name, properties in _TEXT_PROPERTIES.items()},
        **{
            name: [{"@id": term.value} for term in _terms(values, properties) if term.is_iri]
            for name, properties in _LINK_PROPERTIES.items()
        },
    )
    steps = [
        {"@type": "ListItem", "position": place, "name": name, "item": address(step)}
        for place, (step, name) in enumerate(trail, start=1)
    ]
    breadcrumbs = {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": steps}
    return [node, *([breadcrumbs] if steps else [])]


def dataset_json_ld(catalog: Record, address: str) -> list[JsonLd]:
    """Return the schema.org description of the dataset and its distributions.

    `catalog` is the entry of the dataset in the catalogue (see `catalog`), `address` that of the page of the dataset.
    """
    node = _node(
        "Dataset",
        catalog.iri,
        address,
        _language_string(catalog.title, catalog.title_language),
        description=_language_string(catalog.description, catalog.description_language),
        license=catalog.license,
        publisher={"@id": catalog.publisher} if catalog.publisher else None,
        datePublished=catalog.issued,
        version=catalog.version,
        keywords=[_language_string(word, catalog.title_language) for word in catalog.keywords],
        distribution=[
            _without_empty(
                {
                    "@type": "DataDownload",
                    "@id": entry.iri,
                    "name": _language_string(entry.title, entry.title_language),
                    "description": _language_string(entry.description, entry.description_language),
                    "contentUrl": entry.address,
                    "encodingFormat": entry.media_type,
                }
            )
            for entry in catalog.distributions
        ],
    )
    return [node]


def terms_json_ld(description: str, terms: Iterable[Record], iri: str, name: str, address: str) -> list[JsonLd]:
    """Return the schema.org description of a set of terms (DefinedTermSet), such as an ontology.

    Arguments:
        description: the description of the set.
        terms: the terms, each with an `iri`, a `label` and a `definition` in the language `definition_language`.
        iri: the IRI of the set.
        name: the name of the set.
        address: the address of its page.
    """
    defined = [
        _without_empty(
            {
                "@type": "DefinedTerm",
                "@id": term.iri,
                "name": term.label,
                "description": _language_string(term.definition, term.definition_language),
            }
        )
        for term in terms
    ]
    return [_node("DefinedTermSet", iri, address, name, description=description, hasDefinedTerm=defined)]


def _node(kind: object, iri: str, address: str, name: object, **values: object) -> JsonLd:
    """Return a node object of schema.org with these values. Empty values are left out."""
    return _without_empty({"@context": _CONTEXT, "@type": kind, "@id": iri, "url": address, "name": name, **values})


def _terms(values: Mapping[str, Sequence[Term]], properties: Iterable[str]) -> Iterator[Term]:
    return chain.from_iterable(values.get(name, ()) for name in properties)


def _language_texts(values: Mapping[str, Sequence[Term]], properties: Iterable[str]) -> list[object]:
    return [_language_string(term.value, term.language) for term in _terms(values, properties) if not term.is_iri]


def _language_string(text: str, language: str) -> object:
    return {"@value": text, "@language": language} if text and language else text


def _without_empty(node: JsonLd) -> JsonLd:
    return {name: value for name, value in node.items() if value not in ("", None, [], {})}
