"""What the dataset is, as its own catalogue says it."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

import yaml

from crmgraph.http.languages import format_day, marked, translations
from crmgraph.site.base.representations import HTML
from crmgraph.site.base.site import Row, Site, in_language
from crmgraph.sparql import Format
from crmgraph.sparql.states import name_of

__all__ = [
    "BIBTEX",
    "CFF",
    "CITATIONS",
    "CSL",
    "OFFERED",
    "RIS",
    "TEXT",
    "Catalog",
    "Citation",
    "Entry",
    "catalog",
    "cited",
]

_DATASET = """
SELECT ?x ?property ?value {
  GRAPH ?graph { ?x a dcat:Dataset ; ?property ?value }
  VALUES ?property {
    dcterms:title dcterms:description dcterms:license dcterms:publisher dcterms:issued owl:versionInfo dcat:keyword
    void:triples void:distinctSubjects void:sparqlEndpoint
  }
}"""
_PUBLISHER = """
SELECT ?property ?value {
  GRAPH ?graph { ?x a dcat:Dataset ; dcterms:publisher ?publisher . ?publisher foaf:name ?value }
  BIND (foaf:name AS ?property)
}"""
_ENTRIES = """
SELECT ?kind ?x ?property ?value {
  { VALUES ?kind { "graphs" } ?dataset a dcat:Dataset ; void:subset ?x . FILTER NOT EXISTS { ?x a void:Linkset } }
  UNION { VALUES ?kind { "linksets" } ?x a void:Linkset }
  UNION { VALUES ?kind { "distributions" } ?x a dcat:Distribution }
  VALUES ?property {
    rdfs:label dcterms:title dcterms:description void:triples dcat:accessURL dcat:mediaType dcterms:format
  }
  ?x ?property ?value
}"""

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True)
class Entry:
    """A graph, a set of links or a form in which the dataset is to be had."""

    iri: str
    title: str
    language: str
    description: str
    triples: int
    address: str
    media_type: str


@dataclass(frozen=True)
class Catalog:
    """The dataset: in words, by whom, since when (a date) and under which licence, and what it consists of."""

    iri: str
    title: str
    description: str
    language: str
    license: str
    publisher: str
    publisher_name: str
    issued: str
    version: str
    keywords: tuple[str, ...]
    triples: int
    things: int
    endpoint: str
    graphs: tuple[Entry, ...]
    linksets: tuple[Entry, ...]
    distributions: tuple[Entry, ...]


def catalog(site: Site, language: str) -> Catalog | None:
    """The catalogue of the dataset in this language; None where the data have none."""
    said = site.recall(_DATASET)
    if not said:
        return None
    title, spoken = _text(said, "title", language)
    rows = site.recall(_ENTRIES)
    return Catalog(
        iri=said[0]["x"].value,
        title=title,
        description=_text(said, "description", language)[0],
        language=spoken,
        license=_first(said, "license"),
        publisher=_first(said, "publisher"),
        publisher_name=_first(site.recall(_PUBLISHER), "name"),
        issued=_first(said, "issued"),
        version=_first(said, "versionInfo"),
        keywords=tuple(sorted(x["value"].value for x in _with(said, "keyword") if x["value"].language == language)),
        triples=int(_first(said, "triples") or 0),
        things=int(_first(said, "distinctSubjects") or 0),
        endpoint=_first(said, "sparqlEndpoint"),
        graphs=_entries(rows, "graphs", language),
        linksets=_entries(rows, "linksets", language),
        distributions=_entries(rows, "distributions", language),
    )


def _entries(rows: tuple[Row, ...], kind: str, language: str) -> tuple[Entry, ...]:
    listed: dict[str, list[Row]] = {}
    for row in rows:
        if row["kind"].value == kind:
            listed.setdefault(row["x"].value, []).append(row)
    return tuple(_entry(iri, tuple(said), language) for iri, said in sorted(listed.items()))


def _entry(iri: str, said: tuple[Row, ...], language: str) -> Entry:
    title, spoken = _text(said, "title", language)
    if not title:
        title, spoken = _text(said, "label", language)
    return Entry(
        iri=iri,
        title=title,
        language=spoken,
        description=_text(said, "description", language)[0],
        triples=int(_first(said, "triples") or 0),
        address=_first(said, "accessURL"),
        media_type=_first(said, "mediaType").removeprefix(_MEDIA_TYPES),
    )


def _with(said: tuple[Row, ...], name: str) -> tuple[Row, ...]:
    """The rows whose property has this name, in whichever vocabulary."""
    return tuple(row for row in said if row["property"].value.replace("#", "/").endswith("/" + name))


def _first(said: tuple[Row, ...], name: str) -> str:
    return next((row["value"].value for row in _with(said, name)), "")


def _text(said: tuple[Row, ...], name: str, language: str) -> tuple[str, str]:
    return in_language({row["value"].language: row["value"].value for row in _with(said, name)}, language)


TEXT = Format("txt", "TXT", "text/plain", "txt", "")
BIBTEX = Format("bib", "BibTeX", "application/x-bibtex", "bib", "")
RIS = Format("ris", "RIS", "application/x-research-info-systems", "ris", "")
CSL = Format("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", "csl", "")
CFF = Format("cff", "CFF", "application/yaml", "cff", "")

CITATIONS = (TEXT, BIBTEX, RIS, CSL, CFF)
OFFERED = (HTML, *CITATIONS)
"""Those that the address of the citation answers in."""


_AS_TEXT = marked("%(by)s. %(whole)s. %(url)s (accessed on %(accessed)s).")
_PART_AS_TEXT = marked("%(by)s. “%(part)s”, in: %(whole)s. %(url)s (accessed on %(accessed)s).")
_VERSION = marked("version %(version)s")
_DATA = marked("data %(digest)s")
_NOTE = marked("Data %(digest)s")
_MESSAGE = marked("If you use these data, please cite them as below.")
_WITHIN = {"en": str.maketrans("“”", "‘’"), "es": str.maketrans("«»", "“”")}
_SPECIAL = re.compile(r"[\\{}$&#^_~%]")
_ESCAPED = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


@dataclass(frozen=True)
class Citation:
    """The dataset, or a `part` of it (empty for all), as it is in a language on the day that somebody looks at it.

    `issued` is the day on which the dataset came out, `digest` what tells the data from others, and `license` the
    address of the licence; with the version, they are empty where the data do not say them.
    """

    title: str
    part: str
    publisher: str
    issued: str
    version: str
    digest: str
    license: str
    url: str
    accessed: date
    language: str

    def write(self, form: Format) -> str:
        """The citation in one of the forms, with a line end."""
        writers = {BIBTEX: self.bibtex, RIS: self._ris, CSL: self._csl, CFF: self._cff}
        return writers.get(form, self.text)().rstrip("\n") + "\n"

    def text(self) -> str:
        """The citation in a sentence."""
        say = translations(self.language).gettext
        version, data = (_VERSION if self.version else ""), (_DATA if self.digest else "")
        said = {
            **vars(self),
            # As every page shows it: the other forms have all of it.
            "digest": self.digest[:12],
            "by": f"{self.publisher} ({self._year})" if self._year else self.publisher,
            # What is quoted within quotation marks has others.
            "part": self.part.translate(_WITHIN[self.language]),
            "accessed": format_day(self.accessed.isoformat(), self.language),
        }
        said["whole"] = ", ".join([self.title, *(say(each) % said for each in (version, data) if each)])
        return str(say(_PART_AS_TEXT if self.part else _AS_TEXT) % said)

    def bibtex(self) -> str:
        """An entry for BibTeX and BibLaTeX, whose key depends on the address and the data alone."""
        fields = {
            "author": f"{{{_tex(self.publisher)}}}",
            "title": f"{{{_tex(self._name)}}}",
            # Of an entry of this kind styles print no booktitle.
            "howpublished": _tex(self.title) if self.part else "",
            "year": self._year,
            "version": self.version,
            "note": _tex(self._note),
            "url": self.url,
            "urldate": self.accessed.isoformat(),
            "language": "spanish" if self.language == "es" else "english",
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{self._key},\n{body}\n}}"

    @property
    def _year(self) -> str:
        return self.issued[:4]

    @property
    def _name(self) -> str:
        return self.part or self.title

    @property
    def _key(self) -> str:
        """What tells the citation from others: the data, and of a part its address too."""
        part = hashlib.sha256(f"{self.url}\n{self.digest}".encode()).hexdigest()[:8]
        return f"crmgraph-{part if self.part else self.digest[:12]}"

    @property
    def _note(self) -> str:
        return str(translations(self.language).gettext(_NOTE) % {"digest": self.digest}) if self.digest else ""

    def _ris(self) -> str:
        fields = [
            ("TY", "DATA"),
            ("AU", self.publisher),
            ("TI", self._name),
            ("T2", self.title if self.part else ""),
            ("PY", self._year),
            ("ET", self.version),
            ("N1", self._note),
            ("UR", self.url),
            ("Y2", self.accessed.strftime("%Y/%m/%d")),
            ("LA", self.language),
            ("ER", ""),
        ]
        return "\r\n".join(f"{tag}  - {value}" for tag, value in fields if value or tag == "ER")

    def _csl(self) -> str:
        item = {
            "id": self._key,
            "type": "dataset",
            "title": self._name,
            "container-title": self.title if self.part else "",
            "author": [{"literal": self.publisher}],
            "issued": self.issued and {"date-parts": [[int(each) for each in self.issued.split("-")]]},
            "version": self.version,
            "note": self._note,
            "URL": self.url,
            "accessed": {"date-parts": [[self.accessed.year, self.accessed.month, self.accessed.day]]},
            "language": self.language,
        }
        return json.dumps([{name: said for name, said in item.items() if said}], ensure_ascii=False, indent=2)

    def _cff(self) -> str:
        """The Citation File Format (1.2.0)."""
        document = {
            "cff-version": "1.2.0",
            "message": translations(self.language).gettext(_MESSAGE),
            "type": "dataset",
            "title": f"{self.part} – {self.title}" if self.part else self.title,
            "authors": [{"name": self.publisher}],
            "version": self.version,
            "date-released": self.issued,
            "identifiers": self.digest and [{"type": "other", "value": self.digest, "description": "digest"}],
            **self._license(),
            "url": self.url,
        }
        said = {name: value for name, value in document.items() if value}
        return str(yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120))

    def _license(self) -> dict[str, str]:
        """The licence by its name in SPDX where it is ours, else by its address."""
        is_ours = self.license.rstrip("/") == "https://creativecommons.org/licenses/by/4.0"
        return {"license": "CC-BY-4.0"} if is_ours else {"license-url": self.license}


def cited(site: Site, path: str, part: str, language: str) -> Citation:
    """How what is at a path (without a language) is cited today; the dataset as a whole where `part` has no name."""
    about = catalog(site, language)
    return Citation(
        title=about.title if about else "crmgraph",
        part=part,
        publisher=(about and about.publisher_name) or "crmgraph",
        issued=about.issued if about else "",
        version=about.version if about else "",
        digest=name_of(site.state),
        license=about.license if about else "",
        url=site.names.base + path.removeprefix("/"),
        accessed=datetime.now(UTC).date(),
        language=language,
    )


def _tex(text: str) -> str:
    """The text as TeX reads it."""
    return _SPECIAL.sub(lambda found: _ESCAPED.get(found[0], "\\" + found[0]), text)
