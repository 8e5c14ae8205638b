"""Metadata of the dataset and of pages: the catalogue, citations, and schema.org descriptions for search engines."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import yaml

from crmgraph.http.languages import format_day, translations
from crmgraph.site.base.site import Record, Site
from crmgraph.sparql.engine import short_name_of
from crmgraph.sparql.formats import Format

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
    entries = site.records(
        _CATALOG % {"language": language},
        "kind",
        "iri",
        language=language,
        texts=("title", "description"),
        lists=("keywords",),
        is_cached=True,
    )
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

_INNER_QUOTES = {"en": str.maketrans("“”", "‘’"), "es": str.maketrans("«»", "“”")}
"""Translation tables from outer to inner quotation marks, by language."""

_TEX_ESCAPES = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "{}$&#_%"},
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
    }
)
"""A translation table from characters that are special in TeX to what prints them."""


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
        version = gettext("version %(version)s") if self.version else ""
        digest = gettext("data %(digest)s") if self.digest else ""
        values["whole"] = ", ".join([self.title, *(each % values for each in (version, digest) if each)])
        if self.part:
            return str(gettext("%(by)s. “%(part)s”, in: %(whole)s. %(url)s (accessed on %(accessed)s).") % values)
        return str(gettext("%(by)s. %(whole)s. %(url)s (accessed on %(accessed)s).") % values)

    def bibtex(self) -> str:
        """Return an entry for BibTeX and BibLaTeX. Its key depends only on the address and the digest."""
        fields = {
            "author": f"{{{self.publisher.translate(_TEX_ESCAPES)}}}",
            "title": f"{{{(self.part or self.title).translate(_TEX_ESCAPES)}}}",
            # Styles print no booktitle of an entry of this kind.
            "howpublished": self.title.translate(_TEX_ESCAPES) if self.part else "",
            "year": self._year,
            "version": self.version,
            "note": self._note.translate(_TEX_ESCAPES),
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
        return (
            str(translations(self.language).gettext("Data %(digest)s") % {"digest": self.digest}) if self.digest else ""
        )

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
        return json.dumps([_without_empty(item)], ensure_ascii=False, indent=2)

    def _cff(self) -> str:
        """Return the citation in the Citation File Format (1.2.0)."""
        is_known = self.license.rstrip("/") == "https://creativecommons.org/licenses/by/4.0"
        document = {
            "cff-version": "1.2.0",
            "message": translations(self.language).gettext("If you use these data, please cite them as below."),
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
        return str(yaml.safe_dump(_without_empty(document), allow_unicode=True, sort_keys=False, width=120))


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


def dataset_json_ld(catalog: Record, address: str) -> dict[str, Any]:
    """Return the schema.org description of the dataset and its distributions, without what the catalogue leaves open.

    `catalog` is the entry of the dataset in the catalogue (see `catalog`), `address` that of the page of the dataset.
    """
    distributions = [
        {
            "@type": "DataDownload",
            "@id": entry.iri,
            "name": _language_string(entry.title, entry.title_language),
            "description": _language_string(entry.description, entry.description_language),
            "contentUrl": entry.address,
            "encodingFormat": entry.media_type,
        }
        for entry in catalog.distributions
    ]
    return _without_empty(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": catalog.iri,
            "url": address,
            "name": _language_string(catalog.title, catalog.title_language),
            "description": _language_string(catalog.description, catalog.description_language),
            "license": catalog.license,
            "publisher": {"@id": catalog.publisher} if catalog.publisher else "",
            "datePublished": catalog.issued,
            "version": catalog.version,
            "keywords": [_language_string(word, catalog.title_language) for word in catalog.keywords],
            "distribution": [_without_empty(each) for each in distributions],
        }
    )


def _language_string(text: str, language: str) -> object:
    return {"@value": text, "@language": language} if text and language else text


def _without_empty(node: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value}
