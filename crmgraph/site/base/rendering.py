"""The rendering of templates: the labels and symbols that they show, and the assets of the site."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from types import CodeType
from urllib.parse import parse_qs

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from crmgraph.errors import in_language as message_in
from crmgraph.files import STATIC
from crmgraph.http.languages import (
    format_day,
    format_days,
    format_duration,
    format_number,
    marked,
    translations,
)
from crmgraph.site.base.site import in_language

_BY_NAMESPACE = {
    "http://data.europa.eu/r5r/": {
        "availability": marked("planned availability"),
    },
    "http://purl.org/dc/terms/": {
        "accessRights": marked("access rights"),
        "accrualPeriodicity": marked("is updated"),
        "alternative": marked("called for short"),
        "bibliographicCitation": marked("to be cited as"),
        "conformsTo": marked("conforms to"),
        "contributor": marked("reviewed by"),
        "created": marked("created on"),
        "creator": marked("creator"),
        "date": marked("date"),
        "dateAccepted": marked("accepted on"),
        "description": marked("description"),
        "extent": marked("extent"),
        "format": marked("format"),
        "hasPart": marked("has part"),
        "identifier": marked("identifier"),
        "isPartOf": marked("is part of"),
        "issued": marked("issued on"),
        "language": marked("language"),
        "license": marked("licence"),
        "modified": marked("modified on"),
        "publisher": marked("publisher"),
        "rights": marked("rights"),
        "source": marked("source"),
        "spatial": marked("places concerned"),
        "temporal": marked("period concerned"),
        "title": marked("title"),
        "type": marked("type"),
    },
    "http://purl.org/ontology/bibo/": {
        "status": marked("status of the document"),
    },
    "http://purl.org/vocab/vann/": {
        "preferredNamespacePrefix": marked("preferred prefix"),
        "preferredNamespaceUri": marked("preferred namespace"),
    },
    "http://ldf.fi/void-ext#": {
        "datatype": marked("datatype"),
        "datatypePartition": marked("values by datatype"),
    },
    "http://rdfs.org/ns/void#": {
        "class": marked("class"),
        "classPartition": marked("divided by class"),
        "dataDump": marked("whole dataset as a file"),
        "distinctSubjects": marked("number of things described"),
        "entities": marked("number of things"),
        "exampleResource": marked("for example"),
        "feature": marked("is available as"),
        "linkPredicate": marked("property of the links"),
        "objectsTarget": marked("the links lead to"),
        "properties": marked("number of properties"),
        "property": marked("property"),
        "propertyPartition": marked("divided by property"),
        "sparqlEndpoint": marked("SPARQL endpoint"),
        "subjectsTarget": marked("the links begin in"),
        "subset": marked("has subset"),
        "triples": marked("number of triples"),
        "uriSpace": marked("addresses begin with"),
        "vocabulary": marked("uses the vocabulary"),
    },
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": {
        "first": marked("first of the list"),
        "object": marked("object of the statement"),
        "predicate": marked("predicate of the statement"),
        "rest": marked("rest of the list"),
        "subject": marked("subject of the statement"),
        "type": marked("is a"),
    },
    "http://www.w3.org/2000/01/rdf-schema#": {
        "comment": marked("comment"),
        "domain": marked("domain"),
        "isDefinedBy": marked("is defined by"),
        "label": marked("label"),
        "range": marked("range"),
        "seeAlso": marked("see also"),
        "subClassOf": marked("is a kind of"),
        "subPropertyOf": marked("is a special case of"),
    },
    "http://www.w3.org/2002/07/owl#": {
        "backwardCompatibleWith": marked("is compatible with version"),
        "differentFrom": marked("is different from"),
        "disjointWith": marked("shares no members with"),
        "incompatibleWith": marked("is not compatible with version"),
        "priorVersion": marked("version before"),
        "propertyChainAxiom": marked("follows from the chain"),
        "sameAs": marked("is the same as"),
        "versionIRI": marked("version"),
        "versionInfo": marked("version number"),
    },
    "http://www.w3.org/2004/02/skos/core#": {
        "altLabel": marked("also called"),
        "broadMatch": marked("is narrower than"),
        "broader": marked("has the broader concept"),
        "closeMatch": marked("is nearly the same as"),
        "definition": marked("definition"),
        "editorialNote": marked("editorial note"),
        "exactMatch": marked("is exactly equivalent to"),
        "example": marked("example"),
        "hasTopConcept": marked("has top concept"),
        "hiddenLabel": marked("also recognised as"),
        "inScheme": marked("is in the scheme"),
        "narrowMatch": marked("is broader than"),
        "narrower": marked("has the narrower concept"),
        "notation": marked("notation"),
        "note": marked("note"),
        "prefLabel": marked("label"),
        "relatedMatch": marked("is related to"),
        "scopeNote": marked("scope note"),
        "topConceptOf": marked("is a top concept of"),
    },
    "http://www.w3.org/ns/dcat#": {
        "accessService": marked("is served by"),
        "accessURL": marked("is to be found at"),
        "compressFormat": marked("compressed as"),
        "dataset": marked("has the dataset"),
        "distribution": marked("is available in the form"),
        "downloadURL": marked("is downloaded from"),
        "endDate": marked("until"),
        "endpointDescription": marked("description of the service"),
        "endpointURL": marked("address of the service"),
        "keyword": marked("keywords"),
        "landingPage": marked("front page"),
        "mediaType": marked("media type"),
        "servesDataset": marked("serves the dataset"),
        "service": marked("has the service"),
        "startDate": marked("from"),
        "theme": marked("theme in the EU’s list"),
        "themeTaxonomy": marked("list of themes"),
        "version": marked("version"),
    },
    "http://www.w3.org/ns/org#": {
        "member": marked("member"),
        "memberOf": marked("member of"),
        "organization": marked("organisation"),
        "role": marked("role in the organisation"),
    },
    "http://www.w3.org/ns/prov#": {
        "wasAttributedTo": marked("attributed to"),
        "wasDerivedFrom": marked("was derived from"),
    },
    "http://www.w3.org/ns/shacl#": {
        "declare": marked("declares the prefix"),
        "group": marked("group of checks"),
        "namespace": marked("namespace"),
        "order": marked("place among the groups"),
        "prefix": marked("prefix"),
        "prefixes": marked("prefixes"),
        "select": marked("query"),
        "severity": marked("severity"),
        "sourceShape": marked("found by the check"),
    },
    "http://xmlns.com/foaf/0.1/": {
        "homepage": marked("home page"),
        "logo": marked("logo"),
        "name": marked("name"),
        "page": marked("web page"),
    },
    "https://schema.org/": {
        "keywords": marked("keywords"),
        "position": marked("position"),
        "sameAs": marked("is the same as"),
        "target": marked("asked at"),
    },
    "https://w3id.org/sssom/": {
        "confidence": marked("certainty"),
        "mapping_justification": marked("how the mapping was made"),
    },
}

PROPERTY_NAMES = {space + name: label for space, names in _BY_NAMESPACE.items() for name, label in names.items()}
"""The English labels of properties of other vocabularies, marked for translation, by IRI."""

SEVERITIES = {"violation": marked("error"), "warning": marked("warning"), "info": marked("information")}
"""The English labels of the severities of findings, marked for translation, the most severe first."""

SEVERITY_ORDER = tuple(SEVERITIES)
"""The severities of findings, the most severe first."""

QUESTION_GROUPS = {
    "actors": marked("Who does what"),
    "time": marked("When, where and how far"),
    "themes-and-groups": marked("Topics and population groups"),
    "instruments": marked("Instruments, programmes and funds"),
    "networks": marked("Networks and their work plans"),
    "gaps": marked("What is missing or inconsistent"),
    "correspondences": marked("Correspondences with other plans"),
    "processes": marked("Consultative processes and who takes part"),
    "structure": marked("How the plan is structured"),
    "names": marked("How the plan names things"),
    "provenance": marked("Where an answer comes from"),
}
"""The English labels of the groups of the library's questions, marked for translation, in display order."""

_STATUS_LOOKS = {
    "done": ("M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z", "good"),
    "launched": ("M-5 -5.5l10.5 5.5l-10.5 5.5z", "good"),
    "in-progress": ("M-4.5 -4.5h9v9h-9z", "busy"),
    "continuous": ("M-6 -3.5h12v7h-12z", "busy"),
    "by-agreement": ("M0 -6l6 6l-6 6l-6 -6z", "open"),
    "to-be-scheduled": ("M0 -5l5 5l-5 5l-5 -5z", "wait hollow"),
    "pending": ("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", "wait hollow"),
    "postponed": ("M-4 -4h8v8h-8z", "wait hollow"),
    "suspended": ("M-4.5 -5h3v10h-3zM1.5 -5h3v10h-3z", "wait"),
    "no-progress": ("M-5 -1.5h10v3h-10z", "wait"),
    "incomplete": ("M0 -5a5 5 0 0 1 0 10z", "wait"),
    "not-started": ("M0 -4.5l5 9h-10z", "wait hollow"),
    "not-carried-out": ("M-4.5 -4.5l9 9M4.5 -4.5l-9 9", "bad hollow"),
    "cancelled": ("M-5 0h10M0 -5v10", "bad hollow"),
    "proposed-for-removal": ("M-4.5 -3h9l-4.5 7.5z", "bad hollow"),
}
"""The symbol of each status, in display order: an outline and a tone, as `outline_and_tone` returns them."""


def status_rank(status: str) -> int:
    """Return the position of a status in display order, by its local name; unknown statuses come last."""
    return list(_STATUS_LOOKS).index(status) if status in _STATUS_LOOKS else len(_STATUS_LOOKS)


def outline_and_tone(status: str) -> tuple[str, str]:
    """Return the symbol of a status in charts, by its local name: the data of an SVG path, and its CSS classes.

    The path is drawn around the point (0, 0). The first class is the tone, such as `good`; the second, `hollow`, is
    present if the outline is not filled. A status that is unknown or "" has a small hollow circle.
    """
    return _STATUS_LOOKS.get(status, ("M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z", "none hollow"))


@cache
def fingerprint(name: str) -> str:
    """Return the first 12 digits of the SHA-256 digest of an asset, or `0` if the asset does not exist.

    The addresses of assets contain their fingerprints, so that browsers can cache them for ever.
    """
    file = STATIC / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"


@cache
def inline_style_sheet(name: str) -> tuple[Markup, str]:
    """Return the text of a style sheet for a `<style>` element, and its hash source for a Content Security Policy.

    Source: Content Security Policy Level 3, section 2.3.1.
    """
    text = (STATIC / name).read_text("utf-8").strip()
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"'sha256-{digest}'"  # noqa: S704 - our own sheet, as the build made it


class Assets(StaticFiles):
    """The ASGI application that serves assets. If `?v=` is the fingerprint of the asset, it may be cached for ever."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with this path. Raises HTTPException 404 if there is none."""
        response = await super().get_response(path, scope)
        if parse_qs(scope["query_string"].decode("latin-1")).get("v") == [fingerprint(path)]:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def render_template(language: str, template: str, context: Mapping[str, object]) -> str:
    """Return the text of a template, rendered in a language with these variables."""
    return _environment(language).get_template(template).render({"language": language, **context})


class _CodeCache(BytecodeCache, dict[tuple[str, str], CodeType | None]):
    """The code of compiled templates, in memory."""

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self[bucket.key, bucket.checksum] = bucket.code


_TEMPLATE_CODE = _CodeCache()
"""The code of the templates, which is the same in all languages."""


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(STATIC.with_name("templates")),
        bytecode_cache=_TEMPLATE_CODE,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    messages = translations(language)
    environment.install_gettext_translations(messages, newstyle=True)  # type: ignore[attr-defined]

    environment.globals.update(
        in_language=in_language,
        message_in=message_in,
        number=lambda value: format_number(value, language),
        duration=lambda value: format_duration(value, language),
        day=lambda value: format_day(value, language),
        days=lambda first, last: format_days(first, last, language),
        common_label=lambda iri: messages.gettext(PROPERTY_NAMES.get(iri, "")),
        severity_label=lambda name: messages.gettext(str(SEVERITIES.get(name, name))),
        outline_and_tone=outline_and_tone,
        group_label=lambda name: messages.gettext(str(QUESTION_GROUPS.get(name, name))),
    )
    return environment
